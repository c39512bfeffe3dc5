"""The hub's own `purchasing.acknowledge`: when a supplier took a purchase, for the figures of how fast it answers."""

from hub.fulfilment.call import OwnCall
from hub.sdk import Refused
from hub.sdk.commerce import Record
from hub.store import orders, purchases


class PurchaseNamed(Record):
    """A purchase by our reference."""

    reference: str


async def acknowledge(asked: PurchaseNamed, call: OwnCall) -> PurchaseNamed:
    """Note that the supplier acknowledged a purchase; the first time counts."""
    purchase = await purchases.find(call.connection, call.store_id, asked.reference)
    if purchase is None:
        raise Refused("not-bought", f"There is no purchase {asked.reference}.")
    await orders.lock_by_id(call.connection, purchase.order_id)
    await purchases.acknowledge(call.connection, purchase.id, call.now)
    call.link_order(purchase.order_id)
    return asked
