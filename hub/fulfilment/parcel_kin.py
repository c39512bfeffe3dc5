"""Which parcels of an order are about the same units: one of them may go in place of the other."""

from collections.abc import Callable
from uuid import UUID

from hub.fulfilment.call import OwnCall
from hub.fulfilment.dividing import Key, key_of
from hub.fulfilment.shipment import purchase_of
from hub.store import purchases, replacements
from hub.store.shipments import StoredShipment

SameUnits = Callable[[StoredShipment, StoredShipment], bool]
"""Whether a later parcel is about units that an earlier one was about."""


async def same_units(order_id: UUID, call: OwnCall) -> SameUnits:
    """Tell parcels of an order apart by their lines, and by the portions of lines that suppliers share: by those, or by
    which purchase they are bought in place of."""
    kept = {p.id: p.lines for p in await purchases.purchases_of(call.connection, order_id)}
    originals = await replacements.originals(call.connection, order_id)

    def held(parcel: StoredShipment, lines: set[str]) -> set[Key]:
        return {key_of(line) for line in kept[parcel.purchase_id] if line["line_id"] in lines}

    def is_same(later: StoredShipment, earlier: StoredShipment) -> bool:
        both = {x["line_id"] for x in later.lines} & {x["line_id"] for x in earlier.lines}
        mine = held(later, both)
        replaced = {originals[key].reference for key in mine if key in originals}
        return bool(mine & held(earlier, both)) or purchase_of(earlier) in replaced

    return is_same
