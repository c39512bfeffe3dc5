"""Lists of orders: by state, stage, supplier and time, or by what was searched for; newest first."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from hub.store.database import Connection
from hub.store.reading import Rows, Window
from hub.store.search import FEW, WALKED, Found
from hub.store.trade import HEARD

OrderState = Literal["held", "cancelled", "open", "done"]

_HELD = "exists (select 1 from cases c where c.order_id = o.id and c.state = 'open')"
_ON_ITS_WAY = "exists (select 1 from runs r where r.order_id = o.id and r.ended_at is null)"
_STATES: dict[OrderState, str] = {
    "held": "o.id = any(array(select order_id from cases where state = 'open' and order_id is not null))",
    "cancelled": f"o.cancel_requested_at is not null and not {_HELD}",
    "open": f"o.cancel_requested_at is null and {_ON_ITS_WAY} and not {_HELD}",
    "done": f"o.cancel_requested_at is null and not {_ON_ITS_WAY} and not {_HELD}",
}
# An order is in the first state that fits, in this order.
_STATE = f"""case when {_HELD} then 'held' when o.cancel_requested_at is not null then 'cancelled'
  when {_ON_ITS_WAY} then 'open' else 'done' end"""


@dataclass(frozen=True, slots=True)
class OrdersAsked:
    """Which orders are wanted; None lets everything through. `flows` are those of a stage, one of which must be on its
    way for the order."""

    stores: list[str] | None = None
    state: OrderState | None = None
    flows: list[str] | None = None
    supplier: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    found: Found | None = None


async def page_orders(connection: Connection, window: Window, asked: OrdersAsked) -> Rows:
    """Orders, last heard of first, each with its state, the flows on their way, its suppliers and open cases."""
    where = _Where([*(asked.found or Found()).bounds])
    _bound(where, asked)
    if asked.supplier is not None:
        few = await _few_of(connection, asked.supplier)
        if few is None:
            where.add(
                "exists (select 1 from purchases p where p.order_id = o.id and p.supplier = {})",
                asked.supplier,
            )
        else:
            where.add("o.id = any({}::uuid[])", few)
    if asked.found is not None:
        ways = [*(WALKED[kind] for kind in asked.found.common), "o.id = any({}::uuid[])"]
        where.add(f"({' or '.join(ways)})", list(asked.found.by))
    if window.after is not None:
        where.add(f"({HEARD}, o.id) < ({{}}::timestamptz, {{}}::uuid)", window.at, window.id)
    sql = _PAGE.format(where=" and ".join(where.conditions), limit=window.limit, heard=HEARD, state=_STATE)
    return list(await connection.fetch(sql, *where.arguments))


# The page is cut first; what is shown of an order is asked for these few only.
_PAGE = """
with page as materialized (
  select o.*, {heard} as mark from orders o where {where} order by {heard} desc, o.id desc limit {limit})
select o.*, {state} as state,
  (select count(*) from cases c where c.order_id = o.id and c.state = 'open') as open_cases,
  array(select distinct r.flow from runs r where r.order_id = o.id and r.ended_at is null order by 1) as flows,
  array(select distinct p.supplier from purchases p where p.order_id = o.id order by 1) as suppliers
from page o order by o.mark desc, o.id desc"""


@dataclass(slots=True)
class _Where:
    """Conditions that all must hold, and what their places stand for. The first two arguments are between what the
    text that was searched for lies."""

    arguments: list[Any]
    conditions: list[str] = field(default_factory=lambda: ["$1::text is not null and $2::text is not null"])

    def add(self, condition: str, *values: Any) -> None:
        """One more; each `{}` is one of the values."""
        first = len(self.arguments) + 1
        self.arguments += values
        self.conditions.append(condition.format(*(f"${first + n}" for n in range(len(values)))))


def _bound(where: _Where, asked: OrdersAsked) -> None:
    if asked.stores is not None and len(asked.stores) == 1:
        where.add("o.store_id = {}", asked.stores[0])
    elif asked.stores is not None:
        where.add("o.store_id = any({}::text[])", asked.stores)
    if asked.state is not None:
        where.add(_STATES[asked.state])
    if asked.flows is not None:
        where.add(f"{_ON_ITS_WAY[:-1]} and r.flow = any({{}}::text[]))", asked.flows)
    if asked.since is not None:
        where.add(f"{HEARD} >= {{}}::timestamptz", asked.since)
    if asked.until is not None:
        where.add(f"{HEARD} < {{}}::timestamptz", asked.until)


async def _few_of(connection: Connection, supplier: str) -> list[UUID] | None:
    """The orders of a supplier that has had few; None for one that has had many."""
    rows = await connection.fetch(
        """select p.order_id from stores s
           cross join lateral (select order_id from purchases where store_id = s.id and supplier = $1 limit $2) p
           limit $2""",
        supplier,
        FEW + 1,
    )
    return [row["order_id"] for row in rows] if len(rows) <= FEW else None
