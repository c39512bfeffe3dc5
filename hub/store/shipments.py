"""SQL of parcels. Whoever changes one locks its row first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class StoredShipment:
    """A parcel as it stands; `state` is the merged word of the carriers, as JSON."""

    id: UUID
    store_id: str
    order_id: UUID
    purchase_id: UUID
    reference: str
    tracking_number: str
    carrier: str
    lines: list[dict[str, Any]]
    state: dict[str, Any]
    status: str
    generation: int
    created_at: datetime
    shipped_at: datetime | None = None
    confirmed_at: datetime | None = None
    fulfilment_id: str = ""
    last_scan_at: datetime | None = None
    delivered_at: datetime | None = None
    stalled_at: datetime | None = None
    spells: int = 0
    voided_at: datetime | None = None
    replaced_by: str = ""
    over_at: datetime | None = None


async def insert(connection: Connection, shipment: StoredShipment) -> None:
    """A new parcel."""
    await connection.execute(
        """insert into shipments (id, store_id, order_id, purchase_id, reference, tracking_number, carrier, lines,
                                  state, status, generation, created_at, shipped_at, fulfilment_id, replaced_by,
                                  spells)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '', 0)""",
        shipment.id, shipment.store_id, shipment.order_id, shipment.purchase_id, shipment.reference,
        shipment.tracking_number, shipment.carrier, shipment.lines, shipment.state, shipment.status,
        shipment.generation, shipment.created_at, shipment.shipped_at,
    )  # fmt: skip


async def of_purchase(connection: Connection, purchase_id: UUID) -> list[StoredShipment]:
    """The parcels of a purchase, oldest first."""
    rows = await connection.fetch(
        "select * from shipments where purchase_id = $1 order by created_at, reference", purchase_id
    )
    return [StoredShipment(**row) for row in rows]


async def of_order(connection: Connection, order_id: UUID) -> list[StoredShipment]:
    """The parcels of an order, oldest first."""
    rows = await connection.fetch(
        "select * from shipments where order_id = $1 order by created_at, reference", order_id
    )
    return [StoredShipment(**row) for row in rows]


async def lock(connection: Connection, store_id: str, reference: str) -> StoredShipment | None:
    """A parcel by our reference, locked for this transaction."""
    row = await connection.fetchrow(
        "select * from shipments where store_id = $1 and reference = $2 for no key update",
        store_id,
        reference,
    )
    return StoredShipment(**row) if row else None


async def put(connection: Connection, s: StoredShipment) -> None:
    """Write down what has changed of a parcel."""
    await connection.execute(
        """update shipments set tracking_number = $2, carrier = $3, lines = $4, state = $5, status = $6,
             confirmed_at = $7, fulfilment_id = $8, last_scan_at = $9, delivered_at = $10, stalled_at = $11,
             voided_at = $12, replaced_by = $13, over_at = $14, spells = $15 where id = $1""",
        s.id, s.tracking_number, s.carrier, s.lines, s.state, s.status, s.confirmed_at, s.fulfilment_id,
        s.last_scan_at, s.delivered_at, s.stalled_at, s.voided_at, s.replaced_by, s.over_at, s.spells,
    )  # fmt: skip


async def by_numbers(connection: Connection, store_id: str, numbers: Sequence[str]) -> list[StoredShipment]:
    """Parcels with these tracking numbers."""
    rows = await connection.fetch(
        "select * from shipments where store_id = $1 and tracking_number = any($2)", store_id, list(numbers)
    )
    return [StoredShipment(**row) for row in rows]
