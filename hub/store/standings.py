"""How suppliers and connections stand: the age of stock, what is open, what arrived last; each one statement."""

from hub.store.database import Connection
from hub.store.reading import Rows


async def suppliers(connection: Connection, names: list[tuple[str, str]]) -> Rows:
    """For each (store, supplier): its articles, the age of its stock figures, its purchases and open cases."""
    return list(
        await connection.fetch(
            """select u.store, u.supplier, a.articles, a.unavailable, l.stock_known, l.oldest_stock_at,
                 l.newest_stock_at, p.last_purchase_at, p.open_purchases, p.unacknowledged, k.open_cases
               from unnest($1::text[], $2::text[]) as u(store, supplier)
               cross join lateral (
                 select count(*) as articles, count(*) filter (where not is_available) as unavailable
                 from supplier_articles where store_id = u.store and supplier = u.supplier) a
               cross join lateral (
                 select count(*) as stock_known, min(as_of) as oldest_stock_at, max(as_of) as newest_stock_at
                 from stock_levels where store_id = u.store and supplier = u.supplier) l
               cross join lateral (
                 select max(claimed_at) as last_purchase_at,
                   count(*) filter (where state = 'claimed' or status in ('requested', 'accepted', 'in_production'))
                     as open_purchases,
                   count(*) filter (where state in ('claimed', 'confirmed') and acknowledged_at is null)
                     as unacknowledged
                 from (select * from purchases where store_id = u.store and supplier = u.supplier
                         and claimed_at is not null order by claimed_at desc limit 1000) newest) p
               cross join lateral (
                 select count(*) as open_cases from cases c left join effects e on e.id = c.effect_id
                 where c.state = 'open' and c.store_id = u.store
                   and (c.connection_id = u.supplier or e.connection_id = u.supplier)) k
               order by 1, 2""",
            [store for store, _ in names],
            [supplier for _, supplier in names],
        )
    )


async def connections(connection: Connection, ids: list[str]) -> Rows:
    """For each connection: its budget, what arrived last and is unread, its polls and open cases."""
    return list(
        await connection.fetch(
            """select u.id, b.per_second, b.burst, d.last_delivery_at, n.unread, n.oldest_unread_at, p.polls,
                 k.open_cases,
                 least(b.burst, b.tokens + extract(epoch from clock_timestamp() - b.filled_at) * b.per_second) as left
               from unnest($1::text[]) as u(id)
               left join connection_budgets b on b.connection_id = u.id
               cross join lateral (
                 select max(received_at) as last_delivery_at from deliveries where connection_id = u.id) d
               cross join lateral (
                 select count(*) as unread, min(received_at) as oldest_unread_at
                 from deliveries where state = 'new' and connection_id = u.id) n
               cross join lateral (
                 select coalesce(jsonb_agg(jsonb_build_object('poll', poll, 'due_at', due_at, 'asked_at', asked_at,
                   'answered_at', answered_at, 'every', extract(epoch from every)) order by poll), '[]') as polls
                 from poll_cursors where connection_id = u.id) p
               cross join lateral (
                 select count(*) as open_cases from cases c left join effects e on e.id = c.effect_id
                 where c.state = 'open' and (c.connection_id = u.id or e.connection_id = u.id)) k""",
            ids,
        )
    )


async def change_mark(connection: Connection) -> tuple[int, int, int]:
    """Numbers that grow whenever a run moves, a person acts, or something is published."""
    row = await connection.fetchrow(
        """select coalesce((select max(id) from journal), 0) as journal,
             coalesce((select max(id) from audit), 0) as audit,
             coalesce((select max(id) from publications), 0) as publication"""
    )
    return row["journal"], row["audit"], row["publication"]
