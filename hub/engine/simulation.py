"""Trying another version of a flow on the orders of the last days, before it is published. Nothing is changed by it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.engine.past import past_of
from hub.engine.program import Program
from hub.engine.simulating import Compared, Reads, compare
from hub.engine.world import World
from hub.flow.graph import Graph
from hub.sdk import HubError
from hub.store import past
from hub.store.database import Connection
from hub.store.reading import journal_of
from hub.store.sealing import Vault

MOST = 1_000
"""Orders looked at, the newest first."""


class NotInForce(HubError):
    """There is no version in force to compare with."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What would have been different. `orders` came in that time; `compared` are those that could be looked at."""

    version: int
    orders: int
    compared: list[Compared]


async def simulate(
    connection: Connection, world: World, vault: Vault, wanted: tuple[str, Graph], since: datetime
) -> Simulated:
    """Walk the flow of a store (store, graph) with every order since then; raises `NotInForce`."""
    store_id, graph = wanted
    now = world.active.get((store_id, graph.flow))
    if now is None:
        raise NotInForce(f"Store {store_id} has no flow {graph.flow} in force, so nothing can be compared.")
    then = Program(now.id, store_id, graph, now.roles, now.number + 1, now.calendar)
    rows, orders = await past.runs_since(connection, store_id, graph.flow, since, MOST)
    boxes = await vault.boxes(connection, {row["person_id"] for row in rows})
    # Of whom everything was erased, nothing can be said any more.
    rows = [row for row in rows if row["person_id"] in boxes and row["flow_version_id"] in world.programs]
    ids = [row["id"] for row in rows]
    effects = _by_run(await past.answers_of(connection, ids))
    journal = _by_run(await journal_of(connection, ids))
    reads = _reads(world, [now, then])
    compared = []
    for row in rows:
        followed = world.programs[row["flow_version_id"]]
        been = past_of(row, boxes[row["person_id"]], followed, effects[row["id"]], journal[row["id"]])
        compared.append(compare(been, now, then, reads))
    return Simulated(now.number, orders, compared)


def _by_run(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row["run_id"]].append(row)
    return found


def _reads(world: World, programs: Iterable[Program]) -> Reads:
    """What only reads, and so is noticed by nobody: reading actions, and the hub's own."""
    roles = {name: role for program in programs for name, role in program.graph.roles.items()}

    def reads(role: str, action: str) -> bool:
        if role not in roles:
            return True
        shape = world.catalog.surface(roles[role].asks).actions.get(action)
        return shape is not None and shape.kind.name == "read"

    return reads
