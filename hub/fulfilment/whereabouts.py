"""The hub's own `shipments.asked_after`: where an order's parcels are, for staff whom its customer asks."""

from hub.fulfilment.call import OwnCall
from hub.fulfilment.ladder import State
from hub.fulfilment.shipment import ending_of, last_scan_of, status_of
from hub.sdk import Refused
from hub.sdk.commerce import Record
from hub.store import orders, shipments, whereabouts
from hub.store.shipments import StoredShipment


class AskedAfter(Record):
    """An order by the number its customer named."""

    number: str


class Whereabouts(Record):
    """`text` says of each parcel where it is, for staff only: it may hold a supplier's tracking number.

    `is_delivered`: carriers say that every parcel of the order arrived. `times_asked` counts this question too.
    """

    order_id: str
    number: str
    is_delivered: bool
    times_asked: int
    text: str


async def asked_after(asked: AskedAfter, call: OwnCall) -> Whereabouts:
    """Say where an order's parcels are, and how often its customer has asked."""
    found = await whereabouts.by_number(call.connection, call.store_id, asked.number)
    if len(found) != 1:
        raise Refused("not-known", f"There are {len(found)} orders with the number {asked.number[:40]}.")
    [order] = found
    await orders.lock_by_id(call.connection, order.id)
    call.link_order(order.id)
    parcels = [
        p for p in await shipments.of_order(call.connection, order.id) if p.voided_at is None
    ]  # fmt: skip
    before = await whereabouts.runs_of_same_flow(call.connection, order.id, call.run_id)
    return Whereabouts(
        order_id=order.channel_id,
        number=order.number,
        is_delivered=bool(parcels) and all(_is_delivered(p) for p in parcels),
        times_asked=before + 1,
        text="\n".join(map(_line, parcels)) or "No parcel has left yet.",
    )


def _is_delivered(parcel: StoredShipment) -> bool:
    return ending_of(State.model_validate(parcel.state), is_void=False) == "delivered"


def _line(parcel: StoredShipment) -> str:
    state = State.model_validate(parcel.state)
    where = status_of(state).replace("_", " ")
    if state.delivered_at is not None:
        where += f" at {state.delivered_at.isoformat(timespec='minutes')}"
    return f"{parcel.tracking_number}: {where}. Last scan: {last_scan_of(state, parcel.created_at)}."
