"""SQL of suppliers' invoices: kept once for each number, with the purchases that their lines are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class InvoiceNew:
    """An invoice to be kept for (store, supplier)."""

    id: UUID
    owner: tuple[str, str]
    number: str
    issued_on: date | None
    currency: str
    total: Decimal | None
    digest: str


@dataclass(frozen=True, slots=True)
class LineNew:
    """One of its lines, with the purchase that it is about."""

    position: int
    purchase_id: UUID | None
    reference: str
    supplier_reference: str
    sku: str
    quantity: int | None
    articles: Decimal
    shipping: Decimal
    fees: Decimal


@dataclass(frozen=True, slots=True)
class Known:
    """An invoice that is kept already."""

    id: UUID
    digest: str


async def take_turns(connection: Connection, store_id: str, supplier: str) -> None:
    """Until the transaction ends nobody else sets invoices of this supplier against purchases."""
    await connection.execute(
        "select pg_advisory_xact_lock(hashtextextended('invoices:' || $1 || ':' || $2, 0))",
        store_id,
        supplier,
    )


async def known(connection: Connection, store_id: str, supplier: str, number: str) -> Known | None:
    """The invoice that is kept under a supplier's number."""
    row = await connection.fetchrow(
        "select id, digest from invoices where store_id = $1 and supplier = $2 and number = $3",
        store_id,
        supplier,
        number,
    )
    return Known(**row) if row else None


async def named(
    connection: Connection, store_id: str, supplier: str, names: tuple[Sequence[str], Sequence[str]]
) -> tuple[dict[str, UUID], dict[str, UUID]]:
    """A supplier's purchases by our references and by its own; of its own, those that name one purchase only."""
    ours, theirs = names
    rows = await connection.fetch(
        """select id, reference, supplier_reference from purchases
           where store_id = $1 and supplier = $2 and reference = any($3::text[])
           union
           select id, reference, supplier_reference from purchases
           where store_id = $1 and supplier = $2 and supplier_reference = any($4::text[])""",
        store_id,
        supplier,
        list(ours),
        [name for name in theirs if name],
    )
    by_theirs: dict[str, list[UUID]] = {}
    for row in rows:
        by_theirs.setdefault(row["supplier_reference"], []).append(row["id"])
    single = {name: ids[0] for name, ids in by_theirs.items() if name and len(ids) == 1}
    return {row["reference"]: row["id"] for row in rows}, single


async def forget(connection: Connection, invoice_id: UUID) -> set[UUID]:
    """Give up an invoice that another one replaces; gives the purchases that it was about."""
    rows = await connection.fetch(
        "delete from invoice_lines where invoice_id = $1 returning purchase_id", invoice_id
    )
    await connection.execute("delete from invoices where id = $1", invoice_id)
    return {row["purchase_id"] for row in rows if row["purchase_id"]}


async def keep(connection: Connection, new: InvoiceNew, lines: Sequence[LineNew], now: datetime) -> None:
    """Keep an invoice and its lines."""
    store_id, supplier = new.owner
    await connection.execute(
        """insert into invoices (id, store_id, supplier, number, issued_on, currency, total, digest, received_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        new.id, store_id, supplier, new.number, new.issued_on, new.currency, new.total, new.digest, now,
    )  # fmt: skip
    await connection.executemany(
        """insert into invoice_lines (id, store_id, invoice_id, position, purchase_id, reference, supplier_reference,
             sku, quantity, articles, shipping, fees, received_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)""",
        [
            (uuid4(), store_id, new.id, one.position, one.purchase_id, one.reference, one.supplier_reference, one.sku,
             one.quantity, one.articles, one.shipping, one.fees, now)
            for one in lines
        ],
    )  # fmt: skip


async def purchases_about(connection: Connection, ids: Sequence[UUID]) -> list[Mapping[str, Any]]:
    """Purchases with what was decided for them: lines, state, and the candidates that their decision looked at."""
    return list(
        await connection.fetch(
            """select p.id, p.order_id, o.number as order_number, p.supplier, p.reference, p.state, p.status, p.lines,
                 d.lines as decided
               from purchases p join orders o on o.id = p.order_id join decisions d on d.id = p.decision_id
               where p.id = any($1::uuid[]) order by p.reference""",
            list(ids),
        )
    )


async def charges_for(connection: Connection, ids: Sequence[UUID]) -> list[Mapping[str, Any]]:
    """Every line of every invoice that is about these purchases."""
    return list(
        await connection.fetch(
            """select l.purchase_id, i.number, i.currency, l.reference, l.supplier_reference, l.sku, l.quantity,
                 l.articles, l.shipping, l.fees
               from invoice_lines l join invoices i on i.id = l.invoice_id
               where l.purchase_id = any($1::uuid[]) order by i.received_at, i.number, l.position""",
            list(ids),
        )
    )
