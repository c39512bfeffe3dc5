"""A flow as a map: its steps and the ways between them, where its runs stand now, and what one version changed."""

import difflib
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hub.api.access import HubHere, Viewer, scope
from hub.api.paging import Asked, Page, cut
from hub.api.problems import declined
from hub.flow.drawing import END, label
from hub.flow.graph import Graph, edges, from_json
from hub.flow.stages import FAROS
from hub.store import flow_standing, reading
from hub.store.database import Connection
from hub.store.keys import Caller

router = APIRouter(tags=["flows"])

Store = Annotated[str | None, Query(max_length=100, description="Needed where several stores have the flow.")]
_STAGES = {stage.letter: stage.name.lower() for stage in FAROS}


class NodeShown(BaseModel):
    """A step. `here` and `held` count runs of all versions."""

    id: str
    kind: str
    label: str
    stage: str | None = None
    here: int = Field(0, description="Tokens that stand here now.")
    held: int = Field(0, description="Those of them that wait for a person.")


class EdgeShown(BaseModel):
    """A way from one step to the next; `end` is the end of the run."""

    source: str
    target: str
    label: str


class MapShown(BaseModel):
    """A version of a flow, ready to be drawn."""

    store: str
    flow: str
    version: int
    title: str
    trigger: str
    start: str | None = None
    nodes: list[NodeShown]
    edges: list[EdgeShown]


class LineChanged(BaseModel):
    """A line of both texts, or of one."""

    op: Literal[" ", "+", "-"]
    text: str


class DiffShown(BaseModel):
    """What one version changed of another."""

    store: str
    before: int
    after: int
    lines: list[LineChanged]
    added: list[str] = Field(description="Steps that are new.")
    removed: list[str]
    changed: list[str] = Field(description="Steps of both that are not the same.")


class HeldShown(BaseModel):
    """A run that waits for a person."""

    run: UUID
    store: str
    case: UUID
    node: str
    version: int
    kind: str
    subject: str | None = None
    opened_at: datetime
    due_at: datetime | None = None


@router.get("/flows/{name}/graph", summary="Show a flow as a map")
async def show_map(
    hub: HubHere,
    caller: Viewer,
    name: str,
    store: Store = None,
    version: Annotated[int | None, Query(ge=1, description="The newest, if none is named.")] = None,
) -> MapShown:
    """The steps and ways of a version, with how many runs stand at each step now."""
    async with hub.database.connection() as connection:
        row = await _version(connection, caller, name, store, version)
        here = {r["node"]: r for r in await flow_standing.tokens_here(connection, row["store_id"], name)}
    graph = from_json(row["graph"])
    trigger = f"{graph.trigger.role}.{graph.trigger.event}" if graph.trigger else ""
    return MapShown(
        store=row["store_id"],
        flow=name,
        version=row["number"],
        title=graph.title,
        trigger=trigger,
        start=graph.start,
        nodes=_nodes(graph, here),
        edges=[
            EdgeShown(source=id, target=target or END, label=way)
            for id, node in graph.nodes.items()
            for way, target in edges(node)
        ],
    )


@router.get("/flows/{name}/diff", summary="Compare two versions of a flow")
async def show_diff(
    hub: HubHere,
    caller: Viewer,
    name: str,
    before: Annotated[int, Query(ge=1)],
    after: Annotated[int, Query(ge=1)],
    store: Store = None,
) -> DiffShown:
    """The texts line by line, and which steps came, went and changed."""
    async with hub.database.connection() as connection:
        old = await _version(connection, caller, name, store, before)
        new = await _version(connection, caller, name, store, after)
    was, now = from_json(old["graph"]).nodes, from_json(new["graph"]).nodes
    lines = difflib.ndiff(old["text"].splitlines(), new["text"].splitlines())
    return DiffShown(
        store=old["store_id"],
        before=before,
        after=after,
        lines=[LineChanged.model_validate({"op": x[0], "text": x[2:]}) for x in lines if x[0] in " +-"],
        added=[id for id in now if id not in was],
        removed=[id for id in was if id not in now],
        changed=[id for id in now if id in was and now[id] != was[id]],
    )


@router.get("/flows/{name}/held", summary="List a flow's runs that wait for a person")
async def list_held(
    hub: HubHere, caller: Viewer, window: Asked, name: str, store: Store = None
) -> Page[HeldShown]:
    """Runs of all versions that a person must decide about, the longest waiting first."""
    async with hub.database.connection() as connection:
        await _version(connection, caller, name, store, None)
        rows = await flow_standing.page_held(connection, window, name, scope(caller, store))
    shown, after = cut(rows, window)
    return Page(items=[HeldShown.model_validate(dict(row)) for row in shown], next=after)


async def _version(
    connection: Connection, caller: Caller, name: str, store: str | None, number: int | None
) -> Any:
    """The row of a version; the newest of the first store if none is named."""
    rows = await reading.versions_of(connection, name, scope(caller, store))
    if not rows:
        raise declined(404, "no-such-flow", "There is no flow of this name.")
    found = [
        row for row in rows if row["store_id"] == rows[0]["store_id"] and number in (None, row["number"])
    ]
    if not found:
        raise declined(404, "no-such-version", "There is no such version of this flow.")
    return found[0]


def _nodes(graph: Graph, here: dict[str, Any]) -> list[NodeShown]:
    return [
        NodeShown(
            id=id,
            kind=node.kind,
            label=label(node),
            stage=_STAGES.get(graph.stages.get(id, "")),
            here=here[id]["here"] if id in here else 0,
            held=here[id]["held"] if id in here else 0,
        )
        for id, node in graph.nodes.items()
    ]
