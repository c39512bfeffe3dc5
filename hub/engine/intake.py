"""How deliveries get in: one is acknowledged only once it is verified and kept."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from hub.catalog import receive
from hub.engine.ids import new_id
from hub.engine.world import Link
from hub.sdk import Delivery, Unverified
from hub.store.clock import Clock
from hub.store.database import Database, lost
from hub.store.inbox import DeliveryNew, insert_deliveries
from hub.store.sealing import Box, Vault
from hub.store.signals import DELIVERY, miss

log = structlog.get_logger()

MANY = 4
GATHER = 0.003
"""Seconds deliveries gather under load, so that many share a commit."""

REFUSALS = timedelta(seconds=10)
"""Between two notes of refused deliveries of one connection."""

SECRETIVE = ("key", "token", "secret", "auth", "cookie", "forwarded", "real-ip", "client-ip")
"""In the name of a header that says who is asking or from where; it is not kept."""
KEPT_HEADERS = 40
"""At most so many headers are kept with a delivery: those that describe it, never a credential."""


Look = Callable[[bytes], None]


def blindly(body: bytes) -> None:
    """Take any body."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The delivery is kept. `is_new` is False for one that was kept before."""

    id: UUID
    is_new: bool


class Inbox:
    """Takes deliveries from many requests at once and keeps them together. One per API process."""

    def __init__(self, database: Database, vault: Vault, clock: Clock, *, most: int = 64) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._most = most
        self._waiting: list[tuple[DeliveryNew, asyncio.Future[bool]]] = []
        self._bell = asyncio.Event()
        self._boxes: dict[str, Box] = {}
        self._refused: Counter[str] = Counter()
        self._quiet_until: dict[str, datetime] = {}
        self._task: asyncio.Task[None] | None = None
        self._last = 0

    async def __aenter__(self) -> "Inbox":
        self._task = asyncio.create_task(self._work(), name="inbox")
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def accept(self, link: Link, delivery: Delivery, look: Look = blindly) -> Accepted:
        """Verify the raw body, then keep it; returns once it is committed. Raises `Unverified`, or the driver's error
        if it could not be kept: the sender must then be told to send again.

        `look` sees the body between the two and may raise: bytes of an unknown sender reach no parser.
        """
        try:
            known = receive.verify(link.connector, delivery)
        except Unverified:
            await self._note_refused(link.id)
            raise
        look(delivery.body)
        box = await self._store_box(link.store_id)
        key, sealed_key = self._vault.new_box()
        body_hash = delivery.body_hash() if link.connector.inbound.same_body_is_same_delivery else None
        row = DeliveryNew(
            new_id(), link.store_id, link.id, known.topic[:200], known.key[:200], body_hash, _kept(delivery),
            key.seal(delivery.body), box.seal(key.id.bytes + sealed_key), delivery.received_at,
        )  # fmt: skip
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, kept))
        self._bell.set()
        return Accepted(row.id, await kept)

    async def _note_refused(self, connection_id: str) -> None:
        """Somebody who is not the sender used its address, or the sender has lost its secret: kept as a count, and
        seldom, for anybody can send anything."""
        now = self._clock.now()
        self._refused[connection_id] += 1
        if now < self._quiet_until.get(connection_id, now):
            return
        self._quiet_until[connection_id] = now + REFUSALS
        with contextlib.suppress(*lost):
            async with self._database.connection() as connection:
                await miss(connection, (connection_id, DELIVERY), self._refused.pop(connection_id), now)

    async def _store_box(self, store_id: str) -> Box:
        if store_id not in self._boxes:
            async with self._database.connection() as connection:
                found = await self._vault.boxes_of(connection, {(store_id, "")}, self._clock.now())
            self._boxes[store_id] = found[(store_id, "")]
        return self._boxes[store_id]

    async def _work(self) -> None:
        while True:
            await self._bell.wait()
            self._bell.clear()
            while self._waiting:
                if self._last > MANY:
                    await asyncio.sleep(GATHER)
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                self._last = len(batch)
                await self._keep(batch)

    async def _keep(self, batch: list[tuple[DeliveryNew, "asyncio.Future[bool]"]]) -> None:
        try:
            new = await self._database.repeat(lambda c: insert_deliveries(c, [row for row, _ in batch]))
        except Exception as error:  # noqa: BLE001  whatever it was, the senders must send again
            log.warning("deliveries not kept", count=len(batch), error=type(error).__name__)
            for _, kept in batch:
                if not kept.done():
                    kept.set_exception(error)
            return
        for row, kept in batch:
            if not kept.done():
                kept.set_result(row.id in new)


def _kept(delivery: Delivery) -> dict[str, str]:
    names = [n for n in delivery.headers if n.startswith("x-") or n in ("content-type", "user-agent", "date")]
    names = [n for n in names if not any(word in n for word in SECRETIVE)]
    return {n: delivery.headers[n][:500] for n in names[:KEPT_HEADERS]}
