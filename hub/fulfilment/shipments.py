"""The hub's own `shipments` actions: parcels of a purchase, what carriers say of them, and when they fall silent."""

from dataclasses import replace
from uuid import uuid4

from hub.fulfilment import ladder
from hub.fulfilment.call import OwnCall
from hub.fulfilment.carriers import detect
from hub.fulfilment.copies import other_channels
from hub.fulfilment.ladder import State
from hub.fulfilment.parcel_contents import essence, kits_in, left_of, place
from hub.fulfilment.parcel_kin import same_units
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
    purchase_of,
    shown,
    status_of,
)
from hub.fulfilment.watching import can_stall, is_over, look_again_in, quiet
from hub.sdk import Refused
from hub.sdk.parcels import ShippedLine, TrackedParcel, TrackingEvent
from hub.store import mirrors, orders, purchases, shipments
from hub.store.purchases import StoredPurchase
from hub.store.shipments import StoredShipment


async def record(asked: RecordShipments, call: OwnCall) -> Recorded:
    """Keep the parcels a supplier named; one that was named before is not another one, and one that goes in place of
    an unused number makes that number void. A purchase that left without any number is noted as untracked."""
    purchase = await _locked(asked.purchase, call)
    known = await shipments.of_purchase(call.connection, purchase.id)
    generation = await purchases.generation_of(call.connection, purchase.id)
    fresh: list[str] = []
    for parcel in asked.parcels:
        number = parcel.tracking_number.strip()
        if not essence(number) or essence(number) in {essence(s.tracking_number) for s in known}:
            continue
        found = place(purchase, known, asked.parcels, parcel, asked.said_at or call.now)
        made = StoredShipment(
            id=uuid4(),
            store_id=call.store_id,
            order_id=purchase.order_id,
            purchase_id=purchase.id,
            reference=f"{purchase.reference}/{len(known) + 1}",
            tracking_number=number,
            carrier=detect(number, word=parcel.carrier).carrier or parcel.carrier,
            lines=[line.model_dump() for line in found.lines],
            state=State().model_dump(mode="json"),
            status="unknown",
            generation=generation,
            created_at=call.now,
            # A supplier's clock may run ahead of ours; nothing leaves in the future.
            shipped_at=min(asked.said_at or call.now, call.now),
        )
        await shipments.insert(call.connection, made)
        replaced = {old.reference: await _voided(old, made.reference, call) for old in found.replaces}
        known = [*(replaced.get(s.reference, s) for s in known), made]
        fresh.append(made.reference)
    live = [s for s in known if s.voided_at is None]
    left_at = min(asked.said_at or call.now, call.now)
    await purchases.note_untracked(call.connection, purchase.id, None if live else left_at)
    return Recorded(
        shipments=[shown(s) for s in known],
        fresh=[shown(s) for s in known if s.reference in fresh],
        is_complete=not any(count > 0 for count in left_of(purchase, live).values()),
    )


async def note(asked: NoteTracking, call: OwnCall) -> Watched:
    """Merge what a tracker says, in whatever order it comes; say what is news and whether the parcel fell silent."""
    stored = await _parcel(asked.shipment, call)
    is_void = stored.voided_at is not None
    before = State.model_validate(stored.state)
    state, milestones = ladder.merge(before, _events(asked.parcel, call) if asked.parcel else [])
    silence = quiet(state, stored.created_at, stored.confirmed_at, call.policies)
    is_silent = can_stall(state) and not is_void and call.now >= silence.stalls_at
    has_stalled = is_silent and stored.stalled_at is None
    ending = ending_of(state, is_void)
    is_lost = ending in ("lost", "returned") and stored.over_at is None
    is_new_worry = has_stalled or (is_lost and stored.stalled_at is None)
    now = replace(
        stored,
        carrier=stored.carrier or (asked.parcel.carrier if asked.parcel else ""),
        state=state.model_dump(mode="json"),
        status=status_of(state),
        last_scan_at=state.last_scan_at,
        delivered_at=state.delivered_at,
        stalled_at=(stored.stalled_at or call.now) if is_silent else None,
        spells=stored.spells + is_new_worry,
        over_at=(stored.over_at or call.now) if is_void or is_over(state) else None,
    )
    await shipments.put(call.connection, now)
    return Watched(
        shipment=shown(now, instead_of=await _instead_of(now, call)),
        # Nobody is told of the way of a number that another has taken the place of.
        milestones=[] if is_void else list(milestones),
        has_stalled=has_stalled,
        has_moved=stored.stalled_at is not None and not is_silent,
        newest_at=state.last_event_at or call.now,
        ending=ending,
        spell=now.spells,
        last_scan=last_scan_of(state, stored.created_at),
        look_again_in=look_again_in(state, silence, call.now, has_stalled=is_silent, policies=call.policies),
        gives_up_at=silence.gives_up_at,
        is_last=ending == "delivered" and await _is_last(now, call),
        is_mirrored=bool(other_channels(call) and await mirrors.mirrors_of(call.connection, now.order_id)),
    )


async def refundable(asked: ParcelOfOrder, call: OwnCall) -> RefundLines:
    """Which lines of an order a parcel holds, to be given back or bought again; none to give back singly where that is
    the whole order."""
    stored = await _parcel(asked.shipment, call)
    mine = {line["line_id"]: int(line["quantity"]) for line in stored.lines} or await _kits(stored, call)
    wanted = {line.id: line.quantity for line in asked.order.lines if line.quantity > 0}
    lines = [
        ShippedLine(line_id=id, quantity=min(count, wanted[id]))
        for id, count in mine.items()
        if wanted.get(id)
    ]
    purchase = await purchases.find(call.connection, call.store_id, purchase_of(stored))
    bought = {kept["line_id"]: int(kept["quantity"]) for kept in purchase.lines} if purchase else {}
    is_whole = not mine or all(mine.get(id, 0) >= count for id, count in wanted.items())
    return RefundLines(
        lines=[] if is_whole else lines,
        is_whole=is_whole,
        line_ids=[line.line_id for line in lines],
        is_by_line=all(
            mine[line.line_id] >= min(wanted[line.line_id], bought.get(line.line_id, wanted[line.line_id]))
            for line in lines
        ),
        # Of several kits nobody knows of which it holds a part.
        is_known=bool(stored.lines) or len(mine) == 1,
    )


async def confirm(asked: ConfirmShipment, call: OwnCall) -> Shipment:
    """Note that the sales channel shows the parcel; from now on its silence is measured."""
    stored = await _parcel(asked.shipment, call)
    if stored.confirmed_at is None:
        stored = replace(stored, confirmed_at=call.now, fulfilment_id=asked.fulfilment.id)
        await shipments.put(call.connection, stored)
    return shown(stored)


async def void(asked: VoidShipment, call: OwnCall) -> Shipment:
    """Note that nobody follows this number any more, as after it was replaced."""
    return shown(await _voided(await _parcel(asked.shipment, call), asked.replaced_by, call))


async def _voided(stored: StoredShipment, replaced_by: str, call: OwnCall) -> StoredShipment:
    if stored.voided_at is not None:
        return stored
    void = replace(
        stored,
        voided_at=call.now,
        replaced_by=replaced_by,
        over_at=stored.over_at or call.now,
        stalled_at=None,
    )
    await shipments.put(call.connection, void)
    return void


async def _instead_of(stored: StoredShipment, call: OwnCall) -> str:
    """The channel's fulfilment of the newest void parcel with any of the same units; it may carry this number now."""
    void = [
        other
        for other in await shipments.of_order(call.connection, stored.order_id)
        if other.voided_at is not None and other.fulfilment_id and other.id != stored.id
    ]
    if not void:
        return ""
    is_same = await same_units(stored.order_id, call)
    same = [other for other in void if is_same(stored, other)]
    return max(same, key=lambda other: other.created_at).fulfilment_id if same else ""


async def _is_last(stored: StoredShipment, call: OwnCall) -> bool:
    """Whether no other parcel of the order is on its way, and none of its purchases has still to leave."""
    parcels = await shipments.of_order(call.connection, stored.order_id)
    if any(other.over_at is None for other in parcels if other.id != stored.id):
        return False
    left = {parcel.purchase_id for parcel in parcels}
    bought = await purchases.purchases_of(call.connection, stored.order_id)
    return not any(
        p.state in ("planned", "claimed") or (p.state == "confirmed" and p.id not in left) for p in bought
    )


async def _kits(stored: StoredShipment, call: OwnCall) -> dict[str, int]:
    purchase = await purchases.find(call.connection, call.store_id, purchase_of(stored))
    parcels = await shipments.of_purchase(call.connection, stored.purchase_id)
    return kits_in(purchase, (p for p in parcels if p.voided_at is None)) if purchase else {}


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


def _events(parcel: TrackedParcel, call: OwnCall) -> list[TrackingEvent]:
    """What a tracker said; one that gives a summary without events is taken to speak of now."""
    if parcel.events or parcel.status in ("unknown", "expired"):
        return parcel.events
    is_scan = parcel.status != "pre_transit"
    return [TrackingEvent(status=parcel.status, reason=parcel.reason, happened_at=call.now, is_scan=is_scan)]
