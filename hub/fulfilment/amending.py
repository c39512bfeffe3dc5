"""The hub's own `purchasing` actions about purchases that were sent to an address that is no longer the order's."""

from typing import Annotated, Literal

from hub.fulfilment.call import OwnCall, is_sealed
from hub.fulfilment.decision import AboutOrder
from hub.fulfilment.orders import address_digest, order_key
from hub.sdk import HubError, Refused
from hub.sdk.amendments import AmendPurchase
from hub.sdk.commerce import Address, Internal, NewPurchaseOrder, Order, Record
from hub.store import amendments, orders
from hub.store.amendments import Sent
from hub.store.orders import OrderKey


class OrderNamed(Record):
    """An order by its channel's id."""

    order_id: str


class UnderWay(Record):
    """Our references of purchases that were sent and of which nothing has arrived."""

    references: list[str]


class SentPurchase(Record):
    """A purchase that was sent to another address than is wanted now; `parcels` of it have left already."""

    supplier: Annotated[str, Internal()]
    reference: str
    parcels: list[str]


class SentElsewhere(Record):
    """The purchases of an order that go to another address than the order has now. `is_known_bad`: that address was
    verified already, and goods cannot be sent there."""

    purchases: list[SentPurchase]
    is_known_bad: bool = False


class AmendAddress(Record):
    """An order as it is now, and the purchase that is to go where it says."""

    order: Order
    reference: str


class SettleAmendment(Record):
    """What became of a wish to change a purchase: its supplier's word, or a person's. `unknown`: nobody can say whether
    the supplier was told."""

    amendment: str
    state: Literal["requested", "amended", "refused", "unknown"]


class AmendmentSettled(Record):
    """The wish that was settled."""

    amendment: str


async def under_way(asked: OrderNamed, call: OwnCall) -> UnderWay:
    """Tell which purchases of an order were sent and have not arrived; none where the order is not known."""
    key = OrderKey(call.store_id, call.source, asked.order_id)
    stored = await orders.lock(call.connection, key)
    if stored is None:
        return UnderWay(references=[])
    call.link_order(stored.id)
    found = await amendments.under_way(call.connection, stored.id)
    return UnderWay(references=[sent.reference for sent in found])


async def sent_elsewhere(asked: AboutOrder, call: OwnCall) -> SentElsewhere:
    """Tell which purchases go to another address than the order has now, by what was sent or asked for last."""
    stored = await orders.lock(call.connection, order_key(asked.order, call))
    if stored is None or asked.order.ship_to is None:
        return SentElsewhere(purchases=[])
    found = await amendments.under_way(call.connection, stored.id)
    is_same = is_sealed(stored.verified_address or b"", address_digest(asked.order.ship_to), call.sealer)
    return SentElsewhere(
        is_known_bad=is_same and not stored.is_address_good,
        purchases=[
            SentPurchase(supplier=sent.supplier, reference=sent.reference, parcels=list(sent.parcels))
            for sent in found
            if not _goes_to(asked.order.ship_to, sent, call)
        ],
    )


async def amend(asked: AmendAddress, call: OwnCall) -> AmendPurchase:
    """The guard of every amendment: write the wish down once, for an order that stands and an address that is good."""
    order = asked.order
    stored = await orders.lock(call.connection, order_key(order, call))
    if stored is None:
        raise Refused("not-bought", f"Order {order.number} was not recorded.")
    call.link_order(stored.id)
    if order.cancelled_at is not None or stored.cancel_requested_at is not None:
        raise Refused("cancelled", f"Order {order.number} was cancelled.")
    digest = address_digest(order.ship_to) if order.ship_to else b""
    is_good = stored.is_address_good and stored.verified_address is not None
    if (
        order.ship_to is None
        or not is_good
        or not is_sealed(stored.verified_address or b"", digest, call.sealer)
    ):
        raise Refused("unverified-address", f"The address of order {order.number} has no good verdict.")
    found = await amendments.under_way(call.connection, stored.id)
    sent = next((one for one in found if one.reference == asked.reference), None)
    if sent is None:
        raise Refused("not-bought", f"Purchase {asked.reference} is not under way.")
    if sent.state in ("requested", "amended") and _goes_to(order.ship_to, sent, call):
        raise Refused("already-asked", f"Purchase {asked.reference} is to go there already.")
    owner = (call.store_id, call.run_id)
    number = await amendments.ask(call.connection, sent, call.sealer.seal(digest), owner, call.now)
    return AmendPurchase(
        reference=sent.reference, amendment=f"{sent.reference}~{number}", ship_to=order.ship_to
    )


async def settle(asked: SettleAmendment, call: OwnCall) -> AmendmentSettled:
    """Keep what became of a wish to change a purchase; the last word counts."""
    reference, _, number = asked.amendment.rpartition("~")
    wish = (reference, int(number) if number.isdecimal() and len(number) < 9 else 0)
    if not await amendments.settle(call.connection, call.store_id, wish, asked.state, call.now):
        raise Refused("not-asked", f"Nobody asked for {asked.amendment}.")
    return AmendmentSettled(amendment=asked.amendment)


def _goes_to(address: Address, sent: Sent, call: OwnCall) -> bool:
    """Whether a purchase goes to this address, or was last asked to. A wish that was not granted changed nothing, but
    it need not be made once more; one that may be granted, or was perhaps, leaves open where the purchase goes."""
    digest = address_digest(address)
    if sent.wanted is not None and is_sealed(sent.wanted, digest, call.sealer):
        return True
    if sent.state in ("requested", "unknown"):
        return False
    if sent.granted is not None:
        return is_sealed(sent.granted, digest, call.sealer)
    try:
        first = NewPurchaseOrder.model_validate_json(call.sealer.open(sent.request))
    except HubError:
        # It was sealed for somebody else, and so is certainly not the same order as it was.
        return False
    return address_digest(first.ship_to) == digest
