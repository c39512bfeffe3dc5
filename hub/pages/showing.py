"""From what the hub keeps to what a visitor sees, field by field: nothing else of it comes near a page. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from hub.fulfilment.customer_view import CustomerItem, Offered
from hub.fulfilment.kits import parts_of
from hub.fulfilment.ladder import State
from hub.fulfilment.screening import NO_POSTCODES
from hub.fulfilment.wording import carrier_name
from hub.pages.views import (
    AddressForm,
    AddressView,
    ChoiceView,
    Item,
    ParcelView,
    SupplierLine,
    SupplierView,
    TrackingView,
)
from hub.pages.visit import Visit
from hub.sdk.commerce import Address, Order
from hub.store.purchases import StoredPurchase
from hub.store.shipments import StoredShipment

_QUESTIONS: Mapping[str, str] = {
    "missing_secondary": "The carrier would not find your door: the apartment or unit seems to be missing.",
    "undeliverable": "The carrier does not know this address. Please check it letter by letter.",
}
"""By the verifier's word, what its customer is asked."""
_QUESTION = "We are not sure that this address is right. Please check it."
_PRICE_NOTES: Mapping[str, str] = {
    "free": "It costs you nothing more.",
    "refund_difference": "It costs you nothing more; if it is cheaper, you get the difference back.",
}
_TAKEN = ("accepted", "in_production", "shipped")


def tracking_view(visit: Visit, parcels: Iterable[StoredShipment]) -> TrackingView:
    """An order and its parcels; a number that is worth nothing any more is left out."""
    order = visit.order
    shows_number = (visit.config.settings.get("brand") or {}).get("tracking_number", "shown") != "hidden"
    return TrackingView(
        store=visit.config.id,
        order_number=visit.known.number,
        items=[
            Item(title=line.title, variant=line.variant, quantity=line.quantity)
            for line in order.lines
            if line.quantity > 0
        ],
        parcels=[_parcel(one, order, shows_number) for one in parcels if one.voided_at is None],
    )


def address_view(visit: Visit, to: Address) -> AddressView:
    """The question about an order's address, with the address as it is."""
    return AddressView(
        store=visit.config.id,
        order_number=visit.known.number,
        question=_QUESTIONS.get(visit.known.verdict or "", _QUESTION),
        address=AddressForm.model_validate(to.model_dump(include=set(AddressForm.model_fields))),
        country=to.country,
        needs_postcode=to.country not in NO_POSTCODES,
    )


def choice_view(visit: Visit, offered: Offered) -> ChoiceView:
    """What the customer was told when the link was made, whatever became of the order since."""
    return ChoiceView(
        store=visit.config.id,
        order_number=visit.known.number,
        item=_item(offered.missing),
        similar=_item(offered.similar) if offered.similar else None,
        price_note=_PRICE_NOTES[visit.config.policies.similar_price],
    )


def supplier_view(visit: Visit, purchase: StoredPurchase, status: str | None) -> SupplierView:
    """A purchase in its supplier's own terms. `status` is what the supplier said of it, by whatever way."""
    order = visit.order
    titles = {line.id: line.title for line in order.lines}
    return SupplierView(
        store=visit.config.id,
        reference=purchase.reference,
        lines=[
            SupplierLine(
                sku=part["supplier_sku"], title=titles.get(line["line_id"], ""), quantity=part["quantity"]
            )
            for line in purchase.lines
            for part in parts_of(line)
        ],
        ship_to=_label(order.ship_to),
        is_accepted=visit.link.answer == "accepted" or status in _TAKEN,
    )


def _parcel(kept: StoredShipment, order: Order, shows_number: bool) -> ParcelView:
    state = State.model_validate(kept.state)
    return ParcelView(
        rung=state.rung,
        overlay=state.overlay,
        reason=state.reason,
        last_event_at=state.last_event_at,
        known_since=kept.created_at,
        delivered_at=state.delivered_at,
        carrier=carrier_name(kept.carrier) if shows_number else "",
        tracking_number=kept.tracking_number if shows_number else "",
        items=_contents(kept.lines, order),
    )


def _contents(lines: list[dict[str, Any]], order: Order) -> list[Item]:
    known = {line.id: line for line in order.lines}
    return [
        Item(title=line.title, variant=line.variant, quantity=said["quantity"])
        for said in lines
        if (line := known.get(said["line_id"]))
    ]


def _item(told: CustomerItem) -> Item:
    return Item(title=told.title, variant=told.variant, quantity=told.quantity)


def _label(to: Address | None) -> list[str]:
    """An address in the lines in which it stands on a parcel."""
    if to is None:
        return []
    town = " ".join(part for part in (to.city, to.region, to.postcode) if part)
    return [line for line in (to.name, to.company, to.line1, to.line2, town, to.country) if line]
