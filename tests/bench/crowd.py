"""A shop's years in a database, made set by set: orders with their lines, purchases, parcels, runs, cases and clocks.

Ids follow from the order's place, so that nothing need be looked up to join; what a row says is as varied as what the
pages sort, group and search by. Nothing is sealed for real: rows whose bodies a test opens are not made here.
"""

from datetime import datetime

import asyncpg

_MADE = """
create function pg_temp.id(kind int, n bigint) returns uuid language sql immutable parallel safe as
$$ select (lpad(to_hex(kind), 8, '0') || '-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
create function pg_temp.at(n bigint, total bigint, now timestamptz) returns timestamptz
language sql stable parallel safe as $$ select now - (total - n) * (interval '400 days' / total) $$;
create function pg_temp.supplier(n bigint) returns text language sql immutable parallel safe as
$$ select case when n % 20011 = 7 then 'umbrella' when n % 100 < 60 then 'acme' when n % 100 < 90 then 'globex'
        else 'initech' end $$;
"""

_STORES = """
insert into stores (id, settings) values ('main', '{}'), ('other', '{}') on conflict do nothing;
insert into flow_versions (id, store_id, flow, number, text, graph, text_hash, roles, published_at, published_by,
                           is_active)
select pg_temp.id(9, s * 10 + f), (array['main', 'other'])[s], (array['filter', 'route', 'track'])[f], 1, '',
       '{"flow": "seeded", "title": "Seeded", "roles": {}, "start": null, "nodes": {}, "stages": {}}', '', '{}', $2,
       'seeding', false
from generate_series(1, 2) s, generate_series(1, 3) f
"""

_ROWS = (
    """insert into person_keys (id, store_id, subject, sealed_key, created_at)
       select pg_temp.id(1, n), 'main', decode(md5('person' || n), 'hex'), '\\x00', $2
       from generate_series(1, $1::bigint / 3 + 1) n""",
    """insert into orders (id, store_id, source, channel_id, number, person_id, items_hash, payment, total, currency,
                           created_at, updated_at, recorded_at, cancel_requested_at, is_address_good)
       select pg_temp.id(2, n), case when n % 50 = 0 then 'other' else 'main' end, 'shop', n::text, '#' || (1000 + n),
              pg_temp.id(1, n / 3 + 1), md5(n::text), 'paid', (n % 300) + 0.5, 'USD', at, at, at,
              case when n % 40 = 3 then at + interval '1 hour' end, true
       from generate_series(1, $1::bigint) n, lateral (select pg_temp.at(n, $1, $2) as at) t""",
    """insert into order_lines (order_id, line_id, store_id, sku, quantity, generation, generation_reason)
       select pg_temp.id(2, n), k::text, case when n % 50 = 0 then 'other' else 'main' end,
              case when n % 5 = 0 and k = 1 then 'MUG-11' else 'SKU-' || (n * 7 + k) % 5000 end, 1, 0, ''
       from generate_series(1, $1::bigint) n, generate_series(1, 2) k where k = 1 or n % 2 = 0""",
    """insert into decisions (id, store_id, order_id, run_id, rules_version, lines_digest, lines, tags, made_at)
       select pg_temp.id(3, n), case when n % 50 = 0 then 'other' else 'main' end, pg_temp.id(2, n),
              pg_temp.id(6, n * 4), '1', '\\x00', '[]', '[]', pg_temp.at(n, $1, $2) + interval '1 minute'
       from generate_series(1, $1::bigint) n""",
    """insert into purchases (id, store_id, order_id, decision_id, supplier, number, reference, state, lines, tags,
                              reserved_until, claimed_by, claimed_at, settled_at, status, supplier_reference, cost,
                              currency, reason)
       select pg_temp.id(4, n), case when n % 50 = 0 then 'other' else 'main' end, pg_temp.id(2, n), pg_temp.id(3, n),
              pg_temp.supplier(n), 1, 'faros-' || n || '-1', 'confirmed', '[]', '[]', at, pg_temp.id(6, n * 4 + 1), at,
              at, 'accepted', 'PO' || md5(n::text), 9.5, 'USD', ''
       from generate_series(1, $1::bigint) n, lateral (select pg_temp.at(n, $1, $2) + interval '2 minutes' as at) t""",
    """insert into shipments (id, store_id, order_id, purchase_id, reference, tracking_number, carrier, lines, state,
                              status, generation, created_at, fulfilment_id, spells, replaced_by, delivered_at, over_at)
       select pg_temp.id(5, n), case when n % 50 = 0 then 'other' else 'main' end, pg_temp.id(2, n), pg_temp.id(4, n),
              'faros-' || n || '-1/1', '1Z999AA1' || lpad(n::text, 10, '0'), 'ups', '[]', '{}',
              case when n < $1 * 0.98 then 'delivered' else 'in_transit' end, 0, at + interval '1 day', '', 0, '',
              case when n < $1 * 0.98 then at + interval '5 days' end,
              case when n < $1 * 0.98 then at + interval '5 days' end
       from generate_series(1, $1::bigint) n, lateral (select pg_temp.at(n, $1, $2) as at) t where n % 20 > 0""",
    """insert into runs (id, store_id, flow, flow_version_id, source, trigger_key, subject, person_id, event_id,
                         order_id, started_at, ended_at, end_reason, version, lease_serial, wakes, is_parked,
                         touched_by_person)
       select pg_temp.id(6, n * 4 + f), store, (array['filter', 'route', 'track'])[f + 1],
              pg_temp.id(9, case store when 'main' then 11 + f else 21 + f end), 'shop', n || '/' || f,
              '#' || (1000 + n), pg_temp.id(1, n / 3 + 1), pg_temp.id(7, n), pg_temp.id(2, n), at,
              case when f < 2 or n < $1 * 0.98 then at + interval '1 hour' end,
              case when f < 2 or n < $1 * 0.98 then 'done' end, 3, 1, 0, false, n % 12 = 5
       from generate_series(1, $1::bigint) n, generate_series(0, 2) f,
            lateral (select pg_temp.at(n, $1, $2) as at,
                            case when n % 50 = 0 then 'other' else 'main' end as store) t""",
    """insert into tokens (id, run_id, node, path, state, due_at)
       select pg_temp.id(8, n), pg_temp.id(6, n * 4 + 2), 'step-' || n % 7, '[]', 'waiting',
              $2::timestamptz + interval '1 hour'
       from generate_series(($1::bigint * 0.98)::bigint, $1::bigint) n""",
    """insert into cases (id, store_id, run_id, order_id, node, kind, subject, person_id, owner, body, choices,
                          checklist, checked_first, state, version, opened_at, due_at, resolved_at, resolved_by, choice)
       select pg_temp.id(10, n), case when n % 50 = 0 then 'other' else 'main' end, pg_temp.id(6, n * 4),
              pg_temp.id(2, n), 'hold',
              (array['address', 'fraud-review', 'out-of-stock', 'stalled', 'order-review'])[1 + n / 12 % 5],
              '#' || (1000 + n), pg_temp.id(1, n / 3 + 1), case when n % 24 = 5 then 'ops' else 'support' end, '\\x00',
              '{"seen": "I have seen to it"}', '[]', '[]', state, 1, at, at + interval '4 hours',
              case state when 'resolved' then at + interval '2 hours' end, case state when 'resolved' then 'ada' end,
              case state when 'resolved' then 'seen' end
       from generate_series(1, $1::bigint) n,
            lateral (select pg_temp.at(n, $1, $2) as at,
                            case when n > $1 - least($1 / 10, 6000) then 'open' else 'resolved' end as state) t
       where n % 12 = 5""",
    """insert into clocks (id, store_id, run_id, clock, subject, state, started_at, warn_at, due_at, next_at, ended_at)
       select pg_temp.id(11, n * 4 + c), case when n % 50 = 0 then 'other' else 'main' end, pg_temp.id(6, n * 4 + c),
              (array['shipped', 'settled'])[c], '#' || (1000 + n), state, at, at + interval '1 day',
              case when state in ('running', 'warned') then $2::timestamptz + (n % 96) * interval '1 hour'
                   else at + interval '2 days' end,
              null, case when state = 'kept' then at + interval '1 day' end
       from generate_series(1, $1::bigint) n, generate_series(1, 2) c,
            lateral (select pg_temp.at(n, $1, $2) as at,
                            case when n % 33 = 0 then 'late' when n < $1 * 0.98 then 'kept' when n % 9 = 0 then 'warned'
                                 else 'running' end as state) t""",
    """insert into journal (run_id, at, entries)
       select pg_temp.id(6, n * 4 + f), pg_temp.at(n, $1, $2), '[["read-order", "acted", ""]]'
       from generate_series(1, $1::bigint) n, generate_series(0, 2) f""",
    """insert into effects (id, store_id, run_id, order_id, node, connection_id, action, kind, key, person_id, request,
                            state, attempt, lookups, reason, intended_at, attempted_at, settled_at)
       select pg_temp.id(12, n), case when n % 50 = 0 then 'other' else 'main' end, pg_temp.id(6, n * 4 + 1),
              pg_temp.id(2, n), 'buy', pg_temp.supplier(n), 'create_purchase_order', '{"kind": "keyed"}', n::text,
              pg_temp.id(1, n / 3 + 1), '\\x00', 'confirmed', 1, 0, '', at, at, at
       from generate_series(1, $1::bigint) n, lateral (select pg_temp.at(n, $1, $2) as at) t""",
    """insert into notices (order_id, milestone, store_id, notice, rank, parcel, person_id, state, reason, made_at,
                            sent_at)
       select pg_temp.id(2, n), m, case when n % 50 = 0 then 'other' else 'main' end, m, 1, '',
              pg_temp.id(1, n / 3 + 1), 'sent', '', at, at
       from generate_series(1, $1::bigint) n, unnest(array['confirmed', 'shipped', 'delivered']) m,
            lateral (select pg_temp.at(n, $1, $2) as at) t""",
)
"""Each takes the number of orders and the moment of the newest."""


_INDEXES = """
select indexname, indexdef from pg_indexes where schemaname = 'public'
  and indexname not in (select conname from pg_constraint) order by indexname"""


async def seed(connection: asyncpg.Connection, orders: int, now: datetime) -> None:
    """Fill an empty database with so many orders, the newest of which was just placed, and let the planner know it."""
    # Rows fit each other because they are made so; to look each of them up again would take as long as making them.
    await connection.execute("set session_replication_role = replica; set synchronous_commit = off")
    await connection.execute(_MADE)
    # One index made at the end takes a fraction of what it takes to keep it row by row.
    indexes = await connection.fetch(_INDEXES)
    for index in indexes:
        await connection.execute(f'drop index "{index["indexname"]}"')
    stores, versions = _STORES.strip().split(";", 1)
    await connection.execute(stores)
    await connection.execute(versions.replace("$2", f"'{now.isoformat()}'::timestamptz"))
    for sql in _ROWS:
        arguments = [orders, now][: 2 if "$2" in sql else 1]
        await connection.execute(sql, *arguments, timeout=1800)
    for index in indexes:
        await connection.execute(index["indexdef"], timeout=1800)
    await connection.execute("set session_replication_role = origin; set synchronous_commit = on")
    await connection.execute("vacuum analyze", timeout=600)
