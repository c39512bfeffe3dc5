"""SQL of wishes to change purchases that were sent. Who asks for one holds the lock on the order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Sent:
    """A purchase that was begun and has not arrived: what was sent, sealed, and the newest wish to change it, if any,
    with a sealed digest of the address that is wanted. `granted` is that of the newest one that its supplier said yes
    to. `parcels` are those that have left."""

    id: UUID
    supplier: str
    reference: str
    request: bytes
    parcels: Sequence[str]
    number: int
    wanted: bytes | None
    state: str | None
    granted: bytes | None


_SENT = """
select p.id, p.supplier, p.reference, e.request, coalesce(s.parcels, '{}') as parcels, coalesce(a.number, 0) as number,
  a.wanted, a.state, (select wanted from amendments where purchase_id = p.id and state = 'amended'
    order by number desc limit 1) as granted
from purchases p
join effects e on e.connection_id = p.supplier and e.key = p.reference and e.action = 'create_purchase_order'
left join lateral (
  select array_agg(tracking_number order by created_at) as parcels, bool_or(delivered_at is not null) as has_arrived
  from shipments where purchase_id = p.id and voided_at is null) s on true
left join lateral (
  select number, wanted, state from amendments where purchase_id = p.id order by number desc limit 1) a on true
where p.order_id = $1 and p.state in ('claimed', 'confirmed') and e.state not in ('refused', 'skipped')
  and not coalesce(s.has_arrived, false)
order by p.supplier, p.number"""


async def under_way(connection: Connection, order_id: UUID) -> list[Sent]:
    """The purchases of an order that were sent, or perhaps sent, and of which nothing has arrived."""
    return [Sent(**row) for row in await connection.fetch(_SENT, order_id)]


async def ask(
    connection: Connection, sent: Sent, wanted: bytes, owner: tuple[str, UUID], now: datetime
) -> int:
    """Write down the next wish of (store, run) to change a purchase; gives its number."""
    store_id, run_id = owner
    number = sent.number + 1
    await connection.execute(
        """insert into amendments (id, store_id, purchase_id, number, run_id, wanted, state, asked_at)
           values ($1, $2, $3, $4, $5, $6, 'requested', $7)""",
        uuid4(), store_id, sent.id, number, run_id, wanted, now,
    )  # fmt: skip
    return number


async def settle(
    connection: Connection, store_id: str, wish: tuple[str, int], state: str, now: datetime
) -> bool:
    """Keep what became of wish number N on a purchase, by (reference, number); False if there is none. What is only
    requested, or not known, is not settled."""
    done = await connection.fetchval(
        """update amendments a set state = $4::text,
             settled_at = case when $4::text in ('amended', 'refused') then $5::timestamptz end from purchases p
           where p.id = a.purchase_id and p.store_id = $1 and p.reference = $2 and a.number = $3 returning a.id""",
        store_id,
        *wish,
        state,
        now,
    )
    return done is not None
