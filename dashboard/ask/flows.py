"""Flows: what is published, drawn as nodes and edges, and what changed between two versions."""

from datetime import datetime
from urllib.parse import quote

from pydantic import AliasChoices, Field

from dashboard.client import Answer, Client


class Flow(Answer):
    """A flow of a store, at its newest version."""

    store: str
    flow: str
    version: int
    is_active: bool
    is_owned_by_file: bool = False
    roles: dict[str, list[str]] = {}
    published_at: datetime
    published_by: str
    open_runs: int = 0
    manual_steps: int = 0


class Version(Flow):
    """One version, with its text."""

    title: str = ""
    text: str = ""


class Node(Answer):
    """A step."""

    id: str
    kind: str
    label: str = ""
    stage: str | None = None
    here: int = 0
    held: int = 0


class Edge(Answer):
    """A way from one step to the next. `to` is `end` where the run ends."""

    from_: str = Field(validation_alias=AliasChoices("from", "source"))
    to: str = Field(validation_alias=AliasChoices("to", "target"))
    label: str = ""


class Graph(Answer):
    """A version as nodes and edges."""

    flow: str
    version: int
    title: str = ""
    trigger: str = ""
    start: str | None = None
    nodes: list[Node]
    edges: list[Edge]


class Line(Answer):
    """A line of a comparison: ` ` stayed, `+` came, `-` went."""

    op: str
    text: str


class Diff(Answer):
    """What changed between two versions."""

    lines: list[Line]
    added: list[str] = []
    removed: list[str] = []
    changed: list[str] = []


def listed(client: Client, store: str | None = None) -> list[Flow]:
    """Every flow, at its newest version."""
    return client.get("/flows", list[Flow], {"store": store})


def versions(client: Client, flow: str, store: str | None = None) -> list[Version]:
    """All versions, newest first."""
    return client.get(f"/flows/{quote(flow, safe='')}", list[Version], {"store": store})


def graph(client: Client, flow: str, version: int | None = None, store: str | None = None) -> Graph:
    """A version, to be drawn."""
    return client.get(f"/flows/{quote(flow, safe='')}/graph", Graph, {"version": version, "store": store})


def diff(client: Client, flow: str, before: int, after: int, store: str | None = None) -> Diff:
    """What changed."""
    return client.get(
        f"/flows/{quote(flow, safe='')}/diff", Diff, {"before": before, "after": after, "store": store}
    )
