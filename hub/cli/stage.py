"""A stage for a story: the hub's real processes and the doubles, on a time that moves from scene to scene."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx

from hub.assembly import Hub
from hub.cli.performance import Performance
from hub.engine.intake_polls import HELD
from hub.model import case as cases
from hub.sdk import Delivery
from hub.store.cases import list_cases
from hub.store.encoding import from_bytes
from hub.store.health import is_asking, is_moving
from hub.store.keys import add_key

PATIENCE = 240.0
"""Seconds a scene may take: a killed worker's runs are taken over within thirty."""
STILL = 0.2
"""Seconds after which time is helped on: short pauses, as of a spent budget, are reckoned by the story's own time."""
SLOW = 2.0
"""Seconds after which a question that was not answered waits for its next turn: time is helped on to it, too."""
SOON = timedelta(seconds=10)
"""What is due within this belongs to the scene."""
QUIET = 3
"""So many looks in a row must find nothing moving."""


@dataclass
class Stage:
    """Where a story is played. Whatever a person would do goes through the API with the admin's key."""

    hub: Hub
    client: httpx.AsyncClient
    address: str
    key: str
    pace: timedelta = timedelta(seconds=1)
    """How far time is helped on at once."""

    async def at(self, moment: datetime) -> None:
        """The next scene begins: time stands at this moment, and what falls due then is done."""
        async with self.hub.database.connection() as connection:
            await self.hub.clock.set(connection, moment)
        await self.settle()

    async def deliver(self, connection: str, delivery: Delivery) -> None:
        """A webhook arrives, and what follows from it is done."""
        await self.post(connection, delivery)
        await self.settle()

    async def post(self, connection: str, delivery: Delivery) -> None:
        """A webhook arrives."""
        answer = await self.client.post(
            f"{self.address}/webhooks/{connection}", content=delivery.body, headers=dict(delivery.headers)
        )
        answer.raise_for_status()

    async def settle(self) -> None:
        """Wait until nothing moves without more time or a person, and everybody was asked whose turn it is; raises
        TimeoutError."""
        quiet, begun = 0, time.monotonic()
        async with asyncio.timeout(PATIENCE):
            while quiet < QUIET:
                await asyncio.sleep(0.15)
                async with self.hub.database.connection() as connection:
                    moving = await is_moving(connection, self.hub.clock.now(), soon=SOON)
                    asking = await is_asking(connection, self.hub.clock.now(), HELD)
                quiet = 0 if moving or asking else quiet + 1
                if quiet == 0 and time.monotonic() - begun > (STILL if moving else SLOW):
                    begun = time.monotonic()
                    await self._help_on()
                if quiet == QUIET and await self._settle_doubts():
                    quiet = 0

    async def open_cases(self) -> list[dict[str, Any]]:
        """What waits for a person, as the API shows it."""
        return list((await self._api("GET", "/cases"))["items"])

    async def case(self, kind: str) -> dict[str, Any]:
        """The open case of a kind; raises LookupError."""
        for case in await self.open_cases():
            if case["kind"] == kind:
                return case
        raise LookupError(f"There is no open case {kind}.")

    async def tick(self, kind: str, item: str) -> None:
        """A person ticks an item of a case's checklist."""
        case = await self.case(kind)
        await self._api("POST", f"/cases/{case['id']}/checklist/{item}", {"version": case["version"]})

    async def resolve(self, kind: str, choice: str, note: str = "") -> None:
        """A person decides a case."""
        case = await self.case(kind)
        await self._decide(case, choice, note)
        await self.settle()

    async def opened(self, row: Any, column: str) -> Any:
        """A sealed column of a row; None where there is nothing in it."""
        if row[column] is None:
            return None
        async with self.hub.database.connection() as connection:
            box = await self.hub.vault.box(connection, row["person_id"])
        return from_bytes(box.open(row[column]))

    async def _help_on(self) -> None:
        """Let a moment of the story pass."""
        async with self.hub.database.connection() as connection:
            await self.hub.clock.advance(connection, self.pace)

    async def _settle_doubts(self) -> bool:
        """After a worker was killed an effect may be in doubt whose other side was asked and knows nothing of it: the
        person whose case that is lets it be sent again."""
        async with self.hub.database.connection() as connection:
            found = [
                c for c in await list_cases(connection, "open", 100) if c["kind"] == cases.EFFECT_IN_DOUBT
            ]
        for row in found:
            case = await self._api("GET", f"/cases/{row['id']}")
            await self._decide(case, cases.SEND_AGAIN, "It is not there.")
        return bool(found)

    async def _decide(self, case: dict[str, Any], choice: str, note: str) -> None:
        said = {"version": case["version"], "choice": choice, "note": note}
        await self._api("POST", f"/cases/{case['id']}/resolution", said)

    async def _api(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"authorization": f"Bearer {self.key}"}
        answer = await self.client.request(method, f"{self.address}{path}", json=body, headers=headers)
        answer.raise_for_status()
        return answer.json()


async def stage_for(on: Performance, pace: timedelta = timedelta(seconds=1)) -> Stage:
    """A stage on a performance, with a key of the people who work there."""
    async with on.hub.database.transaction() as connection:
        key = await add_key(connection, "ops", "ops", on.hub.clock.now())
    return Stage(on.hub, on.client, on.address, key, pace)
