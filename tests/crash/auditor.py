"""The auditor: looks only at the database and at the supplier's memory, with a connection of its own."""

from datetime import timedelta
from typing import Any

import asyncpg

from tests.crash.expected import Outcome
from tests.crash.supplier import Memory

LIMBO = """
select r.id, r.subject, r.lease_owner, r.due_at from runs r
where r.ended_at is null and ($1::text is null or r.subject = $1)
  and not exists (select 1 from workers w where w.id = r.lease_owner and w.alive_until > clock_timestamp())
  and r.due_at is null
  and not exists (select 1 from waits w where w.run_id = r.id and w.event_id is null)
  and not exists (select 1 from cases c where c.run_id = r.id and c.state = 'open')
"""
"""Unfinished runs without any reason to move: no living lease, no due moment, no wait, no open case."""

STUCK = """
select count(*) from runs r
where r.ended_at is null and (r.lease_owner is not null or r.due_at <= (select now from trade_clock))
"""
"""Runs that somebody has, or that somebody should have."""


async def now_and_then(connection: asyncpg.Connection, span: timedelta) -> None:
    """Let the trade's time pass."""
    await connection.execute("update trade_clock set now = now + $1", span)


async def limbo(connection: asyncpg.Connection, order: str | None = None) -> list[Any]:
    """Runs that would never move again, of one order or of all."""
    return list(await connection.fetch(LIMBO, order))


async def outcome(connection: asyncpg.Connection, memory: Memory, order: str, kind: str) -> Outcome:
    """What became of one order. More than one run for it is no outcome at all."""
    runs = await connection.fetch("select id, ended_at from runs where subject = $1", order)
    assert len(runs) == 1, f"{len(runs)} runs for one order"
    (run,) = runs
    ledger = await connection.fetch(
        "select state from effects where run_id = $1 order by intended_at", run["id"]
    )
    cases = await connection.fetch("select kind from cases where run_id = $1 and state = 'open'", run["id"])
    done = memory.count(order, "done")
    if kind == "read":
        # A read leaves nothing; that it was asked at all is what counts, and that nothing was done.
        assert done == 0
        done = min(memory.count(order, "asked"), 1)
    return Outcome(
        run["ended_at"] is not None, done, tuple(r["state"] for r in ledger), tuple(c["kind"] for c in cases)
    )
