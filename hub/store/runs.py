"""Runs as the driver reads them: leases, and a run with all that its next step needs, in few statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

import orjson
from pydantic import Field, TypeAdapter

from hub.model.effect import Effect
from hub.model.run import Acting, Held, Joining, Path, Ready, Run, Token, Waiting
from hub.sdk import Kind
from hub.store.database import Connection
from hub.store.encoding import from_bytes
from hub.store.sealing import Box, Vault
from hub.store.unit import TokenPut


@dataclass(slots=True)
class Leased:
    """A run that this worker may advance, and what the store knows beside it."""

    run: Run
    serial: int
    wakes: int
    flow_version_id: UUID
    box: Box
    started_at: datetime
    subject: str | None
    event_id: UUID
    parent_run_id: UUID | None = None
    effects: dict[UUID, Effect] = field(default_factory=dict)
    waits: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    cases: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    parked: bool = False


_CLAIM = """
with due as (
  select r.id from runs r left join workers w on w.id = r.lease_owner
  where r.ended_at is null and r.due_at <= $1
    and (r.lease_owner is null or w.id is null or w.alive_until < clock_timestamp())
  order by r.due_at limit $2 for no key update of r skip locked)
update runs r set lease_owner = $3, lease_serial = r.lease_serial + 1 from due where r.id = due.id
returning r.*"""


async def claim(connection: Connection, worker: str, now: datetime, most: int) -> list[Any]:
    """Lease runs that are due by the trade's time and belong to no living worker, by the database's clock."""
    return list(await connection.fetch(_CLAIM, now, most, worker))


async def beat(connection: Connection, worker: str, lease: float) -> None:
    """Renew all leases of this worker: they hang on its one row."""
    await connection.execute(
        """insert into workers (id, alive_until, started_at)
           values ($1, clock_timestamp() + make_interval(secs => $2), clock_timestamp())
           on conflict (id) do update set alive_until = excluded.alive_until""",
        worker,
        lease,
    )


async def leave(connection: Connection, worker: str) -> None:
    """Give up all leases at once: a worker that stops in good order."""
    await connection.execute(
        """update runs set lease_owner = null, lease_serial = lease_serial + 1, due_at = coalesce(due_at, now())
           where lease_owner = $1 and ended_at is null""",
        worker,
    )
    await connection.execute("delete from workers where id = $1", worker)


async def disown(connection: Connection, worker: str, in_hand: Sequence[UUID], due: datetime) -> None:
    """Give back leases this worker was granted and does not know of: the answer to the commit was lost."""
    await connection.execute(
        """update runs set lease_owner = null, lease_serial = lease_serial + 1, due_at = coalesce(due_at, $3)
           where lease_owner = $1 and id <> all($2::uuid[]) and ended_at is null""",
        worker,
        list(in_hand),
        due,
    )


async def abandon(connection: Connection, run_id: UUID, serial: int, due: datetime) -> None:
    """Give one lease back unfinished, so that the run is read and walked again; the serial shuts this worker out."""
    await connection.execute(
        """update runs set lease_owner = null, due_at = $3, lease_serial = lease_serial + 1
           where id = $1 and lease_serial = $2 and ended_at is null""",
        run_id,
        serial,
        due,
    )


async def end_erased(connection: Connection, run_id: UUID, serial: int, now: datetime) -> None:
    """End a run whose person was erased: nothing of it can be read, and nobody is left to do it for."""
    ended = await connection.fetchval(
        """update runs set ended_at = $3, end_reason = 'The person it was about was erased.', lease_owner = null,
             due_at = null, names = null where id = $1 and lease_serial = $2 and ended_at is null returning id""",
        run_id,
        serial,
        now,
    )
    if ended is not None:
        await connection.execute("delete from tokens where run_id = $1", run_id)
        await connection.execute("delete from waits where run_id = $1", run_id)


async def row_of(connection: Connection, run_id: UUID) -> Any:
    """A run's row as it is, or None."""
    return await connection.fetchrow("select * from runs where id = $1", run_id)


async def hold_row(connection: Connection, run_id: UUID, serial: int) -> bool:
    """Lock a run's row for this transaction; False if the lease is another's by now."""
    found = await connection.fetchval(
        "select lease_serial from runs where id = $1 and ended_at is null for no key update", run_id
    )
    return bool(found == serial)


async def bury(connection: Connection) -> None:
    """Forget workers that have been dead for an hour and own nothing."""
    await connection.execute(
        """delete from workers w where alive_until < clock_timestamp() - interval '1 hour'
           and not exists (select 1 from runs r where r.lease_owner = w.id)"""
    )


async def load(connection: Connection, vault: Vault, rows: Sequence[Any]) -> list[Leased]:
    """The runs of these leased rows, with their open effects, waits and cases. Erased persons' runs are left out."""
    boxes = await vault.boxes(connection, {row["person_id"] for row in rows})
    rows = [row for row in rows if row["person_id"] in boxes]
    ids = [row["id"] for row in rows]
    tokens: dict[UUID, list[Token]] = {i: [] for i in ids}
    for row in await connection.fetch("select * from tokens where run_id = any($1) order by id", ids):
        tokens[row["run_id"]].append(token_of(row))
    events = {
        row["id"]: row["body"]
        for row in await connection.fetch(
            "select id, body from events where id = any($1)", list({row["event_id"] for row in rows})
        )
    }
    found = {}
    for row in rows:
        box = boxes[row["person_id"]]
        run = Run(
            id=row["id"],
            store_id=row["store_id"],
            source=row["source"],
            event=from_bytes(box.open(events[row["event_id"]])),
            tokens=tuple(tokens[row["id"]]),
            frames=from_bytes(box.open(row["names"])) if row["names"] else {},
            order_id=row["order_id"],
        )
        found[row["id"]] = Leased(
            run, row["lease_serial"], row["wakes"], row["flow_version_id"], box, row["started_at"], row["subject"],
            row["event_id"], row["parent_run_id"], parked=row["is_parked"],
        )  # fmt: skip
    await _load_reasons(connection, found)
    return list(found.values())


async def _load_reasons(connection: Connection, found: dict[UUID, Leased]) -> None:
    acting = [
        t.effect for f in found.values() for t in f.run.tokens if isinstance(t, (Acting, Held)) and t.effect
    ]
    if acting:
        for row in await connection.fetch("select * from effects where id = any($1)", acting):
            leased = found[row["run_id"]]
            leased.effects[row["id"]] = effect_of(row, leased.box)
    waiting = [
        t.wait for f in found.values() for t in f.run.tokens if isinstance(t, (Waiting, Held)) and t.wait
    ]
    if waiting:
        for row in await connection.fetch(
            """select w.*, e.body as event_body from waits w left join events e on e.id = w.event_id
               where w.id = any($1)""",
            waiting,
        ):
            found[row["run_id"]].waits[row["id"]] = dict(row)
    held = [t.case for f in found.values() for t in f.run.tokens if isinstance(t, Held)]
    if held:
        for row in await connection.fetch(
            "select * from cases where id = any($1) and state = 'resolved'", held
        ):
            found[row["run_id"]].cases[row["id"]] = dict(row)


def token_of(row: Any) -> Token:
    """The sum type from a row; the table's check makes the reasons present."""
    path: Path = tuple(tuple(p) for p in orjson.loads(row["path"]))
    match row["state"]:
        case "ready":
            return Ready(row["id"], row["node"], path, row["due_at"])
        case "acting":
            return Acting(row["id"], row["node"], row["effect_id"], path, row["due_at"])
        case "waiting":
            return Waiting(row["id"], row["node"], row["wait_id"], row["due_at"], path)
        case "held":
            return Held(
                row["id"], row["node"], row["case_id"], path, row["effect_id"], row["wait_id"], row["due_at"]
            )
        case "joining":
            return Joining(row["id"], row["node"], path)
        case state:
            raise AssertionError(f"The table's check lets no token be {state!r}.")


def put_of(token: Token) -> TokenPut:
    """The row of a token."""
    path = orjson.dumps(token.path).decode() if token.path else "[]"
    match token:
        case Ready(id, node, _, due):
            return TokenPut(id, node, path, "ready", due_at=due)
        case Acting(id, node, effect, _, due):
            return TokenPut(id, node, path, "acting", effect_id=effect, due_at=due)
        case Waiting(id, node, wait, due, _):
            return TokenPut(id, node, path, "waiting", wait_id=wait, due_at=due)
        case Held(id, node, case, _, effect, wait, due):
            return TokenPut(id, node, path, "held", effect, wait, case, due)
        case Joining(id, node, _):
            return TokenPut(id, node, path, "joining")


def effect_of(row: Any, box: Box) -> Effect:
    """The ledger's row as a value."""
    figures = dict(row["kind"])
    return Effect(
        id=row["id"],
        run_id=row["run_id"],
        node=row["node"],
        connection_id=row["connection_id"],
        action=row["action"],
        kind=kind_from(figures),
        key=row["key"],
        request=orjson.loads(box.open(row["request"])),
        state=row["state"],
        attempt=row["attempt"],
        lookups=row["lookups"],
        answer=from_bytes(box.open(row["answer"])) if row["answer"] else None,
        refusal=row["refusal"],
        reason=row["reason"],
        intended_at=row["intended_at"],
        attempted_at=row["attempted_at"],
    )


_kinds: TypeAdapter[Kind] = TypeAdapter(Annotated[Kind, Field(discriminator="name")])


def kind_from(figures: dict[str, Any]) -> Kind:
    """A kind from its JSON."""
    return _kinds.validate_python(figures)


@lru_cache(maxsize=64)
def kind_to(kind: Kind) -> dict[str, Any]:
    """A kind as JSON: its name and its figures."""
    found: dict[str, Any] = _kinds.dump_python(kind, mode="json")
    return found
