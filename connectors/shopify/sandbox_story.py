"""What became of each order, in words that a person or a test can compare."""

from typing import Any

from connectors.shopify.sandbox_records import EditRecord, ParcelRecord, RefundRecord
from connectors.shopify.sandbox_state import OrderSeed, ShopState

Story = dict[str, Any]


def by_order(state: ShopState) -> dict[str, Story]:
    """Each order's story by its name; what never happened to it is left out, and so is an order without a story."""
    stories = {order.name: _story(order, state) for order in state.orders.values()}
    return {name: story for name, story in stories.items() if story}


def _story(order: OrderSeed, state: ShopState) -> Story:
    holds = [h for part in state.fulfilment[order.id] for h in part.holds]
    told: Story = {
        "tags": sorted(order.tags),
        "holds": sorted({h.handle or h.reason for h in holds}),
        "parcels": [_parcel(p, order) for p in state.parcels_of(order.id)],
        "refunds": [_refund(r) for r in state.refunds[order.id]],
        "cancelled": order.cancelled_at is not None,
        "edits": [_edit(e, order) for e in state.edits[order.id]],
    }
    return {what: found for what, found in told.items() if found}


def _parcel(parcel: ParcelRecord, order: OrderSeed) -> Story:
    return {
        "id": parcel.id.rsplit("/", 1)[-1],
        "status": parcel.status,
        "tracking": [t["number"] for t in parcel.tracking],
        "lines": {_name(order, line): quantity for line, quantity in parcel.units.items()},
        "events": [e.status for e in parcel.events],
        "mails": parcel.mails,
    }


def _refund(refund: RefundRecord) -> Story:
    return {"amount": f"{refund.amount():.2f}", "status": refund.status, "note": refund.note}


def _edit(edit: EditRecord, order: OrderSeed) -> Story:
    return {"note": edit.note, "sales": [[_name(order, s.line), s.quantity] for s in edit.sales]}


def _name(order: OrderSeed, line_id: int) -> str:
    line = order.line(line_id)
    return (line.sku if line else None) or str(line_id)
