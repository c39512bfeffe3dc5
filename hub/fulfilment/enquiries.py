"""The hub's own `enquiries.record`: what a customer asks the support desk, linked to the order and to what is wrong
with it."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime

from hub.fulfilment.call import OwnCall
from hub.fulfilment.root_causes import KINDS, SUPPLIER_LATE, TRACKING_GAP, cause_of
from hub.sdk.commerce import Record
from hub.store import whereabouts
from hub.store.figures import enquiries
from hub.store.figures.enquiries import Asked, Enquiry, Facts

UNKNOWN_ORDER = "unknown-order"


class RecordEnquiry(Record):
    """A ticket that a customer began. `is_known_sender`: the desk says who wrote, so that an order may be theirs."""

    ticket_id: str
    topic: Literal["where-is-my-order", "refund", "return", "other"]
    order_number: str = ""
    is_known_sender: bool = False
    received_at: AwareDatetime | None = None


class EnquiryRecorded(Record):
    """`order_id` and `number` are the order's, as its channel has them, or empty where nobody can tell which it is.

    `gap` says how the order stood: `tracking-gap` (it left and the shop does not show it), `late`, `stalled`,
    `not-bought-yet`, `not-shipped-yet`, `under-way`, `delivered`, `cancelled`, the root cause of its open case, or
    `unknown-order`.
    """

    order_id: str
    number: str
    gap: str


async def record(asked: RecordEnquiry, call: OwnCall) -> EnquiryRecorded:
    """Keep that a customer asked: about what, for which order, and what was wrong with it just then."""
    order = await _order_of(asked, call)
    if order is not None:
        call.link_order(order.id)
    facts = (
        await enquiries.facts_of(call.connection, order.id, KINDS[SUPPLIER_LATE])
        if order is not None
        else None
    )
    kept = Enquiry(
        ticket_id=asked.ticket_id,
        order_id=order.id if order else None,
        topic=asked.topic,
        gap=gap_of(facts),
        received_at=_earlier(asked.received_at, call.now),
    )
    await enquiries.keep(call.connection, (call.store_id, call.source), kept, call.now)
    return EnquiryRecorded(
        order_id=order.channel_id if order else "", number=order.number if order else "", gap=kept.gap
    )


def gap_of(facts: Facts | None) -> str:
    """What was wrong with an order when its customer asked; None where it is not known which order."""
    if facts is None:
        return UNKNOWN_ORDER
    causes = [cause_of(kind) for kind in facts.open_kinds]
    told = (
        (facts.is_cancelled, "cancelled"),
        (0 < facts.parcels == facts.delivered, "delivered"),
        (facts.not_shown > 0 or TRACKING_GAP in causes, TRACKING_GAP),
        (facts.stalled > 0, "stalled"),
        (bool(causes), causes[0] if causes else ""),
        (facts.parcels > 0, "under-way"),
        (facts.is_late, "late"),
        (facts.bought > 0, "not-shipped-yet"),
    )
    return next((gap for is_so, gap in told if is_so), "not-bought-yet")


async def _order_of(asked: RecordEnquiry, call: OwnCall) -> Asked | None:
    """The order of the number that was named; else the only order of the sender's that is under way."""
    if asked.order_number:
        named = await whereabouts.by_number(call.connection, call.store_id, asked.order_number)
        if len(named) == 1:
            return Asked(named[0].id, named[0].channel_id, named[0].number)
    if not asked.is_known_sender:
        return None
    found = await enquiries.of_person(call.connection, call.store_id, call.person_id, call.now)
    return found[0] if len(found) == 1 else None


def _earlier(said: datetime | None, now: datetime) -> datetime:
    """A desk's clock may run ahead of ours; nobody wrote in the future."""
    return min(said or now, now)
