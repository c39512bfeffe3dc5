"""What is written for a shop's years, table by table.

Ids follow from the order's place, so that nothing need be looked up to join. Nothing is sealed for real.
"""

MADE = """
create function pg_temp.id(kind int, n bigint) returns uuid language sql immutable parallel safe as
$$ select (lpad(to_hex(kind), 8, '0') || '-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
create function pg_temp.at(n bigint, total bigint, now timestamptz) returns timestamptz
language sql stable parallel safe as $$ select now - (total - n) * (interval '400 days' / total) $$;
create function pg_temp.supplier(n bigint) returns text language sql immutable parallel safe as
$$ select case when n % 20011 = 7 then 'umbrella' when n % 100 < 60 then 'acme' when n % 100 < 90 then 'globex'
        else 'initech' end $$;
create function pg_temp.sku(n bigint, k bigint) returns text language sql immutable parallel safe as
$$ select case when n % 5 = 0 and k = 1 then 'MUG-11' else 'SKU-' || (n * 7 + k) % 5000 end $$;
create temp table lines_of as
with candidates as (
  select n, k, s as supplier, jsonb_build_object(
    'supplier', s, 'supplier_sku', 'X' || n, 'why', '',
    'standing', case when s = pg_temp.supplier(n) then 'chosen' else 'possible' end,
    'available', 40 + n % 60, 'as_of', '2026-01-05T09:00:00Z', 'age_seconds', 120, 'threshold', 2,
    'unit_cost', jsonb_build_object('amount', (8 + place + n % 3)::text, 'currency', 'USD'),
    'shipping', jsonb_build_object('amount', (4 + n % 4)::text, 'currency', 'USD'), 'fee', null, 'zone', 'same-country',
    'preference', 0) as figures
  from generate_series(0, 4999) n, generate_series(1, 2) k,
    unnest(array['acme', 'globex', 'initech']) with ordinality u(s, place)
  where k = 1 or n % 2 = 0),
lines as (
  select n, k, pg_temp.supplier(n) as supplier, jsonb_agg(figures order by supplier) as candidates,
    (array_agg(figures) filter (where supplier = pg_temp.supplier(n)))[1] as mine
  from candidates group by n, k)
select n as place,
  jsonb_agg(jsonb_build_object('line_id', k::text, 'sku', pg_temp.sku(n, k), 'quantity', 1, 'generation', 0,
    'supplier', supplier, 'reason', 'policy', 'candidates', candidates, 'replaces', '') order by k) as decided,
  jsonb_agg(jsonb_build_object('line_id', k::text, 'sku', pg_temp.sku(n, k), 'supplier_sku', 'X' || n, 'quantity', 1,
    'unit_cost', mine -> 'unit_cost') order by k) as planned
from lines group by n;
alter table lines_of add primary key (place);
analyze lines_of;
"""
"""Functions and a table of this session: an order's lines, decided and planned, repeat after five thousand orders."""

STORES = """
insert into stores (id, settings) values ('main', '{}'), ('other', '{}') on conflict do nothing;
insert into flow_versions (id, store_id, flow, number, text, graph, text_hash, roles, published_at, published_by,
                           is_active)
select pg_temp.id(9, s * 10 + f), (array['main', 'other'])[s], (array['filter', 'watch', 'track'])[f], 1, '', graph, '',
       '{}', $1, 'seeding', false
from generate_series(1, 2) s, unnest($2::text[]) with ordinality u(graph, f)
"""

ROWS = (
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
              pg_temp.sku(n, k), 1, 0, ''
       from generate_series(1, $1::bigint) n, generate_series(1, 2) k where k = 1 or n % 2 = 0""",
    """insert into decisions (id, store_id, order_id, run_id, rules_version, lines_digest, lines, tags, made_at)
       select pg_temp.id(3, n), case when n % 50 = 0 then 'other' else 'main' end, pg_temp.id(2, n),
              pg_temp.id(6, n * 4), '1', '\\x00', decided, '[]', pg_temp.at(n, $1, $2) + interval '1 minute'
       from generate_series(1, $1::bigint) n join lines_of on place = n % 5000""",
    """insert into purchases (id, store_id, order_id, decision_id, supplier, number, reference, state, lines, tags,
                              reserved_until, claimed_by, claimed_at, acknowledged_at, settled_at, status,
                              supplier_reference, cost, currency, reason)
       select pg_temp.id(4, n), case when n % 50 = 0 then 'other' else 'main' end, pg_temp.id(2, n), pg_temp.id(3, n),
              pg_temp.supplier(n), 1, 'faros-' || n || '-1', 'confirmed', planned, '[]', at, pg_temp.id(6, n * 4 + 1),
              at, case when n % 97 > 0 then at + n % 240 * interval '1 minute' end, at,
              case when n < $1 * 0.98 then 'shipped' else 'accepted' end, 'PO' || md5(n::text),
              9.5 * jsonb_array_length(planned), 'USD', ''
       from generate_series(1, $1::bigint) n join lines_of on place = n % 5000,
            lateral (select pg_temp.at(n, $1, $2) + interval '2 minutes' as at) t""",
    """insert into purchase_claims (order_id, line_id, generation, store_id, purchase_id, supplier, quantity,
                                    claimed_at, release_reason)
       select pg_temp.id(2, n), k::text, 0, case when n % 50 = 0 then 'other' else 'main' end, pg_temp.id(4, n),
              pg_temp.supplier(n), 1, pg_temp.at(n, $1, $2), ''
       from generate_series(1, $1::bigint) n, generate_series(1, 2) k where k = 1 or n % 2 = 0""",
    """insert into shipments (id, store_id, order_id, purchase_id, reference, tracking_number, carrier, lines, state,
                              status, generation, created_at, shipped_at, confirmed_at, fulfilment_id, spells,
                              replaced_by, delivered_at, over_at)
       select pg_temp.id(5, n), case when n % 50 = 0 then 'other' else 'main' end, pg_temp.id(2, n), pg_temp.id(4, n),
              'faros-' || n || '-1/1', '1Z999AA1' || lpad(n::text, 10, '0'),
              (array['ups', 'usps', 'dhl'])[1 + n % 3], '[]', '{}',
              case when n < $1 * 0.98 then 'delivered' else 'in_transit' end, 0, at + interval '1 day',
              at + interval '1 day',
              case when n % 500 > 1 then at + interval '1 day' + n % 180 * interval '1 minute' end, '',
              case when n % 41 = 2 then 1 else 0 end, '',
              case when n < $1 * 0.98 then at + interval '5 days' end,
              case when n < $1 * 0.98 then at + interval '5 days' end
       from generate_series(1, $1::bigint) n, lateral (select pg_temp.at(n, $1, $2) as at) t
       where n % 20 > 0 and n < $1 * 0.997""",
    """insert into runs (id, store_id, flow, flow_version_id, source, trigger_key, subject, person_id, event_id,
                         order_id, started_at, ended_at, end_reason, version, lease_serial, wakes, is_parked,
                         touched_by_person)
       select pg_temp.id(6, n * 4 + f), store, (array['filter', 'watch', 'track'])[f + 1],
              pg_temp.id(9, case store when 'main' then 11 + f else 21 + f end), 'shop',
              (array[n::text, 'faros-' || n || '-1', 'faros-' || n || '-1/1'])[f + 1],
              '#' || (1000 + n), pg_temp.id(1, n / 3 + 1), pg_temp.id(7, n), pg_temp.id(2, n), at,
              case when f = 0 or n < $1 * 0.98 then at + interval '1 hour' end,
              case when f = 0 or n < $1 * 0.98 then 'done' end, 3, 1, 0, false, n % 12 = 5
       from generate_series(1, $1::bigint) n, generate_series(0, 2) f,
            lateral (select pg_temp.at(n, $1, $2) as at,
                            case when n % 50 = 0 then 'other' else 'main' end as store) t""",
    """insert into tokens (id, run_id, node, path, state, due_at)
       select pg_temp.id(8, n * 4 + f), pg_temp.id(6, n * 4 + f), ($3::text[])[1 + n % array_length($3, 1)], '[]',
              'waiting', $2::timestamptz + interval '1 hour'
       from generate_series(($1::bigint * 0.98)::bigint, $1::bigint) n, generate_series(1, 2) f""",
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
       select pg_temp.id(11, n * 4 + c), case when n % 50 = 0 then 'other' else 'main' end, pg_temp.id(6, n * 4 + 1),
              (array['acknowledged', 'left'])[c], '#' || (1000 + n), state, at, at + interval '1 day',
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
    """insert into outcomes (run_id, store_id, order_id, cause, outcome, suppliers, at)
       select run_id, store_id, order_id, case kind when 'stalled' then 'stalled-parcel' else kind end,
              case when right(subject, 1) in ('1', '7') then 'cancelled' else 'recovered' end,
              array['acme'], resolved_at
       from cases where state = 'resolved' and kind in ('stalled', 'out-of-stock', 'address')""",
    """insert into enquiries (connection_id, ticket_id, store_id, order_id, topic, gap, received_at, recorded_at)
       select 'desk', n::text, case when n % 50 = 0 then 'other' else 'main' end, pg_temp.id(2, n),
              case when n % 3 = 0 then 'where-is-my-order' else 'other' end,
              (array['tracking-gap', 'stalled-parcel', 'none'])[1 + n % 7 % 3], at + interval '2 days',
              at + interval '2 days'
       from generate_series(1, $1::bigint) n, lateral (select pg_temp.at(n, $1, $2) as at) t
       where n % 20 = 9 and n < $1 * 0.99""",
    """insert into events (id, store_id, connection_id, name, key, subject, person_id, body, made_at, state)
       select pg_temp.id(7, n), case when n % 50 = 0 then 'other' else 'main' end, 'shop', 'order_paid', n::text,
              '#' || (1000 + n), pg_temp.id(1, n / 3 + 1), '\\x00', pg_temp.at(n, $1, $2), 'admitted'
       from generate_series(1, $1::bigint) n""",
    """insert into deliveries (id, store_id, connection_id, topic, delivery_key, headers, body, sealed_key, state,
                               reason, received_at)
       select pg_temp.id(13, n), case when n % 50 = 0 then 'other' else 'main' end, 'shop', 'orders/paid', n::text,
              '{}', '\\x00', '\\x00', 'read', '', pg_temp.at(n, $1, $2)
       from generate_series(1, $1::bigint) n""",
    """insert into stock_levels (store_id, supplier, supplier_sku, available, as_of, is_confirmed, recorded_at)
       select 'main', s, 'X' || n, n % 60, $2::timestamptz - interval '5 minutes', false, $2::timestamptz
       from generate_series(1, least($1::bigint, 5000)) n,
            unnest(array['acme', 'globex', 'initech', 'umbrella']) s""",
)
"""Each takes the number of orders, the moment of the newest, and the steps at which runs may stand."""
