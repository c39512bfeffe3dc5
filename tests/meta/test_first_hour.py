"""The first hour on the first page, typed as it stands there: what it says happens."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.embedded import Embedded
from tests.cli.test_up import up

PAGE = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
PATIENCE = 3000
"""So often the hub is asked before it is said to be too slow; each asking takes some milliseconds."""


def block(word: str) -> str:
    """The one block of commands with this word in it."""
    (found,) = [text for text in BLOCKS if word in text]
    return str(found)


def until(ask: Callable[[], Any]) -> Any:
    """What is asked for, once it is there."""
    for _ in range(PATIENCE):
        if found := ask():
            return found
    raise AssertionError("It did not happen.")


@dataclass
class Reader:
    """Somebody who types what the page says, at home in a folder of the test's."""

    environment: dict[str, str]

    def types(self, text: str) -> str:
        """The commands of a block, in bash; every one of them must go well."""
        done = subprocess.run(
            ["bash", "-euc", text],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def reader(servers: Embedded, database_url: str, tmp_path: Path) -> Reader:
    environment = {
        "HOME": str(tmp_path),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DATABASE_URL": database_url,
        "REDIS_URL": servers.redis_url,
        "FAROS_MASTER_KEY": "ab" * 32,
    }
    return Reader(environment)


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("openssl")), reason="The page uses both.")
def test_the_first_hour_goes_as_the_page_says(reader: Reader, tmp_path: Path) -> None:
    shop = tmp_path / "faros-shop"
    reader.types(block("faros init").partition("\n")[2].replace(" && faros up", ""))
    with up(shop, reader.environment) as running:
        base = running.until(r"The hub answers at (http://[\d.:]+)\. The admin key")[1]
        running.until("Ctrl-C ends everything")
        shopping = block("buy()").replace("http://127.0.0.1:8000", base)
        key = (shop / ".faros" / "api-key").read_text().strip()
        with httpx.Client(base_url=base, headers={"authorization": f"Bearer {key}"}) as client:
            reader.types(shopping)
            assert until(lambda: _bought(client)) == [("workshop-east", "S-000001")]

            # The next terminal line knows the functions typed before it; a new bash has to be told.
            known = shopping.partition("curl -sS $DOUBLES/supplier_api")[0]
            reader.types(known + block("buy 5002"))
            cases = until(lambda: _both_waiting(client))
            assert {n: c["kind"] for n, c in cases.items()} == {"1002": "stock", "1003": "effect-in-doubt"}
            assert cases["1003"]["title"] in PAGE

        told = reader.types(known + block("openapi.json"))
        answers = ('"status":"ok"', '"number":"1001"', '"kind":"stock"', '"flow":"route"', '"openapi":')
        assert [answer for answer in answers if answer not in told] == []


def _bought(client: httpx.Client) -> list[tuple[str, str]]:
    answer = client.get("/orders/1001")
    found = answer.json()["purchases"] if answer.status_code == 200 else []
    return [(p["supplier"], p["supplier_reference"]) for p in found if p["state"] == "confirmed"]


def _both_waiting(client: httpx.Client) -> dict[str, Any]:
    found = {case["subject"]: case for case in client.get("/cases").json()["items"]}
    return found if len(found) == 2 else {}
