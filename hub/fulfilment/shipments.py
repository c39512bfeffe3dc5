"""The hub's own `shipments` actions: parcels of a purchase, what carriers say of them, and when they fall silent."""

from dataclasses import replace
from uuid import uuid4

from hub.fulfilment import ladder
from hub.fulfilment.call import OwnCall
from hub.fulfilment.carriers import detect
from hub.fulfilment.ladder import State
from hub.fulfilment.shipment import (
    ConfirmShipment,
    NoteTracking,
    ParcelOfOrder,
    Recorded,
    RecordShipments,
    RefundLines,
    Shipment,
    VoidShipment,
    Watched,
    ending_of,
    last_scan_of,
    shown,
    status_of,
)
from hub.fulfilment.watching import can_stall, look_again_in, quiet
from hub.sdk import Parcel, Refused
from hub.sdk.parcels import ShippedLine, TrackedParcel, TrackingEvent
from hub.store import orders, purchases, shipments
from hub.store.purchases import StoredPurchase
from hub.store.shipments import StoredShipment


async def record(asked: RecordShipments, call: OwnCall) -> Recorded:
    """Keep the parcels a supplier named; one that was named before is not another one."""
    purchase = await _locked(asked.purchase, call)
    known = await shipments.of_purchase(call.connection, purchase.id)
    numbers = {s.tracking_number for s in known}
    generation = await purchases.generation_of(call.connection, purchase.id)
    fresh: list[StoredShipment] = []
    for parcel in asked.parcels:
        number = parcel.tracking_number.strip()
        if not number or number in numbers:
            continue
        lines = _share(purchase, [*known, *fresh], parcel)
        made = StoredShipment(
            id=uuid4(),
            store_id=call.store_id,
            order_id=purchase.order_id,
            purchase_id=purchase.id,
            reference=f"{purchase.reference}/{len(known) + len(fresh) + 1}",
            tracking_number=number,
            carrier=detect(number, word=parcel.carrier).carrier or parcel.carrier,
            lines=[line.model_dump() for line in lines],
            state=State().model_dump(mode="json"),
            status="unknown",
            generation=generation,
            created_at=call.now,
        )
        await shipments.insert(call.connection, made)
        numbers.add(number)
        fresh.append(made)
    everything = [shown(s, purchase.reference) for s in [*known, *fresh]]
    return Recorded(shipments=everything, fresh=[shown(s, purchase.reference) for s in fresh])


async def note(asked: NoteTracking, call: OwnCall) -> Watched:
    """Merge what a tracker says, in whatever order it comes; say what is news and whether the parcel fell silent."""
    stored = await _parcel(asked.shipment, call)
    before = State.model_validate(stored.state)
    state, milestones = ladder.merge(before, _events(asked.parcel, call) if asked.parcel else [])
    carrier = stored.carrier or (asked.parcel.carrier if asked.parcel else "")
    silence = quiet(state, stored.created_at, stored.confirmed_at, call.policies)
    is_silent = can_stall(state) and stored.voided_at is None and call.now >= silence.stalls_at
    has_stalled = is_silent and stored.stalled_at is None
    has_moved = stored.stalled_at is not None and not is_silent
    is_lost = (
        ending_of(state, stored.voided_at is not None) in ("lost", "returned") and stored.over_at is None
    )
    is_new_worry = has_stalled or (is_lost and stored.stalled_at is None)
    now = replace(
        stored,
        carrier=carrier,
        state=state.model_dump(mode="json"),
        status=status_of(state),
        last_scan_at=state.last_scan_at,
        delivered_at=state.delivered_at,
        stalled_at=(stored.stalled_at or call.now) if is_silent else None,
        spells=stored.spells + is_new_worry,
        over_at=(stored.over_at or call.now) if state.is_over else None,
    )
    await shipments.put(call.connection, now)
    pause = look_again_in(state, silence, call.now, has_stalled=is_silent, policies=call.policies)
    return Watched(
        shipment=shown(now, _purchase_name(now)),
        milestones=list(milestones),
        has_stalled=has_stalled,
        has_moved=has_moved,
        newest_at=state.last_event_at or call.now,
        ending=ending_of(state, now.voided_at is not None),
        spell=now.spells,
        last_scan=last_scan_of(state, stored.created_at),
        look_again_in=pause,
        gives_up_at=silence.gives_up_at,
    )


async def refundable(asked: ParcelOfOrder, call: OwnCall) -> RefundLines:
    """Which lines of an order a parcel holds, to be given back; no lines where that is the whole order."""
    stored = await _parcel(asked.shipment, call)
    mine = {line["line_id"]: int(line["quantity"]) for line in stored.lines}
    wanted = {line.id: line.quantity for line in asked.order.lines if line.quantity > 0}
    lines = [
        ShippedLine(line_id=id, quantity=min(count, wanted[id]))
        for id, count in mine.items()
        if wanted.get(id)
    ]
    is_whole = not mine or all(mine.get(id, 0) >= count for id, count in wanted.items())
    return RefundLines(lines=[] if is_whole else lines, is_whole=is_whole)


async def confirm(asked: ConfirmShipment, call: OwnCall) -> Shipment:
    """Note that the sales channel shows the parcel; from now on its silence is measured."""
    stored = await _parcel(asked.shipment, call)
    if stored.confirmed_at is None:
        stored = replace(stored, confirmed_at=call.now, fulfilment_id=asked.fulfilment.id)
        await shipments.put(call.connection, stored)
    return shown(stored, _purchase_name(stored))


async def void(asked: VoidShipment, call: OwnCall) -> Shipment:
    """Note that nobody follows this number any more, as after it was replaced."""
    stored = await _parcel(asked.shipment, call)
    if stored.voided_at is None:
        stored = replace(
            stored, voided_at=call.now, replaced_by=asked.replaced_by, over_at=stored.over_at or call.now
        )
        await shipments.put(call.connection, stored)
    return shown(stored, _purchase_name(stored))


async def _locked(reference: str, call: OwnCall) -> StoredPurchase:
    """A purchase that was sent, under the lock of its order."""
    purchase = await purchases.find(call.connection, call.store_id, reference)
    if purchase is None:
        raise Refused("not-bought", f"There is no purchase {reference}.")
    await orders.lock_by_id(call.connection, purchase.order_id)
    call.link_order(purchase.order_id)
    return purchase


async def _parcel(reference: str, call: OwnCall) -> StoredShipment:
    stored = await shipments.lock(call.connection, call.store_id, reference)
    if stored is None:
        raise Refused("no-such-parcel", f"There is no parcel {reference}.")
    call.link_order(stored.order_id)
    return stored


def _purchase_name(stored: StoredShipment) -> str:
    return stored.reference.rpartition("/")[0]


def _share(purchase: StoredPurchase, known: list[StoredShipment], parcel: Parcel) -> list[ShippedLine]:
    """What is in a parcel: what its supplier says, else all that no other parcel of the purchase holds."""
    left = {line["line_id"]: int(line["quantity"]) for line in purchase.lines}
    for other in known:
        for line in other.lines:
            left[line["line_id"]] = left.get(line["line_id"], 0) - int(line["quantity"])
    if not parcel.lines:
        return [ShippedLine(line_id=id, quantity=count) for id, count in left.items() if count > 0]
    for said in parcel.lines:
        if left.get(said.line_id, 0) < said.quantity:
            raise Refused(
                "too-many", f"Purchase {purchase.reference} has not so many of line {said.line_id} left."
            )
    return list(parcel.lines)


def _events(parcel: TrackedParcel, call: OwnCall) -> list[TrackingEvent]:
    """What a tracker said; one that gives a summary without events is taken to speak of now."""
    if parcel.events or parcel.status in ("unknown", "expired"):
        return parcel.events
    is_scan = parcel.status != "pre_transit"
    return [TrackingEvent(status=parcel.status, reason=parcel.reason, happened_at=call.now, is_scan=is_scan)]
