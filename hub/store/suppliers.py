"""SQL of the SKU map: which supplier sells a store's SKU, under what name and cost. Publishing writes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Article:
    """A store's SKU at one supplier's. The cost is the map's; the supplier's stock figures may know a newer one."""

    sku: str
    supplier: str
    supplier_sku: str
    unit_cost: Decimal | None
    currency: str | None
    is_available: bool = True


async def articles_for(connection: Connection, store_id: str, skus: Sequence[str]) -> list[Article]:
    """Every supplier's article for these SKUs, in a fixed order."""
    rows = await connection.fetch(
        """select sku, supplier, supplier_sku, unit_cost, currency, is_available from supplier_articles
           where store_id = $1 and sku = any($2::text[]) order by sku, supplier""",
        store_id, list(skus),
    )  # fmt: skip
    return [Article(**row) for row in rows]
