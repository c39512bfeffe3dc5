"""Which files are new since the last look: pure, on a cursor that is kept with the events."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from connectors.supplier_csv.files import RemoteFile
from connectors.supplier_csv.settings import FileKind
from hub.sdk import Event
from hub.sdk.commerce import Internal

SETTLED_AFTER = timedelta(minutes=1)
"""A file that is listed the same after so long is one that nobody is still writing."""
FORGET_AFTER = timedelta(days=60)
"""A file that has not been listed for so long is forgotten."""


class FileReceived(Event):
    """A supplier's file is new or has changed. `content` is as it came, unread, in base64; `number` counts its
    versions.

    With `problem` there is no content: the file is larger than what is fetched.
    """

    match_fields = ("kind", "path")

    kind: FileKind
    path: Annotated[str, Internal()]
    number: int
    digest: str
    content: Annotated[str, Internal()]
    received_at: AwareDatetime
    problem: Literal["", "too-large"] = ""

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return base64.b64decode(self.content)

    def key(self) -> str:
        # A feed may come back to what it said before, so its contents alone do not name a version.
        return f"{self.path}#{self.number}@{self.digest[:16]}"

    def subject(self) -> str | None:
        return self.path

    def happened_at(self) -> datetime | None:
        return self.received_at


class Known(BaseModel):
    """One file: its stamp when last listed, since when it is so, whether that version was taken, how many were."""

    stamp: str
    since: AwareDatetime
    listed_at: AwareDatetime
    is_taken: bool = False
    digest: str = ""
    number: int = 0


class Ledger(BaseModel):
    """The cursor: when to look again, what is known of each file, and which were looked at in a round of many pages."""

    due_at: AwareDatetime | None = None
    files: Annotated[dict[str, Known], Field(max_length=20_000)] = {}
    visited: list[str] = []

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to look into the inboxes again."""
        return self.due_at is None or now >= self.due_at

    def ready(self, listed: Sequence[RemoteFile], now: datetime) -> list[RemoteFile]:
        """The files to take now: what has settled and was not taken yet, and what gives no stamp to tell by."""
        return [file for file in listed if self._note(file, now) and file.path not in self.visited]

    def _note(self, file: RemoteFile, now: datetime) -> bool:
        stamp = f"{file.size}:{file.stamp}" if file.stamp else ""
        known = self.files.get(file.path)
        if known is None or known.stamp != stamp:
            before = known or Known(stamp="", since=now, listed_at=now)
            known = before.model_copy(update={"stamp": stamp, "since": now, "is_taken": False})
        self.files[file.path] = known.model_copy(update={"listed_at": now})
        return not stamp or (not known.is_taken and now - known.since >= SETTLED_AFTER)

    def take(
        self, file: RemoteFile, kind: FileKind, content: bytes | None, now: datetime
    ) -> FileReceived | None:
        """The event for a file's content (None: too large); no event where only the content could tell that it is new,
        and it is as before or nothing."""
        known = self.files[file.path]
        self.visited.append(file.path)
        digest = hashlib.sha256(content).hexdigest() if content else ""
        if not file.stamp and (content == b"" or (digest == known.digest and known.number)):
            return None
        number = known.number + 1
        self.files[file.path] = known.model_copy(
            update={"is_taken": True, "digest": digest, "number": number}
        )
        return FileReceived(
            kind=kind,
            path=file.path,
            number=number,
            digest=digest,
            content=base64.b64encode(content or b"").decode(),
            received_at=now,
            problem="too-large" if content is None else "",
        )

    def rest(self, now: datetime, every: timedelta) -> None:
        """The round is over: look again after `every`, and sooner while something is being written."""
        self.visited = []
        self.files = {
            path: known for path, known in self.files.items() if now - known.listed_at < FORGET_AFTER
        }
        is_settling = any(known.stamp and not known.is_taken for known in self.files.values())
        self.due_at = now + (min(every, SETTLED_AFTER) if is_settling else every)
