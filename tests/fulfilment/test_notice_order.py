"""What customers are told of a parcel keeps the order of its way, whatever order carriers speak in."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from hub.fulfilment import ladder, notices, shipments
from hub.fulfilment.call import OwnCall
from hub.fulfilment.ladder import State
from hub.fulfilment.notices import RANK, PrepareNotice
from hub.fulfilment.shipment import NoteTracking, RecordShipments
from hub.sdk import Parcel, Refused
from hub.sdk.commerce import Order
from hub.sdk.parcels import TrackedParcel, TrackingEvent, TrackingStatus
from tests.fulfilment.trade import Trade, order

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WAY: tuple[TrackingStatus, ...] = ("pre_transit", "in_transit", "out_for_delivery", "delivered", "exception")
STORE = {
    "public_url": "https://track.brand.example",
    "brand": {"name": "Lune", "sender": "hello@brand.example"},
}


def stories(count: int) -> Iterator[list[TrackingEvent]]:
    """Stories of five events with duplicates, shuffled."""
    chance = random.Random(8492)
    for _ in range(count):
        story = [
            TrackingEvent(
                status=chance.choice(WAY),
                happened_at=MONDAY + timedelta(hours=chance.randrange(6)),
                is_scan=True,
            )
            for _ in range(5)
        ]
        yield chance.sample(story * 2, 10)


@pytest.mark.row("S1-128", "S1-129", "S1-130")
def test_of_ten_thousand_stories_each_is_told_in_order_and_each_step_once() -> None:
    for story in stories(10_000):
        state, told = State(), list[str]()
        for event in story:
            state, news = ladder.merge(state, [event])
            told += news
        ranks = [RANK[milestone] for milestone in told if milestone in RANK]
        assert ranks == sorted(set(ranks))
        assert len(told) == len(set(told))


@pytest.mark.row("S1-129")
async def test_of_two_hundred_stories_what_is_written_down_to_be_sent_is_in_order_too(trade: Trade) -> None:
    await trade.sells(stock=1000, a=10)
    for number, story in enumerate(stories(200)):
        it = order(f"#{2000 + number}")
        parcel = await sent(trade, it)
        told = [notice for event in story for notice in await hears(trade, it, parcel, event)]
        ranks = [RANK[notice] for notice in told if notice in RANK]
        assert ranks == sorted(set(ranks))
        assert len(told) == len(set(told))
        assert told


async def sent(trade: Trade, it: Order) -> str:
    """The only parcel of an order, by our reference."""
    purchase = await trade.ready(it)
    await trade.claim(it, purchase)
    await trade.confirm(purchase.reference)
    named = RecordShipments(purchase=purchase.reference, parcels=[Parcel(tracking_number=f"N-{uuid4()}")])
    return (await trade.ask(shipments.record, named)).fresh[0].reference


async def hears(trade: Trade, it: Order, parcel: str, event: TrackingEvent) -> list[str]:
    """What an event makes ready to be sent; every event asks for its own step again, as a second flow might."""
    tracked = TrackedParcel(tracking_number="N", status=event.status, events=[event])
    seen = await trade.ask(shipments.note, NoteTracking(shipment=parcel, parcel=tracked))
    steps = [*seen.milestones, event.status.replace("_", "-")]
    return [notice for step in steps if (notice := await prepared(trade, it, parcel, step))]


async def prepared(trade: Trade, it: Order, parcel: str, step: str) -> str:
    """The notice that is ready to be sent; empty where it is not, or no more, to be told."""

    async def prepare(asked: PrepareNotice, call: OwnCall) -> Any:
        return await notices.prepare(asked, replace(call, settings=STORE, roles={"messages": ["mail"]}))

    asked = PrepareNotice(order=it, notice=step, milestone=f"{step}/{parcel}", shipment=parcel)
    try:
        return str((await trade.ask(prepare, asked)).notice)
    except Refused as refused:
        assert refused.code in ("already-told", "overtaken", "no-such-notice")
        return ""
