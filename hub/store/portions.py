"""SQL of portions: units of an order's line that are bought together. Every function expects the order's row to be
locked by the caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Portion:
    """So many units of a line. `bought` is how many a purchase has claimed of it in its present generation; None while
    nobody has."""

    line_id: str
    number: int
    quantity: int
    generation: int
    bought: int | None = None


async def of_order(connection: Connection, order_id: UUID) -> list[Portion]:
    """The portions of every line of an order; a line that was never divided is one."""
    rows = await connection.fetch(
        """select l.line_id, l.portion as number, l.quantity, l.generation, c.quantity as bought
           from order_lines l left join purchase_claims c using (order_id, line_id, portion, generation)
           where l.order_id = $1 order by l.line_id, l.portion""",
        order_id,
    )
    return [Portion(**row) for row in rows]


async def divide(
    connection: Connection, order_id: UUID, portions: Sequence[Portion], pieces: Sequence[Portion]
) -> bool:
    """Give these portions of one line the quantities of the pieces, making those that are new; False, and nothing
    changed, unless the pieces are as many units as there were and none of them is bought."""
    old = portions[0]
    rows = await connection.fetch(
        """with pieces as (select * from unnest($4::int[], $5::int[]) as u(portion, quantity)),
           old as (select l.* from order_lines l join pieces using (portion)
                   where l.order_id = $1 and l.line_id = $2)
           insert into order_lines (order_id, line_id, portion, store_id, sku, quantity, generation,
                                    generation_reason)
           select l.order_id, l.line_id, p.portion, l.store_id, l.sku, p.quantity, l.generation, l.generation_reason
           from order_lines l cross join pieces p
           where l.order_id = $1 and l.line_id = $2 and l.portion = $3
             and (select sum(quantity) from pieces) = (select sum(quantity) from old)
             and not exists (select 1 from old join purchase_claims c using (order_id, line_id, portion, generation))
           on conflict (order_id, line_id, portion) do update set quantity = excluded.quantity returning portion""",
        order_id, old.line_id, old.number, [x.number for x in pieces], [x.quantity for x in pieces],
    )  # fmt: skip
    had_some = {portion.number for portion in portions if portion.quantity}
    if rows and (fresh := [x.number for x in pieces if x.number not in had_some]):
        await _replace_too(connection, order_id, old, fresh)
    return bool(rows)


async def _replace_too(connection: Connection, order_id: UUID, old: Portion, fresh: Sequence[int]) -> None:
    """What a portion is bought in place of, those cut from it are bought in place of too."""
    await connection.execute(
        """insert into replacements (order_id, line_id, portion, generation, purchase_id, run_id, reason,
                                     is_expedited, asked_at)
           select r.order_id, r.line_id, f.portion, r.generation, r.purchase_id, r.run_id, r.reason, r.is_expedited,
             r.asked_at
           from replacements r cross join unnest($4::int[]) as f(portion)
           where r.order_id = $1 and r.line_id = $2 and r.portion = $3
           order by r.generation desc limit $5 on conflict do nothing""",
        order_id, old.line_id, old.number, list(fresh), len(fresh),
    )  # fmt: skip


async def raise_generation(
    connection: Connection, purchase_id: UUID, lines: Sequence[str], reason: str
) -> int | None:
    """Let the portions of these lines that a purchase has be bought once more, for this reason; the highest generation
    they now have. None: it has none of them any more, as once they were bought anew."""
    # One more than any portion of the line has: so what follows is told from what the others are about.
    rows = await connection.fetch(
        """update order_lines l set generation_reason = $3, generation = 1 + (
             select max(o.generation) from order_lines o where o.order_id = l.order_id and o.line_id = l.line_id)
           from purchase_claims c
           where c.purchase_id = $1 and c.line_id = any($2::text[]) and l.order_id = c.order_id
             and l.line_id = c.line_id and l.portion = c.portion and l.generation = c.generation
           returning l.generation""",
        purchase_id, list(lines), reason,
    )  # fmt: skip
    return max((row["generation"] for row in rows), default=None)
