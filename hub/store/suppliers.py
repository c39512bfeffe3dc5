"""SQL of the SKU map and the substitutes: who sells a store's SKU, what may take its place. Publishing writes both."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Article:
    """A store's SKU at one supplier's, or a part of it: `units` of this make one of the store's. The cost of one is the
    map's; the supplier's stock figures may know a newer one."""

    sku: str
    supplier: str
    supplier_sku: str
    unit_cost: Decimal | None
    currency: str | None
    is_available: bool = True
    units: int = 1


async def articles_for(connection: Connection, store_id: str, skus: Sequence[str]) -> list[Article]:
    """Every supplier's article for these SKUs, in a fixed order."""
    rows = await connection.fetch(
        """select sku, supplier, supplier_sku, unit_cost, currency, is_available, units from supplier_articles
           where store_id = $1 and sku = any($2::text[]) order by sku, supplier, supplier_sku""",
        store_id, list(skus),
    )  # fmt: skip
    return [Article(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class Substitute:
    """What may be sent in place of a SKU: `equal` is as good as the same, `similar` only if the customer wants it."""

    sku: str
    substitute_sku: str
    kind: str
    note: str


async def substitutes_for(connection: Connection, store_id: str, skus: Sequence[str]) -> list[Substitute]:
    """The substitutes of these SKUs, in the merchant's order."""
    rows = await connection.fetch(
        """select sku, substitute_sku, kind, note from substitutes
           where store_id = $1 and sku = any($2::text[]) order by position""",
        store_id, list(skus),
    )  # fmt: skip
    return [Substitute(**row) for row in rows]


async def suppliers_numbers(
    connection: Connection, store_id: str, suppliers: Sequence[str], skus: Sequence[str]
) -> set[str]:
    """Those of the store's article numbers that one of these suppliers has for an article of its own."""
    rows = await connection.fetch(
        """select distinct supplier_sku from supplier_articles
           where store_id = $1 and supplier = any($2::text[]) and supplier_sku = any($3::text[])""",
        store_id, list(suppliers), list(skus),
    )  # fmt: skip
    return {row["supplier_sku"] for row in rows}
