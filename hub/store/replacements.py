"""SQL of replacements: portions of lines that are bought once more. Every function expects the order's row locked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """A line of a purchase: so much of it as this one bought. `is_raised`: that may be bought again since; the newest
    purchase that did so is named."""

    line_id: str
    is_raised: bool
    later_reference: str | None
    later_supplier: str | None


@dataclass(frozen=True, slots=True)
class Replacement:
    """Why lines may be bought once more: in place of this purchase."""

    purchase_id: UUID
    reason: str
    is_expedited: bool
    run_id: UUID


@dataclass(frozen=True, slots=True)
class Original:
    """The purchase, by our reference, that a portion is bought in place of."""

    reference: str
    is_expedited: bool


async def bought_lines(connection: Connection, purchase_id: UUID) -> dict[str, BoughtLine]:
    """The lines that this purchase bought, by id, with what became of each since."""
    rows = await connection.fetch(
        """select distinct on (c.line_id) c.line_id, l.generation > c.generation as is_raised,
             p.reference as later_reference, p.supplier as later_supplier
           from purchase_claims c join order_lines l using (order_id, line_id, portion)
           left join purchase_claims n on n.order_id = c.order_id and n.line_id = c.line_id
             and n.portion = c.portion and n.generation > c.generation and n.released_at is null
           left join purchases p on p.id = n.purchase_id
           where c.purchase_id = $1 order by c.line_id, n.generation desc nulls last""",
        purchase_id,
    )
    return {row["line_id"]: BoughtLine(**row) for row in rows}


async def keep(
    connection: Connection, order_id: UUID, lines: Sequence[str], new: Replacement, now: datetime
) -> None:
    """Note for what a purchase had of these lines, just raised, what it is bought in place of."""
    await connection.execute(
        """insert into replacements (order_id, line_id, portion, generation, purchase_id, run_id, reason,
                                     is_expedited, asked_at)
           select l.order_id, l.line_id, l.portion, l.generation, c.purchase_id, $4, $5, $6, $7
           from order_lines l join purchase_claims c using (order_id, line_id, portion)
           where l.order_id = $1 and l.line_id = any($2::text[]) and c.purchase_id = $3""",
        order_id, list(lines), new.purchase_id, new.run_id, new.reason, new.is_expedited, now,
    )  # fmt: skip


async def originals(connection: Connection, order_id: UUID) -> dict[tuple[str, int], Original]:
    """By line and portion, the last purchase that it is bought in place of; a refusal in between does not change
    that."""
    rows = await connection.fetch(
        """select distinct on (r.line_id, r.portion) r.line_id, r.portion, p.reference, r.is_expedited
           from replacements r join purchases p on p.id = r.purchase_id
           where r.order_id = $1 order by r.line_id, r.portion, r.generation desc""",
        order_id,
    )
    return {(row["line_id"], row["portion"]): Original(row["reference"], row["is_expedited"]) for row in rows}
