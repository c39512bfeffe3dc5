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


# What was given back after it was invoiced is owed no more, whatever was reckoned when the invoice came.
_WORDS = {
    "@cost_state": """case when p.state in ('claimed', 'confirmed') then c.state
      when c.articles + c.shipping + c.fees = c.credited then 'as-expected' else 'not-owed' end""",
    "@cost_variance": """case when p.state in ('claimed', 'confirmed') then c.variance
      else c.articles + c.shipping + c.fees - c.credited end""",
    "@line_state": """case when l.reference = '' and l.supplier_reference = '' then 'names-no-purchase'
      else 'never-bought' end""",
    "@line_charge": "l.articles + l.shipping + l.fees",
}


def _spelt(statement: str) -> str:
    """A statement with what is reckoned in it written out."""
    for word, meaning in _WORDS.items():
        statement = statement.replace(word, meaning)
    return statement


# The newest of each kind, store by store, so that each is read along an index and no further than the page; what is
# owed no more is little. A line about no purchase is listed beside the purchases, by its own id.
_PAGE = _spelt("""
with scopes as (select id from stores where $1::text[] is null or id = any($1)),
mark as (select coalesce($4::timestamptz, 'infinity') as at,
  coalesce($5::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') as id),
unowed as materialized (
  select c.purchase_id as id, c.invoiced_at as at, p.supplier, @cost_state as state
  from scopes s join purchases p on p.store_id = s.id and p.state not in ('claimed', 'confirmed')
  join purchase_costs c on c.purchase_id = p.id),
newest as (
  select x.id from scopes s cross join lateral (
    select c.purchase_id as id from purchase_costs c join purchases p on p.id = c.purchase_id
    where c.store_id = s.id and c.state <> 'as-expected' and $3::text is distinct from 'as-expected'
      and ($3 is null or c.state = $3) and p.state in ('claimed', 'confirmed')
      and ($2::text is null or p.supplier = $2)
      and (c.invoiced_at, c.purchase_id) < ((select at from mark), (select id from mark))
    order by c.invoiced_at desc, c.purchase_id desc limit $6) x
  union all
  select x.id from scopes s cross join lateral (
    select c.purchase_id as id from purchase_costs c join purchases p on p.id = c.purchase_id
    where c.store_id = s.id and c.state = 'as-expected' and $3 = 'as-expected' and p.state in ('claimed', 'confirmed')
      and ($2 is null or p.supplier = $2)
      and (c.invoiced_at, c.purchase_id) < ((select at from mark), (select id from mark))
    order by c.invoiced_at desc, c.purchase_id desc limit $6) x
  union all
  select id from unowed
  where ($2 is null or supplier = $2) and case when $3 is null then state <> 'as-expected' else state = $3 end
    and (at, id) < ((select at from mark), (select id from mark))
  union all
  select x.id from scopes s cross join lateral (
    select l.id from invoice_lines l join invoices i on i.id = l.invoice_id
    where l.store_id = s.id and l.purchase_id is null and ($2 is null or i.supplier = $2)
      and ($3 is null or $3 = @line_state)
      and (l.received_at, l.id) < ((select at from mark), (select id from mark))
    order by l.received_at desc, l.id desc limit $6) x)
select * from (
  select c.purchase_id as id, c.store_id, p.supplier, p.reference, o.number as order_number, o.id as order_id,
    @cost_state as state, c.expected_currency, c.expected_articles, c.expected_parcel, p.cost as acknowledged,
    p.currency as acknowledged_currency, c.currency, c.articles, c.shipping, c.fees, c.credited, c.invoices,
    @cost_variance as variance, c.verdict, null::text as invoice, c.invoiced_at as mark
  from purchase_costs c join purchases p on p.id = c.purchase_id join orders o on o.id = p.order_id
  where c.purchase_id = any(array(select id from newest))
  union all
  select l.id, l.store_id, i.supplier, l.reference, null, null, @line_state, null, null, null, null, null, i.currency,
    greatest(l.articles, 0), greatest(l.shipping, 0), greatest(l.fees, 0),
    -(least(l.articles, 0) + least(l.shipping, 0) + least(l.fees, 0)), 1, @line_charge, '', i.number, l.received_at
  from invoice_lines l join invoices i on i.id = l.invoice_id
  where l.id = any(array(select id from newest))) found
order by mark desc, id desc limit $6""")

_SUMS = _spelt("""
select store_id, supplier, currency, state, count(*) as count, sum(charged) as charged, sum(variance) as variance
from (
  select c.store_id, p.supplier, c.currency, @cost_state as state,
    c.articles + c.shipping + c.fees - c.credited as charged, @cost_variance as variance
  from purchase_costs c join purchases p on p.id = c.purchase_id
  where $1::text[] is null or c.store_id = any($1)
  union all
  select l.store_id, i.supplier, i.currency, @line_state, @line_charge, @line_charge
  from invoice_lines l join invoices i on i.id = l.invoice_id
  where l.purchase_id is null and ($1 is null or l.store_id = any($1))) found
where ($2::text is null or supplier = $2) and ($3::text is null or state = $3)
group by 1, 2, 3, 4 order by 1, 2, 3, 4""")


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
