"""The hub's own `notices` actions: each milestone is told to a customer once, in order, blind, and as was agreed to."""

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from typing import Any, get_args
from uuid import UUID

from hub.fulfilment import telling
from hub.fulfilment.blindness import Blindness, Leak
from hub.fulfilment.call import OwnCall
from hub.fulfilment.customer_view import Brand, own_words
from hub.fulfilment.notice_view import NOTICES, Notice, NoticeView
from hub.fulfilment.orders import order_key
from hub.fulfilment.quiet_hours import until_loud
from hub.fulfilment.rendering import Rendered, Templates, Unrenderable
from hub.fulfilment.supplier import SupplierSpec
from hub.sdk import Refused
from hub.sdk.commerce import Order, Record
from hub.sdk.messages import Channel, CustomerMessage, Sender
from hub.store import notices, orders, shipments
from hub.store.encoding import to_bytes
from hub.store.notices import NoticeNew
from hub.store.shipments import StoredShipment

RANK: dict[str, int] = {
    "order-confirmed": 1, "fulfilment-started": 2, "tracking-added": 3, "replacement-sent": 3, "in-transit": 4,
    "out-for-delivery": 5, "available-for-pickup": 5, "delivered": 6, "follow-up-review": 7, "follow-up-discount": 7,
}  # fmt: skip
"""The sequence. What is not in it may come at any time."""
PARCELS_OWN = range(3, 7)
"""The ranks that are about one parcel, and compared within it only."""
AFTER_THE_END = frozenset({"refunded", "cancelled"})
"""What is told of an order that is cancelled; of its progress nobody wants to hear."""
CONFIRMS = RANK["order-confirmed"]
CONFIRMATION_TAKES = timedelta(seconds=30)
"""How long the confirmation may be under way before what comes after it goes out all the same."""
APART = timedelta(seconds=2)
"""So far apart the steps of the sequence go out that were all due when the confirmation was, each in its turn."""
ROLE = "messages"
"""Which role of the flow sends; its connections are tried in the order of `hub.yaml`, and each says what it cannot."""


class PrepareNotice(Record):
    """What a customer should hear, about which order or parcel. `facts` are the notice's own; `telling` reads them."""

    order: Order
    notice: str
    milestone: str
    shipment: str = ""
    facts: dict[str, Any] = {}


class Outgoing(Record):
    """A message, who may send it, first to last, and how long it must rest until the customer's night is over."""

    message: CustomerMessage
    senders: list[str]
    rests_for: timedelta


class Prepared(Record):
    """What is to be sent for one notice: a mail, a text message, or both."""

    notice: str
    milestone: str
    messages: list[Outgoing]


class NoticeSent(Record):
    """How the sending ended: `sent` by at least one channel, or not."""

    order: Order
    milestone: str
    is_sent: bool
    reason: str = ""


class AskTurn(Record):
    """A notice of an order, which is named by its channel's id."""

    order_id: str
    notice: str


class Turn(Record):
    """How long a notice waits, so that a customer hears that an order is confirmed before anything else of it."""

    waits_for: timedelta


class AskStillDue(Record):
    """A prepared notice that has rested, and its order as it stands by now."""

    order: Order
    milestone: str


class StillDue(Record):
    """Whether a notice is still worth telling."""

    is_due: bool


class NoticeState(Record):
    """What became of a notice."""

    milestone: str
    state: str


async def prepare(asked: PrepareNotice, call: OwnCall) -> Prepared:
    """Render a notice, check it for suppliers' names, and write it down, so that it is never told a second time."""
    stored = await orders.lock(call.connection, order_key(asked.order, call))
    if stored is None:
        raise Refused("not-recorded", f"Order {asked.order.number} was not recorded.")
    call.link_order(stored.id)
    parcel = await shipments.lock(call.connection, call.store_id, asked.shipment) if asked.shipment else None
    notice = _notice(asked.notice, is_replacement=await _is_replacement(parcel, call))
    await _refuse_untimely(notice, asked, stored.id, call)
    brand = telling.brand_of(call)
    view = await telling.view_of(notice, asked.order, (stored.id, parcel), asked.facts, call)
    view = view.model_copy(
        update={"skus": [sku for sku in view.skus if not _leaks({"sku": sku}, brand, call)]}
    )
    messages = _messages(notice, brand, view, asked, call)
    if not messages:
        raise Refused("unreachable", "The customer can be reached neither by mail nor by text message.")
    body = to_bytes([m.message.model_dump(mode="json") for m in messages])
    await notices.put(
        call.connection,
        NoticeNew(
            stored.id, asked.milestone, call.store_id, notice, RANK.get(notice, 0), asked.shipment, call.person_id,
            "prepared", "", call.sealer.seal(body),
        ),
        call.now,
    )  # fmt: skip
    return Prepared(notice=notice, milestone=asked.milestone, messages=messages)


async def turn(asked: AskTurn, call: OwnCall) -> Turn:
    """How long a notice waits, until it asks again, for the confirmation of its order; zero: it is its turn.

    A supplier may be quicker than `confirm_after`.
    """
    steps_after = RANK.get(asked.notice, 0) - CONFIRMS
    stored = await orders.lock(call.connection, orders.OrderKey(call.store_id, call.source, asked.order_id))
    if steps_after <= 0 or stored is None:
        return Turn(waits_for=timedelta(0))
    bought_at, confirmed_at = await notices.confirmation(call.connection, stored.id)
    if confirmed_at is not None:
        return Turn(waits_for=max(confirmed_at + APART * steps_after - call.now, timedelta(0)))
    if bought_at is None:
        return Turn(waits_for=timedelta(0))
    begins = bought_at + call.policies.confirm_after
    if call.now >= begins + CONFIRMATION_TAKES:
        return Turn(waits_for=timedelta(0))
    return Turn(waits_for=max(begins - call.now, timedelta(0)) + APART * steps_after)


async def still_due(asked: AskStillDue, call: OwnCall) -> StillDue:
    """Whether a notice that has rested is still news: its order stands, and nothing later was told meanwhile."""
    stored = await orders.lock(call.connection, order_key(asked.order, call))
    known = await notices.made(call.connection, stored.id) if stored else []
    mine = next((n for n in known if n["milestone"] == asked.milestone), None)
    if mine is None:
        raise Refused("not-recorded", f"{asked.milestone} was never prepared.")
    is_over = asked.order.cancelled_at is not None and mine["notice"] not in AFTER_THE_END
    return StillDue(is_due=not is_over and not _later(known, mine["rank"], mine["parcel"]))


async def settle(asked: NoticeSent, call: OwnCall) -> NoticeState:
    """Note whether a prepared notice went out."""
    stored = await orders.lock(call.connection, order_key(asked.order, call))
    if stored is None:
        raise Refused("not-recorded", f"Order {asked.order.number} was not recorded.")
    state = "sent" if asked.is_sent else "withheld"
    await notices.settle(call.connection, stored.id, asked.milestone, (state, asked.reason), call.now)
    return NoticeState(milestone=asked.milestone, state=state)


async def _is_replacement(parcel: StoredShipment | None, call: OwnCall) -> bool:
    """Whether a parcel goes in place of one that was sent. What was bought again before anything left is no such."""
    if parcel is None or parcel.generation == 0:
        return False
    others = await shipments.of_order(call.connection, parcel.order_id)
    return any(other.voided_at is not None and other.generation < parcel.generation for other in others)


def _notice(name: str, *, is_replacement: bool) -> Notice:
    """The notice by the milestone's name. What goes in place of a lost parcel is told as that."""
    if name == "tracking-added" and is_replacement:
        return "replacement-sent"
    meant = "delivery-problem" if name == "exception" else name
    if meant not in NOTICES:
        raise Refused("no-such-notice", f"There is no notice {name!r}.")
    return meant


async def _refuse_untimely(notice: Notice, asked: PrepareNotice, order_id: UUID, call: OwnCall) -> None:
    """What was told before, what the channel tells itself, and what a later notice has overtaken."""
    known = await notices.made(call.connection, order_id)
    if any(n["milestone"] == asked.milestone for n in known):
        raise Refused("already-told", f"{asked.milestone} was told before.")
    if notice in call.policies.channel_sends:
        raise Refused("channel-sends", f"The channel itself sends {notice}.")
    rank = RANK.get(notice, 0)
    if later := _later(known, rank, asked.shipment):
        raise Refused("overtaken", f"{later[-1]['notice']} was told already.")
    if rank == max(RANK.values()) and await notices.has_open_case(call.connection, order_id):
        raise Refused("not-now", "Something about the order still waits for a person.")


def _later(known: list[Any], rank: int, parcel: str) -> list[Any]:
    """What comes after a notice of this rank, of the same parcel where it is about one, and was told before it."""
    if not rank:
        return []
    return [n for n in known if n["rank"] > rank and (rank not in PARCELS_OWN or n["parcel"] == parcel)]


def _messages(
    notice: Notice, brand: Brand, view: NoticeView, asked: PrepareNotice, call: OwnCall
) -> list[Outgoing]:
    found = []
    senders = call.roles.get(ROLE, [])
    for channel in get_args(Channel):
        if not senders or not _is_reachable(asked.order, channel):
            continue
        rendered = _rendered(notice, channel, view, call)
        _refuse_leaks(rendered, asked.order, brand, call)
        rests = until_loud(call.now, call.settings) if channel == "sms" else timedelta(0)
        found.append(
            Outgoing(
                message=_message(rendered, channel, (notice, brand, view), asked, call),
                senders=senders,
                rests_for=rests,
            )
        )
    return found


def _is_reachable(order: Order, channel: Channel) -> bool:
    """A mail about one's own order needs an address, a text message a number and a yes."""
    customer = order.customer
    return bool(customer.email) if channel == "email" else bool(customer.phone) and customer.accepts_sms


def _rendered(notice: Notice, channel: Channel, view: NoticeView, call: OwnCall) -> Rendered:
    try:
        return _templates(tuple(sorted(call.templates.items()))).render(notice, channel, view)
    except Unrenderable as error:
        raise Refused("unrenderable", str(error)) from None


def _refuse_leaks(rendered: Rendered, order: Order, brand: Brand, call: OwnCall) -> None:
    parts = {name: text for name, text in rendered.model_dump().items() if text}
    if found := _leaks(parts, brand, call, own_words(order)):
        raise Refused("blind-leak", "; ".join(sorted({str(leak) for leak in found})))


def _leaks(parts: dict[str, str], brand: Brand, call: OwnCall, own: Iterable[str] = ()) -> list[Leak]:
    return _blindness(tuple(s.model_dump_json() for s in call.suppliers), brand.name).leaks(parts, own)


def _message(
    rendered: Rendered,
    channel: Channel,
    told: tuple[Notice, Brand, NoticeView],
    asked: PrepareNotice,
    call: OwnCall,
) -> CustomerMessage:
    notice, brand, view = told
    return CustomerMessage(
        # Two channels may have orders with one id, and one service writes to the customers of both.
        unique_id=f"{call.source}/{asked.order.id}/{asked.milestone}/{channel}",
        notice=notice,
        channel=channel,
        to=asked.order.customer,
        sender=Sender(name=brand.name, email=brand.sender),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        happened_at=call.now,
        properties=telling.properties_of(view),
    )


@lru_cache(maxsize=64)
def _templates(own: tuple[tuple[str, str], ...]) -> Templates:
    return Templates(dict(own))


@lru_cache(maxsize=64)
def _blindness(suppliers: tuple[str, ...], brand: str) -> Blindness:
    return Blindness.of((SupplierSpec.model_validate_json(s) for s in suppliers), [brand])
