"""The hub's own `purchasing` actions that buy: the claim, which guards every purchase, and what follows an answer."""

from collections.abc import Sequence

from hub.fulfilment.call import OwnCall, is_sealed
from hub.fulfilment.candidates import OUT_OF_STOCK
from hub.fulfilment.decision import ClaimPurchase, Confirmed, GiveBack, PlannedPurchase, Released
from hub.fulfilment.dividing import is_bought, key_of
from hub.fulfilment.exporting import next_export
from hub.fulfilment.kits import parts_of
from hub.fulfilment.linking import link_to
from hub.fulfilment.orders import address_digest, order_digest, order_key
from hub.fulfilment.promises import leaves_by
from hub.fulfilment.purchasing import purchase_lines
from hub.fulfilment.replacing import note_for
from hub.fulfilment.screening import is_paid
from hub.sdk import Refused
from hub.sdk.commerce import NewPurchaseOrder, Order, PurchaseLine, PurchaseOrder, Record
from hub.store import exports, orders, portions, purchases, stock
from hub.store.orders import StoredOrder
from hub.store.purchases import StoredPurchase, SupplierAnswer

ACKNOWLEDGED = ("accepted", "in_production", "shipped")
"""Words of a supplier that has taken a purchase, and not only received it."""


class ConfirmPurchase(Record):
    """What a supplier answered."""

    purchase: PurchaseOrder


async def claim(asked: ClaimPurchase, call: OwnCall) -> NewPurchaseOrder:
    """The guard of every purchase: what may be bought now, for good claimed by this run, addressed from the order.

    Cancelling takes the same lock. The same run may ask again and gets the same answer.
    """
    order, wanted = asked.order, asked.purchase
    stored = await orders.lock(call.connection, order_key(order, call))
    if stored is None:
        raise Refused("not-assigned", f"Order {order.number} was not recorded.")
    call.link_order(stored.id)
    await _refuse_unwanted(order, stored, call)
    purchase = await _assigned(order, wanted, stored, call)
    _refuse_unverified(order, stored, call)
    digest = await purchases.lines_digest(call.connection, purchase.decision_id)
    if not is_sealed(digest, order_digest(order), call.sealer):
        raise Refused("changed", "Lines or total are not those that were assigned.")
    if purchase.state == "planned":
        await _take(purchase, call)
    assert order.ship_to is not None  # _refuse_unverified has seen it
    return NewPurchaseOrder(
        reference=purchase.reference,
        order_number=order.number,
        ship_to=order.ship_to,
        shipping_method=order.shipping_method,
        lines=purchase_lines(purchase.lines, order),
        note=await note_for([key_of(kept) for kept in purchase.lines], stored.id, call),
        answer_url=await _answer_url(purchase, call),
    )


async def confirm(asked: ConfirmPurchase, call: OwnCall) -> Confirmed:
    """Keep a supplier's answer; the reserved units become consumed. A rejection is refused: give it back."""
    answer = asked.purchase
    if answer.status in ("rejected", "cancelled"):
        raise Refused("rejected", answer.reason or f"The supplier says {answer.status}.")
    purchase = await _locked(answer.reference, call)
    if purchase.state not in ("claimed", "confirmed"):
        raise Refused("not-claimed", f"Purchase {answer.reference} is {purchase.state}.")
    cost = answer.cost
    kept = SupplierAnswer(
        answer.status,
        answer.supplier_reference,
        cost.amount if cost else None,
        cost.currency if cost else None,
    )
    spec = next((one for one in call.suppliers if one.connection == purchase.supplier), None)
    reaches_it = next_export(spec, call.calendar.zone, call.now) if answer.is_batched else call.now
    ship_by = leaves_by(spec, call.calendar, reaches_it) if spec else None
    await purchases.confirm(call.connection, purchase.id, kept, call.now, ship_by)
    if answer.status in ACKNOWLEDGED:
        await purchases.acknowledge(call.connection, purchase.id, call.now)
    if purchase.state == "claimed":
        await stock.settle_reservations(call.connection, [purchase.id], "consumed", call.now)
    if answer.is_batched:
        await exports.lay_aside(call.connection, call.store_id, purchase.supplier, purchase.id, call.now)
    acknowledge_by = reaches_it + call.policies.acknowledge_within
    return Confirmed(reference=answer.reference, status=answer.status, acknowledge_by=acknowledge_by)


async def give_back(asked: GiveBack, call: OwnCall) -> Released:
    """After a definite refusal: free the claim and the units, and let the lines be assigned once more."""
    purchase = await _locked(asked.reference, call)
    lines = [x["line_id"] for x in purchase.lines]
    generation = max((await orders.generations(call.connection, purchase.order_id)).values(), default=0)
    if purchase.state in ("given-back", "dropped"):
        return Released(reference=asked.reference, lines=lines, generation=generation)
    await purchases.give_back(call.connection, purchase.id, asked.reason, call.now)
    await stock.settle_reservations(call.connection, [purchase.id], "released", call.now)
    articles = [part["supplier_sku"] for kept in purchase.lines for part in parts_of(kept)]
    # Who gives back what was cancelled does as it was asked, and may have plenty.
    is_cancelled = await orders.is_cancelled(call.connection, purchase.order_id)
    if asked.reason == OUT_OF_STOCK and len(articles) == 1 and not is_cancelled:
        await _believe(purchase.supplier, articles[0], call)
    if purchase.state != "planned":
        raised = await portions.raise_generation(call.connection, purchase.id, lines, asked.reason)
        generation = generation if raised is None else raised
    return Released(reference=asked.reference, lines=lines, generation=generation)


async def _answer_url(purchase: StoredPurchase, call: OwnCall) -> str:
    """A page for a supplier whose people answer, not its machines; none where the store has no address of its own."""
    is_by_mail = any(one.connection == purchase.supplier and one.level == 1 for one in call.suppliers)
    if not is_by_mail or not call.settings.get("public_url"):
        return ""
    return await link_to(call, purchase.order_id, "supplier", purchase.reference)


async def _refuse_unwanted(order: Order, stored: StoredOrder, call: OwnCall) -> None:
    if order.cancelled_at is not None or stored.cancel_requested_at is not None:
        raise Refused("cancelled", f"Order {order.number} was cancelled.")
    if stored.mirrors is not None:
        raise Refused("mirrored", f"Order {order.number} is bought as another channel's.")
    if not is_paid(order):
        raise Refused("unpaid", f"The payment of order {order.number} is {order.payment}.")
    live_from = await orders.live_from(call.connection, call.source)
    if live_from is not None and order.created_at < live_from:
        raise Refused("before-go-live", f"Order {order.number} was made before the hub went live.")


async def _assigned(
    order: Order, wanted: PlannedPurchase, stored: StoredOrder, call: OwnCall
) -> StoredPurchase:
    """The kept purchase that this one claims to be; the kept one counts, never what the flow passed."""
    purchase = await purchases.find(call.connection, call.store_id, wanted.reference)
    if purchase is None or purchase.order_id != stored.id or purchase.state in ("given-back", "dropped"):
        raise Refused(
            "not-assigned", f"No decision on order {order.number} plans purchase {wanted.reference}."
        )
    if purchase.supplier != wanted.supplier or _bought(wanted.lines) != sorted(
        (x["line_id"], part["supplier_sku"], part["quantity"]) for x in purchase.lines for part in parts_of(x)
    ):
        raise Refused(
            "not-assigned", f"Purchase {wanted.reference} was decided for another supplier or other lines."
        )
    if purchase.state == "confirmed" or purchase.claimed_by not in (None, call.run_id):
        raise Refused("already-claimed", f"Purchase {wanted.reference} is {purchase.state} already.")
    return purchase


def _refuse_unverified(order: Order, stored: StoredOrder, call: OwnCall) -> None:
    if order.ship_to is None or not stored.is_address_good or stored.verified_address is None:
        raise Refused("unverified-address", f"The address of order {order.number} has no good verdict.")
    if not is_sealed(stored.verified_address, address_digest(order.ship_to), call.sealer):
        raise Refused(
            "unverified-address", f"The address of order {order.number} changed since it was verified."
        )


async def _take(purchase: StoredPurchase, call: OwnCall) -> None:
    if purchase.reserved_until <= call.now:
        raise Refused(
            "reservation-expired", f"The units of {purchase.reference} are no longer held; assign anew."
        )
    if not await purchases.claim(call.connection, call.store_id, purchase, call.run_id, call.now):
        if is_bought(purchase.lines, await portions.of_order(call.connection, purchase.order_id)):
            raise Refused("already-claimed", f"A line of {purchase.reference} is bought already.")
        raise Refused("changed", f"Lines of {purchase.reference} are of other quantities now; assign anew.")
    await stock.settle_reservations(call.connection, [purchase.id], "claimed", call.now)


async def _believe(supplier: str, article: str, call: OwnCall) -> None:
    """A supplier who has none says more than its feed: until the next figure, nobody else is sent there in vain."""
    none_left = stock.Level(supplier, article, 0, call.now)
    await stock.keep_levels(call.connection, call.store_id, [none_left], call.now, is_said=False)


async def _locked(reference: str, call: OwnCall) -> StoredPurchase:
    """A purchase under the lock of its order."""
    purchase = await purchases.find(call.connection, call.store_id, reference)
    if purchase is not None:
        await orders.lock_by_id(call.connection, purchase.order_id)
        # Read again: it may have changed while we waited for the lock.
        purchase = await purchases.find(call.connection, call.store_id, reference)
    if purchase is None:
        raise Refused("not-assigned", f"There is no purchase {reference}.")
    return purchase


def _bought(lines: Sequence[PurchaseLine]) -> list[tuple[str, str, int]]:
    return sorted((line.line_id, line.supplier_sku, line.quantity) for line in lines)
