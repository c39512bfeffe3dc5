"""What a notice tells: the brand, the order, the parcel, and the facts its flow gave, in customer-safe types."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from hub.fulfilment.call import OwnCall
from hub.fulfilment.customer_view import (
    Brand,
    CustomerItem,
    Offered,
    customer_item,
    customer_order,
    customer_parcel,
)
from hub.fulfilment.ladder import State
from hub.fulfilment.linking import link_to
from hub.fulfilment.notice_view import Change, Choice, Discount, Notice, NoticeView
from hub.sdk import Refused
from hub.sdk.commerce import Money, Order
from hub.sdk.parcels import TrackedParcel, TrackingEvent
from hub.store.shipments import StoredShipment
from hub.store.suppliers import suppliers_numbers

UNNAMED = "one of the articles"
BRAND_FIELDS = ("name", "logo", "colour", "sender", "support_email", "language", "signature")


def brand_of(call: OwnCall) -> Brand:
    """The store's brand, as its settings have it."""
    return brand_from(call.settings)


def brand_from(settings: Mapping[str, Any]) -> Brand:
    """A store's brand; raises `Refused` where hub.yaml does not say enough of it to write to anybody."""
    given = settings.get("brand") or {}
    known = {field: given[field] for field in BRAND_FIELDS if given.get(field)}
    known.setdefault("name", str(settings.get("name", "")))
    known["site"] = given.get("site") or settings.get("public_url", "")
    try:
        return Brand.model_validate(known)
    except ValidationError as error:
        wrong = ", ".join(sorted({".".join(map(str, e["loc"])) for e in error.errors()}))
        raise Refused("no-brand", f"The store's brand in hub.yaml lacks {wrong}.") from None


async def view_of(
    notice: Notice,
    order: Order,
    known: tuple[UUID, StoredShipment | None],
    facts: dict[str, Any],
    call: OwnCall,
) -> NoticeView:
    """All that the notice's templates may name."""
    order_id, parcel = known
    page = await link_to(call, order_id, "tracking", "", lasts=call.policies.link_lasts)
    about = str(facts.get("about", ""))
    view = NoticeView(
        brand=brand_of(call),
        order=customer_order(order),
        order_id=order.id,
        skus=await _own_skus(order, call),
        parcel=customer_parcel(tracked(parcel), page, order.ship_to) if parcel else None,
        expected=str(facts.get("expected", "")),
        page_url=page,
        review_url=str((call.settings.get("brand") or {}).get("review_url", "")) or page,
        refund=_money(facts.get("refund")),
        discount=_discount(notice, call),
    )
    if notice == "address-needed":
        answer = await link_to(call, order_id, "address", about)
        return view.model_copy(update={"answer_url": answer, "address": _lines(order)})
    if notice == "out-of-stock-choice":
        offered, lasts = _offered(order, facts), call.policies.choice_answer_within
        body = offered.model_dump_json().encode()
        answer = await link_to(call, order_id, "choice", about, lasts=lasts, body=body)
        return view.model_copy(update={"choice": _choice(offered, answer, call)})
    if notice == "item-changed":
        before, after = (_named(order, str(facts.get(word, ""))) for word in ("before", "after"))
        change = Change(before=before, after=after, owed=_money(facts.get("owed")))
        return view.model_copy(update={"change": change})
    return view


def tracked(parcel: StoredShipment) -> TrackedParcel:
    """A kept parcel without any carrier's words."""
    state = State.model_validate(parcel.state)
    events = [
        TrackingEvent(status=one.status, reason=one.reason, happened_at=one.at, is_scan=one.is_scan)
        for one in state.seen
    ]
    return TrackedParcel(
        tracking_number=parcel.tracking_number,
        carrier=parcel.carrier,
        status=state.overlay or state.rung or "unknown",
        reason=state.reason,
        events=events,
    )


def properties_of(view: NoticeView) -> dict[str, Any]:
    """The facts a service that renders messages itself may use: order, articles, the brand and its own page."""
    found: dict[str, Any] = {
        "order_id": view.order_id,
        "order_number": view.order.number,
        "items": [item.title for item in view.order.items],
        "skus": view.skus,
        "total": str(view.order.total.amount),
        "currency": view.order.total.currency,
        "brand": view.brand.name,
        "brand_url": view.brand.site,
        "brand_colour": view.brand.colour,
        "brand_support_email": view.brand.support_email or view.brand.sender,
        "tracking_url": view.page_url,
    }
    if view.parcel is not None:
        found |= {"tracking_number": view.parcel.tracking_number, "status": view.parcel.status}
    links = {"answer_url": view.answer_url, "expected": view.expected}
    if view.choice is not None:
        links |= {"similar_url": view.choice.similar_url, "refund_url": view.choice.refund_url}
    return found | {name: text for name, text in links.items() if text}


async def _own_skus(order: Order, call: OwnCall) -> list[str]:
    """The articles by the shop's own numbers; one that a supplier uses as well would say who that is."""
    skus = [line.sku for line in order.lines if line.quantity > 0 and line.sku]
    names = [supplier.name for supplier in call.suppliers]
    theirs = await suppliers_numbers(call.connection, call.store_id, names, skus)
    return [sku for sku in dict.fromkeys(skus) if sku not in theirs]


def _offered(order: Order, facts: dict[str, Any]) -> Offered:
    """`line` is the missing one; `similar` the offers for it, best first, each with its article and perhaps a note."""
    quantity = int(facts.get("quantity", 1))
    named = next((line for line in order.lines if line.id == facts.get("line")), None)
    missing = customer_item(named) if named and named.title else CustomerItem(title=UNNAMED, quantity=1)
    offers = facts.get("similar") or []
    title = (offers[0].get("note") or offers[0]["sku"]) if offers else ""
    similar = CustomerItem(title=title, quantity=quantity) if offers else None
    return Offered(missing=missing.model_copy(update={"quantity": quantity}), similar=similar)


def _choice(offered: Offered, answer: str, call: OwnCall) -> Choice:
    until = call.now + call.policies.choice_answer_within
    return Choice(
        missing=offered.missing.title,
        similar=offered.similar,
        similar_url=f"{answer}/similar" if offered.similar else "",
        refund_url=f"{answer}/refund",
        until=until.astimezone(ZoneInfo(call.calendar.zone)),
    )


def _named(order: Order, sku: str) -> str:
    """What the shop calls an article of the order, by its SKU."""
    return next((line.title for line in order.lines if line.sku == sku and line.title), sku)


def _discount(notice: Notice, call: OwnCall) -> Discount | None:
    """What the brand gives its customers some days after delivery: `offer`, `code` and perhaps `until` in hub.yaml."""
    given = (call.settings.get("brand") or {}).get("discount") if notice == "follow-up-discount" else None
    try:
        return Discount.model_validate(given) if given else None
    except ValidationError:
        raise Refused("no-brand", "The store's discount in hub.yaml has no offer or no code.") from None


def _money(value: Any) -> Money | None:
    return None if value is None else Money.model_validate(value)


def _lines(order: Order) -> list[str]:
    to = order.ship_to
    if to is None:
        return []
    last = " ".join(part for part in (to.city, to.region, to.postcode) if part)
    return [line for line in (to.name, to.line1, to.line2, last, to.country) if line]
