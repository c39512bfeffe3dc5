"""Publishing one flow by itself, beside what a project folder publishes whole."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.engine.ids import new_id
from hub.engine.publishing import FlowSpec
from hub.engine.world import World
from hub.flow.graph import Graph, to_json
from hub.sdk import HubError
from hub.store.configuration import FlowNew, activate_flow, put_publication, read_configuration
from hub.store.database import Connection

BY_API = "api:"
"""Before the name of whoever published a flow by itself; every other flow belongs to its project folder."""


class OwnedByFile(HubError):
    """This flow is published from a project folder; change its file there, or the next publication undoes it."""


class WrongRoles(HubError):
    """The roles are not bound as the flow asks."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__()
        self.wrong = wrong
        """Role to what is wrong with its binding."""


@dataclass(frozen=True, slots=True)
class Version:
    """A published version; the same text with the same bindings is not published twice."""

    number: int | None
    is_new: bool


async def publish_flow(
    connection: Connection, world: World, spec: FlowSpec, by: str, now: datetime
) -> Version:
    """Publish in the open transaction. Raises `OwnedByFile`, `WrongRoles`."""
    found = await read_configuration(connection)
    if spec.store_id not in {row["id"] for row in found["stores"]}:
        raise WrongRoles({"store": f"There is no store {spec.store_id!r}."})
    name = spec.graph.flow
    owners = [
        row["published_by"]
        for row in found["versions"]
        if row["is_active"] and row["flow"] == name and row["store_id"] == spec.store_id
    ]
    if any(not owner.startswith(BY_API) for owner in owners):
        raise OwnedByFile
    connections = {row["id"]: row for row in found["connections"] if row["store_id"] == spec.store_id}
    wrong = wrong_roles(world, spec.graph, spec.roles, connections)
    if wrong:
        raise WrongRoles(wrong)
    bound = {role: list(names) for role, names in spec.roles.items()}
    mark = hashlib.sha256(spec.text.encode() + repr(sorted(bound.items())).encode()).hexdigest()
    new = FlowNew(new_id(), spec.store_id, name, spec.text, to_json(spec.graph).decode(), mark, bound)
    number = await activate_flow(connection, new, f"{BY_API}{by}", now)
    if number is not None:
        # What else is in force stays so: the newest publication carries suppliers and rules.
        what = found["latest"][0]["what"] if found["latest"] else {}
        await put_publication(connection, what, f"{BY_API}{by}", now)
    return Version(number, number is not None)


def wrong_roles(
    world: World, graph: Graph, roles: Mapping[str, list[str]], connections: Mapping[str, Any]
) -> dict[str, str]:
    """What is wrong with a binding, by role; empty if nothing is."""
    wrong = {role: "The flow has no such role." for role in roles if role not in graph.roles}
    for role, asked in graph.roles.items():
        names = roles.get(role, [])
        missing = [name for name in names if name not in connections]
        unable = [
            name
            for name in names
            if name in connections
            and not world.catalog.implements(connections[name]["connector"], asked.asks)
        ]
        if not names:
            wrong[role] = f"Bind it to a connection that is a {asked.asks}."
        elif missing:
            wrong[role] = f"There is no connection {missing[0]!r} in this store."
        elif unable:
            wrong[role] = f"Connection {unable[0]!r} is no {asked.asks}."
    return wrong
