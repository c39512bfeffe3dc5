"""SQL of what purchases cost against what they were expected to cost: kept as invoices come, listed, and summed up."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from hub.store.database import Connection
from hub.store.reading import Rows, Window


@dataclass(frozen=True, slots=True)
class Cost:
    """What is kept of a purchase's cost; `hub.fulfilment.variance` says what each figure is."""

    purchase_id: UUID
    expected_currency: str | None
    expected_articles: Decimal | None
    expected_parcel: Decimal
    currency: str | None
    articles: Decimal
    shipping: Decimal
    fees: Decimal
    credited: Decimal
    invoices: int
    variance: Decimal | None
    state: str


@dataclass(frozen=True, slots=True)
class VariancesAsked:
    """Which are wanted; None lets everything through, but of `state` what is as it was expected."""

    stores: list[str] | None
    supplier: str | None = None
    state: str | None = None


_KEEP = """
insert into purchase_costs (purchase_id, store_id, expected_currency, expected_articles, expected_parcel, currency,
  articles, shipping, fees, credited, invoices, variance, state, verdict, invoiced_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $14)
on conflict (purchase_id) do update set expected_currency = excluded.expected_currency,
  expected_articles = excluded.expected_articles, expected_parcel = excluded.expected_parcel,
  currency = excluded.currency, articles = excluded.articles, shipping = excluded.shipping, fees = excluded.fees,
  credited = excluded.credited, invoices = excluded.invoices, variance = excluded.variance, state = excluded.state,
  invoiced_at = excluded.invoiced_at,
  verdict = case when purchase_costs.variance is not distinct from excluded.variance then purchase_costs.verdict
    else '' end,
  verdict_at = case when purchase_costs.variance is not distinct from excluded.variance
    then purchase_costs.verdict_at end"""


async def keep(connection: Connection, store_id: str, cost: Cost, now: datetime) -> None:
    """Keep what a purchase costs by all invoices; a person's word on another variance is no word on this one."""
    await connection.execute(
        _KEEP, cost.purchase_id, store_id, cost.expected_currency, cost.expected_articles, cost.expected_parcel,
        cost.currency, cost.articles, cost.shipping, cost.fees, cost.credited, cost.invoices, cost.variance, cost.state,
        now,
    )  # fmt: skip


async def forget(connection: Connection, purchase_id: UUID) -> None:
    """No invoice is about this purchase any more."""
    await connection.execute("delete from purchase_costs where purchase_id = $1", purchase_id)


async def judge(
    connection: Connection, purchase: tuple[str, str], variance: Decimal, verdict: str, now: datetime
) -> bool:
    """Note a person's word on the variance that he saw of (store, reference); False if it is another one by now."""
    done = await connection.fetchval(
        """update purchase_costs c set verdict = $4, verdict_at = $5 from purchases p
           where p.id = c.purchase_id and c.store_id = $1 and p.reference = $2 and c.variance = $3
           returning c.purchase_id""",
        *purchase,
        variance,
        verdict,
        now,
    )
    return done is not None


# What was given back after it was invoiced is owed no more, whatever was reckoned when the invoice came. A line about
# no purchase is listed beside the purchases, by its own id.
_LISTED = """
with found as (
  select c.purchase_id as id, c.store_id, p.supplier, p.reference, o.number as order_number, o.id as order_id,
    case when p.state in ('claimed', 'confirmed') then c.state
      when c.articles + c.shipping + c.fees = c.credited then 'as-expected' else 'not-owed' end as state,
    c.expected_currency, c.expected_articles, c.expected_parcel, p.cost as acknowledged,
    p.currency as acknowledged_currency, c.currency, c.articles, c.shipping, c.fees, c.credited, c.invoices,
    case when p.state in ('claimed', 'confirmed') then c.variance
      else c.articles + c.shipping + c.fees - c.credited end as variance,
    c.verdict, null::text as invoice, c.invoiced_at as mark
  from purchase_costs c join purchases p on p.id = c.purchase_id join orders o on o.id = p.order_id
  where $1::text[] is null or c.store_id = any($1)
  union all
  select l.id, l.store_id, i.supplier, l.reference, null, null,
    case when l.reference = '' and l.supplier_reference = '' then 'names-no-purchase' else 'never-bought' end,
    null, null, null, null, null, i.currency, greatest(l.articles, 0), greatest(l.shipping, 0), greatest(l.fees, 0),
    -(least(l.articles, 0) + least(l.shipping, 0) + least(l.fees, 0)), 1, l.articles + l.shipping + l.fees, '',
    i.number, l.received_at
  from invoice_lines l join invoices i on i.id = l.invoice_id
  where l.purchase_id is null and ($1::text[] is null or l.store_id = any($1)))
"""


def _listing(statement: str) -> str:
    """A statement that may read from `found`."""
    return _LISTED + statement


_PAGE = _listing(
    """select * from found where ($2::text is null or supplier = $2)
  and case when $3::text is null then state <> 'as-expected' else state = $3 end
  and ($4::timestamptz is null or (mark, id) < ($4, $5)) order by mark desc, id desc limit $6"""
)

_SUMS = _listing(
    """select store_id, supplier, currency, state, count(*) as count,
  sum(articles + shipping + fees - credited) as charged, sum(variance) as variance
from found where ($2::text is null or supplier = $2) and ($3::text is null or state = $3)
group by 1, 2, 3, 4 order by 1, 2, 3, 4"""
)


async def page(connection: Connection, window: Window, asked: VariancesAsked) -> Rows:
    """What is charged otherwise than was expected, the newest first; in a named state, those of it."""
    return list(
        await connection.fetch(
            _PAGE,
            asked.stores, asked.supplier, asked.state, window.at, window.id, window.limit,
        )
    )  # fmt: skip


async def sums(connection: Connection, asked: VariancesAsked) -> Rows:
    """How many there are in each state, by store, supplier and currency, and what they come to."""
    return list(
        await connection.fetch(
            _SUMS,
            asked.stores, asked.supplier, asked.state,
        )
    )  # fmt: skip
