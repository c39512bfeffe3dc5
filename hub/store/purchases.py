"""SQL of decisions, purchases and claims. Every function expects the order's row to be locked by the caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """The current decision on an order."""

    id: UUID
    rules_version: str
    lines_digest: bytes
    lines: list[dict[str, Any]]
    tags: list[str]
    proof: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class StoredPurchase:
    """A purchase as it stands; `lines` say line, its portion if it is not the first, SKU, supplier's SKU, quantity and
    unit cost."""

    id: UUID
    order_id: UUID
    decision_id: UUID
    supplier: str
    number: int
    reference: str
    state: str
    lines: list[dict[str, Any]]
    tags: list[str]
    reserved_until: datetime
    claimed_by: UUID | None


@dataclass(frozen=True, slots=True)
class Begun:
    """A purchase whose effect was begun: sent, perhaps sent, or done."""

    id: UUID
    supplier: str
    reference: str
    effect_state: str


@dataclass(frozen=True, slots=True)
class SupplierAnswer:
    """What a supplier said of a purchase order."""

    status: str
    supplier_reference: str
    cost: Decimal | None
    currency: str | None


_PURCHASE = """
select id, order_id, decision_id, supplier, number, reference, state, lines, tags, reserved_until, claimed_by
from purchases"""


async def current_decision(connection: Connection, order_id: UUID) -> StoredDecision | None:
    """The decision that holds for an order now."""
    row = await connection.fetchrow(
        """select id, rules_version, lines_digest, lines, tags, proof from decisions
           where order_id = $1 and superseded_at is null""",
        order_id,
    )
    return StoredDecision(**row) if row else None


async def lines_digest(connection: Connection, decision_id: UUID) -> bytes:
    """What a decision was made on, sealed."""
    digest: bytes = await connection.fetchval("select lines_digest from decisions where id = $1", decision_id)
    return digest


async def keep_decision(
    connection: Connection, decision: StoredDecision, owner: tuple[str, UUID, UUID], now: datetime
) -> None:
    """Keep a decision of (store, order, run) in place of the one before, which stays on record."""
    store_id, order_id, run_id = owner
    await connection.execute(
        "update decisions set superseded_at = $2 where order_id = $1 and superseded_at is null", order_id, now
    )
    await connection.execute(
        """insert into decisions
             (id, store_id, order_id, run_id, rules_version, lines_digest, lines, tags, proof, made_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        decision.id, store_id, order_id, run_id, decision.rules_version, decision.lines_digest, decision.lines,
        decision.tags, decision.proof, now,
    )  # fmt: skip


async def purchases_of(connection: Connection, order_id: UUID) -> list[StoredPurchase]:
    """All purchases of an order, whatever became of them, oldest first within a supplier."""
    rows = await connection.fetch(f"{_PURCHASE} where order_id = $1 order by supplier, number", order_id)
    return [StoredPurchase(**row) for row in rows]


async def find(connection: Connection, store_id: str, reference: str) -> StoredPurchase | None:
    """A purchase by its reference, without a lock: lock its order, then look again."""
    row = await connection.fetchrow(
        f"{_PURCHASE} where store_id = $1 and reference = $2", store_id, reference
    )
    return StoredPurchase(**row) if row else None


async def open_at(
    connection: Connection, store_id: str, supplier: str, since: datetime
) -> list[tuple[str, str, int]]:
    """What a supplier may say something of: reference, the order's number, and the count of lines, oldest first."""
    rows = await connection.fetch(
        """select p.reference, o.number, jsonb_array_length(p.lines) as lines
           from purchases p join orders o on o.id = p.order_id
           where p.store_id = $1 and p.supplier = $2 and p.state in ('claimed', 'confirmed') and p.claimed_at > $3
           order by p.claimed_at, p.reference""",
        store_id, supplier, since,
    )  # fmt: skip
    return [(row["reference"], row["number"], row["lines"]) for row in rows]


async def status_of(connection: Connection, id: UUID) -> str | None:
    """What its supplier answered when a purchase was sent; None before that."""
    status: str | None = await connection.fetchval("select status from purchases where id = $1", id)
    return status


async def generation_of(connection: Connection, purchase_id: UUID) -> int:
    """Which generation of its portions a purchase bought; 0 for the first."""
    found: int = await connection.fetchval(
        "select coalesce(max(generation), 0) from purchase_claims where purchase_id = $1", purchase_id
    )
    return found


async def insert(connection: Connection, store_id: str, purchase: StoredPurchase) -> None:
    """Write down a planned purchase."""
    await connection.execute(
        """insert into purchases (id, store_id, order_id, decision_id, supplier, number, reference, state, lines, tags,
                                  reserved_until, supplier_reference, reason)
           values ($1, $2, $3, $4, $5, $6, $7, 'planned', $8, $9, $10, '', '')""",
        purchase.id, store_id, purchase.order_id, purchase.decision_id, purchase.supplier, purchase.number,
        purchase.reference, purchase.lines, purchase.tags, purchase.reserved_until,
    )  # fmt: skip


async def claim(
    connection: Connection, store_id: str, purchase: StoredPurchase, run_id: UUID, now: datetime
) -> bool:
    """Claim a purchase's portions in their present generation for a run; False, and nothing kept, if any is taken, or
    is not of as many units as the purchase would buy."""
    rows = await connection.fetch(
        """insert into purchase_claims (order_id, line_id, portion, generation, store_id, purchase_id, supplier,
                                        quantity, claimed_at, release_reason)
           select l.order_id, l.line_id, l.portion, l.generation, $1, p.id, p.supplier, l.quantity, $3, ''
           from purchases p cross join lateral jsonb_array_elements(p.lines) x
           join order_lines l on l.order_id = p.order_id and l.line_id = x ->> 'line_id'
             and l.portion = coalesce((x ->> 'portion')::int, 0) and l.quantity = (x ->> 'quantity')::int
           where p.id = $2
           on conflict (order_id, line_id, portion, generation) do nothing returning line_id""",
        store_id, purchase.id, now,
    )  # fmt: skip
    if len(rows) < len(purchase.lines):
        await connection.execute("delete from purchase_claims where purchase_id = $1", purchase.id)
        return False
    await connection.execute(
        "update purchases set state = 'claimed', claimed_by = $2, claimed_at = $3 where id = $1",
        purchase.id, run_id, now,
    )  # fmt: skip
    return True


async def live_suppliers(connection: Connection, order_id: UUID) -> set[str]:
    """Who ships something of an order: planned or bought there, and not bought anew since."""
    rows = await connection.fetch(
        """select distinct p.supplier from purchases p where p.order_id = $1 and (p.state = 'planned'
             or p.state in ('claimed', 'confirmed') and exists (
               select 1 from purchase_claims c join order_lines l using (order_id, line_id, portion, generation)
               where c.purchase_id = p.id))""",
        order_id,
    )
    return {row["supplier"] for row in rows}


async def refusals_of(connection: Connection, order_id: UUID) -> dict[tuple[str, str], str]:
    """Which supplier gave up which line, and why: (line, supplier) to reason."""
    rows = await connection.fetch(
        """select line_id, supplier, release_reason from purchase_claims
           where order_id = $1 and released_at is not null order by released_at, generation""",
        order_id,
    )
    return {(row["line_id"], row["supplier"]): row["release_reason"] for row in rows}


async def confirm(
    connection: Connection, id: UUID, answer: SupplierAnswer, now: datetime, ship_by: datetime | None
) -> None:
    """Note that the supplier took the purchase order, and by when it should leave; what was noted first stays."""
    await connection.execute(
        """update purchases set state = 'confirmed', status = $2, supplier_reference = $3, cost = $4, currency = $5,
             settled_at = $6, ship_by = coalesce(ship_by, $7) where id = $1""",
        id, answer.status, answer.supplier_reference, answer.cost, answer.currency, now, ship_by,
    )  # fmt: skip


async def acknowledge(connection: Connection, id: UUID, now: datetime) -> None:
    """Note when its supplier acknowledged a purchase; what was noted first stays."""
    await connection.execute(
        "update purchases set acknowledged_at = coalesce(acknowledged_at, $2) where id = $1", id, now
    )


async def note_untracked(connection: Connection, id: UUID, since: datetime | None) -> None:
    """Note since when a purchase has left without any number, the first time counting; None: it has one."""
    await connection.execute(
        """update purchases set untracked_since = case when $2::timestamptz is null then null
             else coalesce(untracked_since, $2) end where id = $1""",
        id,
        since,
    )


async def give_back(connection: Connection, id: UUID, reason: str, now: datetime) -> None:
    """Note that a purchase was definitely refused, and end its claims. Their keys stay, so the generation must rise."""
    await connection.execute(
        "update purchases set state = 'given-back', reason = $2, settled_at = $3 where id = $1",
        id,
        reason,
        now,
    )
    await connection.execute(
        "update purchase_claims set released_at = $3, release_reason = $2 where purchase_id = $1",
        id,
        reason,
        now,
    )


async def begun(connection: Connection, order_id: UUID) -> list[Begun]:
    """The purchases of an order that the ledger says were begun and not refused, and nobody gave back since."""
    rows = await connection.fetch(
        """select p.id, p.supplier, p.reference, e.state as effect_state from purchases p
           join effects e on e.connection_id = p.supplier and e.key = p.reference
                         and e.action = 'create_purchase_order'
           where p.order_id = $1 and p.state <> 'given-back' and e.state not in ('refused', 'skipped')
           order by p.supplier, p.number""",
        order_id,
    )
    return [Begun(**row) for row in rows]


async def drop(connection: Connection, ids: Sequence[UUID], now: datetime) -> None:
    """Give up purchases that were never sent."""
    await connection.execute(
        "update purchases set state = 'dropped', settled_at = $2 where id = any($1::uuid[])", list(ids), now
    )
