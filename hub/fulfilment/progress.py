"""The hub's own `purchasing.progress`: how far a supplier is with a purchase, and the number it knows it by."""

from typing import Annotated

from hub.fulfilment.call import OwnCall
from hub.sdk import Refused
from hub.sdk.commerce import Internal, PurchaseOrderStatus, Record
from hub.store import orders, progress, purchases

RANK: dict[PurchaseOrderStatus, int] = {
    "requested": 0, "accepted": 1, "in_production": 2, "rejected": 3, "cancelled": 3, "shipped": 4,
}  # fmt: skip
"""News comes late and out of order: an earlier stage never replaces a later one, and what has left has left."""


class SupplierSays(Record):
    """What a supplier says of a purchase; `supplier_reference` is its own number, where it names one."""

    reference: str
    status: PurchaseOrderStatus
    supplier_reference: Annotated[str, Internal()] = ""


class Progress(Record):
    """How far a purchase is, by all that its supplier has said."""

    reference: str
    status: PurchaseOrderStatus


async def note(said: SupplierSays, call: OwnCall) -> Progress:
    """Keep how far a supplier is with a purchase, and its own number once it names one."""
    purchase = await purchases.find(call.connection, call.store_id, said.reference)
    if purchase is None:
        raise Refused("not-bought", f"There is no purchase {said.reference}.")
    await orders.lock_by_id(call.connection, purchase.order_id)
    call.link_order(purchase.order_id)
    known = await purchases.status_of(call.connection, purchase.id)
    status = max(said.status, known or said.status, key=lambda s: RANK.get(s, 0))
    await progress.keep(call.connection, purchase.id, status, said.supplier_reference)
    return Progress(reference=said.reference, status=status)
