"""A supplier of every kind of promise, whose memory is a file: it outlives every process that dies around it."""

import fcntl
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import orjson

from hub.sdk import (
    Answer,
    Call,
    Checkable,
    Connector,
    EffectKey,
    Idempotent,
    Keyed,
    Read,
    Settings,
    Unsafe,
    action,
)
from hub.sdk.commerce import Record
from hub.sdk.testing import Sandbox


class Wanted(Record):
    """What to do, for which order. It has no key of its own: the ledger's is the effect's id."""

    reference: str


class Named(Record):
    """What to do, under a key that is the order's."""

    reference: Annotated[str, EffectKey()]


class Given(Record):
    """What the supplier said."""

    reference: str


class Bench(Connector[Settings]):
    """One action of each kind; whether a promise is kept is the memory's business, not this class's."""

    name = "bench"
    title = "Bench"

    @classmethod
    def sandbox(cls) -> Sandbox:
        """Only its settings are used: what answers is the memory."""
        return Sandbox()

    @action(Read())
    async def read(self, wanted: Wanted, call: Call) -> Given:
        """Look, and leave everything as it was."""
        return await self._ask("read", wanted, call)

    @action(Keyed(valid_for=timedelta(hours=24)))
    async def keyed(self, wanted: Named, call: Call) -> Given:
        """Buy, once for each key."""
        return await self._ask("keyed", wanted, call)

    @action(Idempotent())
    async def idempotent(self, wanted: Wanted, call: Call) -> Given:
        """Set what is set already."""
        return await self._ask("idempotent", wanted, call)

    @action(Checkable(settles_in=timedelta(seconds=2)))
    async def checkable(self, wanted: Wanted, call: Call) -> Given:
        """Buy, every time it is asked."""
        return await self._ask("checkable", wanted, call)

    @checkable.lookup
    async def find(self, wanted: Wanted, call: Call) -> Given | None:
        """The purchase, if there is one."""
        answer = await self.http(call).get(f"/find/{wanted.reference}")
        return None if answer.status_code == 404 else Given(reference=wanted.reference)

    @action(Unsafe())
    async def unsafe(self, wanted: Wanted, call: Call) -> Given:
        """Buy, every time it is asked."""
        return await self._ask("unsafe", wanted, call)

    async def _ask(self, kind: str, wanted: Wanted | Named, call: Call) -> Given:
        body = {"reference": wanted.reference, "key": call.key}
        answer = await self.http(call).post(f"/{kind}", json=body)
        return Given(reference=answer.raise_for_status().json()["reference"])


@dataclass(frozen=True, slots=True)
class Memory:
    """What was done, one line each, written before the answer and never changed."""

    path: Path

    def lines(self) -> list[dict[str, Any]]:
        """Everything that was done or asked, oldest first."""
        if not self.path.exists():
            return []
        return [orjson.loads(line) for line in self.path.read_bytes().splitlines()]

    def count(self, reference: str, what: str) -> int:
        """How often something was done for an order."""
        return sum(1 for line in self.lines() if (line["reference"], line["what"]) == (reference, what))

    def act(self, kind: str, reference: str, key: str) -> None:
        """Do it, unless it is a promise of this kind that it is done once. Safe between processes."""
        what = "asked" if kind == "read" else "done"
        with self.path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            known = kind in ("keyed", "idempotent") and any(line["key"] == key for line in self.lines())
            if not known:
                file.write(
                    orjson.dumps({"what": what, "reference": reference, "key": key, "by": os.getpid()})
                    + b"\n"
                )


class MemoryTransport:
    """The client's seam: it acts on the memory, and passes the two points that lie between sending and answer."""

    def __init__(self, memory: Memory, reached: Callable[[str], Awaitable[None]]) -> None:
        self.memory = memory
        self._reached = reached

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, timeout: float
    ) -> Answer:
        kind = url.rsplit("/", 2)
        if method == "GET":
            found = self.memory.count(kind[-1], "done")
            return Answer(200 if found else 404, {}, b"{}")
        wanted = orjson.loads(body or b"{}")
        await self._reached("connected")
        self.memory.act(kind[-1], wanted["reference"], wanted["key"])
        await self._reached("request_sent")
        return Answer(200, {}, orjson.dumps({"reference": wanted["reference"]}))

    async def close(self) -> None:
        """Nothing is held open."""
