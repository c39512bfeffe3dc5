"""The corpus: files as suppliers send them, and what somebody who knows the supplier would say of each."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent / "corpus"


class Feed(BaseModel):
    """A file. `meanings` are those of its columns in order, `.` for one that is not asked about, `-` for none.

    `rejected` are the lines that must not be taken; `asks` the parts of the profile that only a person can settle. A
    text in ISO 8859-1 is the file's bytes, one sign each.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    text: str
    kind: str | None
    meanings: str
    rows: int
    rejected: tuple[int, ...] = ()
    encoding: str = "utf-8"
    delimiter: str | None = ","
    mark: str | None = None
    dates: str | None = None
    currency: str | None = None
    header: int = 1
    asks: tuple[str, ...] = ()

    @property
    def data(self) -> bytes:
        """The file."""
        return self.text.encode(self.encoding)


@lru_cache(maxsize=1)
def corpus() -> list[Feed]:
    """Every file."""
    found: list[Any] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        found += yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Feed.model_validate(each) for each in found]
