"""Buying and cancelling at the same moment, at every point of both: never cancelled and bought all the same."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

import pytest

from hub.engine.ids import new_id
from hub.fulfilment import claiming
from hub.fulfilment.call import OwnCall
from hub.fulfilment.decision import ClaimPurchase, PlannedPurchase
from hub.fulfilment.orders import Cancellation
from hub.sdk import Refused
from hub.sdk.commerce import Order
from hub.store import writer
from hub.store.database import Connection, Database
from hub.store.unit import EffectNew, Unit
from tests.crash.controls import lock_off
from tests.fulfilment.trade import Trade, order

TOGETHER = ("begun", "claimed", "written", "committed")
"""The claim and the intent in one commit, as a flow does that claims and buys at once."""
APART = ("claim_committed", "begun", "written", "committed")
"""The connection was busy in between: the intent is a commit of its own."""


@dataclass
class Race:
    """One purchase, and a cancellation that starts at the chosen point of it."""

    trade: Trade
    it: Order
    purchase: PlannedPurchase
    strikes_at: str
    cancelling: "asyncio.Task[Cancellation] | None" = None

    async def at(self, point: str) -> None:
        if point != self.strikes_at:
            return
        self.cancelling = asyncio.create_task(self.trade.cancel(self.it))
        # Either it is through by now, or it waits for our lock and is through after us.
        await asyncio.wait({self.cancelling}, timeout=0.1)

    async def buy_at_once(self) -> None:
        async with self.trade.database.transaction() as connection:
            await self.at("begun")
            await self._claim(connection)
            await self.at("claimed")
            await self._intend(connection)
            await self.at("written")
        await self.at("committed")

    async def buy_later(self) -> None:
        async with self.trade.database.transaction() as connection:
            await self._claim(connection)
        await self.at("claim_committed")
        async with self.trade.database.transaction() as connection:
            await self.at("begun")
            await self._intend(connection)
            await self.at("written")
        await self.at("committed")

    async def _claim(self, connection: Connection) -> None:
        trade = self.trade
        call = OwnCall(
            connection=connection,
            store_id=trade.store_id,
            run_id=trade.run,
            person_id=trade.box.id,
            source=trade.source,
            now=trade.now,
            sealer=trade.box,
            link_order=trade.linked.append,
            policies=trade.policies,
            suppliers=trade.suppliers,
            rules=trade.rules,
        )
        await claiming.claim(ClaimPurchase(order=self.it, purchase=self.purchase), call)

    async def _intend(self, connection: Connection) -> None:
        trade = self.trade
        unit = Unit(trade.run, trade.store_id, 1, 0, trade.now, trade.box.id, trade.source)
        intent = EffectNew(
            new_id(), trade.linked[-1], "buy", self.purchase.supplier, "create_purchase_order",
            {"name": "keyed"}, self.purchase.reference, b"", guards_order=True,
        )  # fmt: skip
        unit.effects_new.append(intent)
        await writer.write(connection, [unit])

    async def outcome(self) -> tuple[bool, Cancellation]:
        """Whether a purchase is on its way, and what whoever cancelled was told."""
        assert self.cancelling is not None
        said = await self.cancelling
        async with self.trade.database.connection() as connection:
            bought = await connection.fetchval(
                "select exists (select 1 from effects where key = $1)", self.purchase.reference
            )
        return bool(bought), said


async def begin(database: Database, strikes_at: str) -> Race:
    trade = await Trade.open(database)
    await trade.sells(a=10)
    it = order()
    race = Race(trade, it, await trade.ready(it), strikes_at)
    async with database.transaction() as connection:
        await connection.execute(
            """insert into runs (id, store_id, flow, flow_version_id, source, trigger_key, person_id, event_id, version,
                                 lease_serial, wakes, due_at, is_parked, started_at, touched_by_person)
               values ($1, $2, 'buy', $3, $4, 'k', $5, $6, 0, 1, 0, $7, false, $7, false)""",
            trade.run, trade.store_id, uuid4(), trade.source, trade.box.id, uuid4(), trade.now,
        )  # fmt: skip
    return race


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = await Database.connect(database_url, size=6)
    yield database
    await database.close()


Buy = Callable[[Race], Awaitable[None]]
RACES = [(Race.buy_at_once, p) for p in TOGETHER] + [(Race.buy_later, p) for p in APART]


@pytest.mark.parametrize(("buy", "point"), RACES, ids=lambda x: x if isinstance(x, str) else x.__name__)
async def test_an_order_is_either_not_bought_or_its_purchase_is_told_to_whoever_cancelled(
    buy: Buy, point: str, database: Database
) -> None:
    race = await begin(database, point)
    with suppress(Refused):
        await buy(race)
    bought, said = await race.outcome()
    if bought:
        assert said.state == "bought"
        assert [p.reference for p in said.purchases] == [race.purchase.reference]
    else:
        assert said.state == "cancelled" and said.purchases == []


async def test_both_outcomes_really_happen(database: Database) -> None:
    outcomes = set()
    for buy, point in RACES:
        race = await begin(database, point)
        with suppress(Refused):
            await buy(race)
        outcomes.add((await race.outcome())[0])
    assert outcomes == {True, False}


async def test_without_the_lock_a_cancelled_order_is_bought_in_silence(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_cancelled", writer._cancelled)
    lock_off()
    race = await begin(database, "claim_committed")
    await race.buy_later()
    bought, said = await race.outcome()
    assert bought and said.state == "cancelled"
