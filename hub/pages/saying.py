"""From a visitor's answer to the event that the hub's flows wait for. Pure."""

from datetime import datetime
from typing import Literal

from hub.engine.store_events import store_event
from hub.fulfilment.aftermath_events import CustomerAnswered
from hub.pages.views import AddressForm, SupplierAnswer, SupplierWord
from hub.pages.visit import Visit
from hub.sdk.commerce import Address, PurchaseOrderStatus
from hub.sdk.trade_events import Parcel, PurchaseOrderChanged
from hub.store.events import StoreEvent
from hub.store.purchases import StoredPurchase

_STATUS: dict[SupplierWord, PurchaseOrderStatus] = {
    "accepted": "accepted",
    "out-of-stock": "rejected",
    "shipped": "shipped",
}


def corrected(to: Address, form: AddressForm) -> Address:
    """The address with what its customer wrote. Country, company and telephone stay, and so does a name left empty."""
    return to.model_copy(update=form.model_dump() | {"name": form.name or to.name})


def customer_says(
    visit: Visit,
    answer: Literal["corrected", "similar", "refund"],
    address: Address | None,
    now: datetime,
) -> StoreEvent:
    """The customer's answer, told for the sales channel whose order it is about."""
    event = CustomerAnswered(
        order_id=visit.known.channel_id,
        number=visit.known.number,
        about=visit.link.subject,
        answer=answer,
        address=address,
        at=now,
    )
    return store_event(visit.asker, visit.config.id, event, visit.kept.source)


def supplier_says(
    visit: Visit, purchase: StoredPurchase, answer: SupplierAnswer, now: datetime
) -> StoreEvent:
    """The supplier's answer, as if its own webhook had brought it; about nobody, so under the store's key."""
    shipped = answer.answer == "shipped"
    parcel = Parcel(tracking_number=answer.tracking_number, carrier=answer.carrier)
    event = PurchaseOrderChanged(
        reference=purchase.reference,
        status=_STATUS[answer.answer],
        parcels=[parcel] if shipped else [],
        reason="" if answer.answer != "out-of-stock" else "out-of-stock",
        changed_at=now,
    )
    return store_event(visit.config.box, visit.config.id, event, purchase.supplier)
