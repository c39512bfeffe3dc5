"""Four eyes: a decision by which much money leaves is made by two people, one after the other."""

from decimal import Decimal
from typing import Any

from hub.engine.world import World
from hub.flow.consequences import MONEY, consequences, moves_money
from hub.flow.graph import Graph, Hold, from_json
from hub.model import case as cases
from hub.sdk import HubError
from hub.sdk.commerce import Money
from hub.store.configuration import read_version
from hub.store.database import Connection
from hub.store.orders import total_of
from hub.store.reading import read_effect, read_run


class SecondPersonNeeded(HubError):
    """You have decided this; it is done once a second person decides the same."""


async def choices_for_two(connection: Connection, world: World, row: Any) -> set[str]:
    """The choices of a case that need a second person, by its store's policy `second_person_above`.

    An order's whole total counts, because a choice may give back all of it. What is not known to be below the limit,
    such as an amount in another currency, counts as above it.
    """
    store = world.stores.get(row["store_id"])
    limit = store.policies.second_person_above if store else None
    if limit is None or await _is_below(connection, row, limit):
        return set()
    return await money_choices(connection, world, row)


async def money_choices(connection: Connection, world: World, row: Any) -> set[str]:
    """The choices of a case by which money leaves, or may."""
    if row["effect_id"] is not None:
        effect = await read_effect(connection, row["effect_id"])
        again = {cases.SEND_AGAIN, cases.TRY_AGAIN}
        return again & set(row["choices"]) if effect and effect["action"] in MONEY else set()
    graph = await graph_of(connection, world, row)
    node = graph.nodes.get(row["node"]) if graph else None
    if graph is None or not isinstance(node, Hold):
        return set()
    return {choice for choice in row["choices"] if moves_money(consequences(graph, node, choice))}


async def graph_of(connection: Connection, world: World, row: Any) -> Graph | None:
    """The flow, at the version of the case's run; None for a case that no run waits for."""
    run = await read_run(connection, row["run_id"]) if row["run_id"] is not None else None
    if run is None:
        return None
    program = world.programs.get(run["flow_version_id"])
    if program is not None:
        return program.graph
    version = await read_version(connection, run["flow_version_id"])
    return from_json(version["graph"]) if version else None


async def _is_below(connection: Connection, row: Any, limit: Money) -> bool:
    total = await total_of(connection, row["order_id"]) if row["order_id"] is not None else None
    if total is None:
        return False
    amount, currency = total
    return currency == limit.currency and Decimal(amount) <= limit.amount
