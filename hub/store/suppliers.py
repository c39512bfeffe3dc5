"""SQL of the SKU map: which supplier sells a store's SKU, under what name and at what cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Article:
    """A store's SKU at one supplier's."""

    sku: str
    supplier: str
    supplier_sku: str
    unit_cost: Decimal
    currency: str
    is_available: bool = True


async def articles_for(connection: Connection, store_id: str, skus: Sequence[str]) -> list[Article]:
    """Every supplier's article for these SKUs, in a fixed order."""
    rows = await connection.fetch(
        """select sku, supplier, supplier_sku, unit_cost, currency, is_available from supplier_articles
           where store_id = $1 and sku = any($2::text[]) order by sku, supplier""",
        store_id, list(skus),
    )  # fmt: skip
    return [Article(**row) for row in rows]


async def replace_articles(connection: Connection, store_id: str, articles: Sequence[Article]) -> None:
    """Publish a store's whole SKU map in place of the one before."""
    await connection.execute("delete from supplier_articles where store_id = $1", store_id)
    await connection.execute(
        """insert into supplier_articles (store_id, sku, supplier, supplier_sku, unit_cost, currency, is_available)
           select $1, u.* from unnest($2::text[], $3::text[], $4::text[], $5::numeric[], $6::text[], $7::boolean[])
             as u(sku, supplier, supplier_sku, unit_cost, currency, is_available)""",
        store_id, [a.sku for a in articles], [a.supplier for a in articles], [a.supplier_sku for a in articles],
        [a.unit_cost for a in articles], [a.currency for a in articles], [a.is_available for a in articles],
    )  # fmt: skip
