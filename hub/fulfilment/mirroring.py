"""The hub's own `shipments` actions for orders that several channels have: each of them shows every parcel once."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID, uuid4

from pydantic import AwareDatetime

from hub.fulfilment.aftermath_events import ParcelMirrored
from hub.fulfilment.call import OwnCall
from hub.fulfilment.ladder import State
from hub.fulfilment.parcel_kin import SameUnits, same_units
from hub.fulfilment.shipment import ShipmentRef, status_of
from hub.sdk import Refused
from hub.sdk.commerce import Record
from hub.sdk.parcels import Fulfilled, ShippedLine, TrackingReason, TrackingStatus
from hub.store import mirrors, orders, shipments
from hub.store.encoding import to_bytes
from hub.store.events import StoreEvent, tell
from hub.store.mirrors import Named
from hub.store.shipments import StoredShipment

Line = tuple[str, str, int]
"""A line's id, its SKU, and how many of it."""


class MirrorParcel(ShipmentRef):
    """A parcel, or what has become of it, to be shown wherever else its order is."""

    milestone: str = ""


class MirroredOn(Record):
    """How many other channels will show it."""

    channels: int


class MirrorOf(Record):
    """A parcel, and the order of this channel that is to show it."""

    shipment: str
    order_id: str


class MirroredOrder(Record):
    """An order that is bought as another channel's."""

    order_id: str


class MirroredParcel(Record):
    """A parcel in the words of the channel that is to show it: with its own line ids.

    `lines` is empty where the goods of the parcel are not on its order. `instead_of` is its fulfilment of the parcel
    that this one replaces, `fulfilment_id` that of this one once it is shown. `newest_at` is when the carrier last
    said something, None before.
    """

    lines: list[ShippedLine]
    tracking_number: str
    carrier: str
    status: TrackingStatus
    reason: TrackingReason = ""
    newest_at: AwareDatetime | None = None
    fulfilment_id: str = ""
    instead_of: str = ""
    is_void: bool = False


class ConfirmMirror(MirrorOf):
    """The channel took the parcel as a fulfilment."""

    fulfilment: Fulfilled


async def mirror(asked: MirrorParcel, call: OwnCall) -> MirroredOn:
    """Have a parcel, or a milestone of its way, shown on every other channel that has its order."""
    stored = await _parcel(asked.shipment, call)
    found = await mirrors.mirrors_of(call.connection, stored.order_id)
    await _tell([(one, stored.reference, asked.milestone) for one in found], call)
    return MirroredOn(channels=len(found))


async def mirror_all(asked: MirroredOrder, call: OwnCall) -> MirroredOn:
    """Have all parcels that left already shown on a channel that tells of its copy only now."""
    mine = await _order(asked.order_id, call)
    bought = await _bought_as(mine.id, call)
    parcels = [p for p in await shipments.of_order(call.connection, bought) if p.voided_at is None]
    await _tell([(mine, p.reference, "") for p in parcels], call)
    return MirroredOn(channels=1 if parcels else 0)


async def in_mirror(asked: MirrorOf, call: OwnCall) -> MirroredParcel:
    """A parcel as another channel that has its order can show it."""
    stored = await _parcel(asked.shipment, call)
    mine = await _order(asked.order_id, call)
    if await _bought_as(mine.id, call) != stored.order_id:
        raise Refused("not-mirrored", f"Order {mine.number} does not show parcel {asked.shipment}.")
    parcels = await shipments.of_order(call.connection, stored.order_id)
    shown = await mirrors.shown(call.connection, mine.id)
    is_same = await same_units(stored.order_id, call)
    placed = goods_in_mirror(
        parcels,
        is_same,
        await mirrors.lines_of(call.connection, stored.order_id),
        await mirrors.lines_of(call.connection, mine.id),
    )
    state = State.model_validate(stored.state)
    replaced = [p for p in parcels if p.voided_at and p.id in shown and is_same(stored, p) and p != stored]
    return MirroredParcel(
        lines=placed.get(stored.id, []),
        tracking_number=stored.tracking_number,
        carrier=stored.carrier,
        status=status_of(state),
        reason=state.reason,
        newest_at=state.last_event_at,
        fulfilment_id=shown.get(stored.id, ""),
        instead_of=shown[replaced[-1].id] if replaced else "",
        is_void=stored.voided_at is not None,
    )


async def confirm_mirror(asked: ConfirmMirror, call: OwnCall) -> MirroredOn:
    """Note that a channel shows the parcel."""
    stored = await _parcel(asked.shipment, call)
    mine = await _order(asked.order_id, call)
    await mirrors.show(call.connection, stored.id, mine.id, asked.fulfilment.id, call.now)
    return MirroredOn(channels=1)


def goods_in_mirror(
    parcels: Sequence[StoredShipment],
    is_same: SameUnits,
    bought: Sequence[Line],
    mirrored: Sequence[Line],
) -> dict[UUID, list[ShippedLine]]:
    """By parcel, the mirror's lines that are in it: SKU by SKU, in the order in which parcels left. A replacement holds
    what the one before it held. A parcel with goods that the mirror has not got, or not so many of, is left out."""
    sku_of = {id: sku for id, sku, _ in bought}
    places: defaultdict[str, list[str]] = defaultdict(list)
    for id, sku, count in mirrored:
        places[sku] += [id] * count
    found: dict[UUID, list[ShippedLine]] = {}
    for place, parcel in enumerate(parcels):
        before = [p for p in parcels[:place] if p.voided_at is not None and is_same(parcel, p)]
        if before and before[-1].id in found:
            found[parcel.id] = found[before[-1].id]
            continue
        wanted = Counter[str]()
        for line in parcel.lines:
            wanted[sku_of.get(line["line_id"], "")] += int(line["quantity"])
        units = Counter(id for sku, count in wanted.items() for id in places[sku][:count])
        if 0 < wanted.total() == units.total():
            found[parcel.id] = [ShippedLine(line_id=id, quantity=n) for id, n in units.items()]
            for sku, count in wanted.items():
                del places[sku][:count]
    return found


async def _tell(news: list[tuple[Named, str, str]], call: OwnCall) -> None:
    events = []
    for order, shipment, milestone in news:
        told = ParcelMirrored(
            order_id=order.channel_id, number=order.number, shipment=shipment, milestone=milestone
        )
        body = call.sealer.seal(to_bytes(told.model_dump()))
        events.append(
            StoreEvent(
                uuid4(), call.store_id, told.event_name(), told.key(), told.subject(), call.person_id, body,
                order.source,
            )
        )  # fmt: skip
    await tell(call.connection, events, call.now)


async def _order(channel_id: str, call: OwnCall) -> Named:
    stored = await orders.lock(call.connection, orders.OrderKey(call.store_id, call.source, channel_id))
    if stored is None:
        raise Refused("not-mirrored", f"Nothing is known of order {channel_id}.")
    call.link_order(stored.id)
    return Named(stored.id, stored.number, call.source, channel_id)


async def _bought_as(id: UUID, call: OwnCall) -> UUID:
    bought = await mirrors.bought_as(call.connection, id)
    if bought is None:
        raise Refused("not-mirrored", "The order is bought as itself.")
    return bought


async def _parcel(reference: str, call: OwnCall) -> StoredShipment:
    stored = await shipments.lock(call.connection, call.store_id, reference)
    if stored is None:
        raise Refused("no-such-parcel", f"There is no parcel {reference}.")
    return stored
