"""The hub's own `purchasing.reship`: what was lost or spoiled on its way is bought once more, and once only."""

from collections.abc import Collection
from typing import Literal
from uuid import UUID

from hub.fulfilment.call import OwnCall
from hub.fulfilment.dividing import Key
from hub.fulfilment.orders import order_key
from hub.fulfilment.screening import shippable
from hub.sdk import Refused
from hub.sdk.commerce import Order, Record
from hub.store import orders, portions, purchases, replacements
from hub.store.purchases import StoredPurchase
from hub.store.replacements import BoughtLine, Replacement

ReshipReason = Literal["lost", "stalled", "damaged", "wrong-item", "returned", "other"]


class Reship(Record):
    """Which purchase, by our reference, did not arrive as it should; without `lines`, all that is still wanted of it.

    `expedite` asks the supplier for its fastest service; the shipping method stays the customer's.
    """

    order: Order
    reference: str
    lines: list[str] = []
    reason: ReshipReason
    expedite: bool = False


class Reshipped(Record):
    """The lines that may be bought once more. `is_new` is false where this was asked before, and nothing changed."""

    reference: str
    lines: list[str]
    generation: int
    is_new: bool


async def reship(asked: Reship, call: OwnCall) -> Reshipped:
    """Let lines of a confirmed purchase be bought once more; assign and route the order to do it.

    Asked again before that is bought, it says the same; afterwards it is refused with whom it was bought from.
    """
    order = asked.order
    stored = await orders.lock(call.connection, order_key(order, call))
    if stored is not None and (order.cancelled_at is not None or stored.cancel_requested_at is not None):
        raise Refused("cancelled", f"Order {order.number} was cancelled.")
    purchase = await purchases.find(call.connection, call.store_id, asked.reference)
    if stored is None or purchase is None or purchase.order_id != stored.id:
        raise Refused("not-bought", f"Order {order.number} has no purchase {asked.reference}.")
    call.link_order(stored.id)
    if purchase.state != "confirmed":
        raise Refused("not-bought", f"Purchase {asked.reference} is {purchase.state}, not confirmed.")
    bought = await replacements.bought_lines(call.connection, purchase.id)
    lines = _meant(asked, purchase, bought)
    _refuse_replaced([bought[line] for line in lines], asked.reference)
    fresh = [line for line in lines if not bought[line].is_raised]
    if fresh:
        await _raise(fresh, asked, purchase, call)
    generations = await orders.generations(call.connection, stored.id)
    return Reshipped(
        reference=asked.reference,
        lines=lines,
        generation=max(generations[line] for line in lines),
        is_new=bool(fresh),
    )


async def note_for(bought: Collection[Key], order_id: UUID, call: OwnCall) -> str:
    """What a supplier is told of a purchase of these portions, if it replaces another."""
    originals = await replacements.originals(call.connection, order_id)
    mine = [originals[key] for key in bought if key in originals]
    if not mine:
        return ""
    references = ", ".join(sorted({original.reference for original in mine}))
    hurry = "; please send by the fastest service" if any(o.is_expedited for o in mine) else ""
    return f"Replacement for {references}{hurry}"


def _meant(asked: Reship, purchase: StoredPurchase, bought: dict[str, BoughtLine]) -> list[str]:
    """The lines asked for. What was refunded meanwhile is bought for nobody."""
    if strange := sorted(set(asked.lines) - bought.keys()):
        raise Refused("not-bought", f"Purchase {asked.reference} has no line {', '.join(strange)}.")
    wanted = {line.id for line in shippable(asked.order)}
    lines = [line for line in sorted(set(asked.lines) or bought.keys()) if line in wanted]
    if not lines or (asked.lines and len(lines) < len(set(asked.lines))):
        raise Refused("cancelled", f"Lines of purchase {purchase.reference} are not wanted any more.")
    return lines


def _refuse_replaced(lines: list[BoughtLine], reference: str) -> None:
    if later := sorted({f"{x.later_reference} ({x.later_supplier})" for x in lines if x.later_reference}):
        raise Refused("already-replaced", f"Purchase {reference} was replaced by {', '.join(later)}.")


async def _raise(fresh: list[str], asked: Reship, purchase: StoredPurchase, call: OwnCall) -> None:
    why = f"{asked.reason}: in place of {purchase.reference}"
    await portions.raise_generation(call.connection, purchase.id, fresh, why)
    new = Replacement(purchase.id, asked.reason, asked.expedite, call.run_id)
    await replacements.keep(call.connection, purchase.order_id, fresh, new, call.now)
