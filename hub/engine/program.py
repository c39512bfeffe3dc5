"""A flow version, ready to be walked: its graph, its bindings, and its expressions compiled once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from hub.flow.expression import CompiledTemplate, Expression, compile_expression, compile_template
from hub.flow.graph import Graph, Node
from hub.model.calendar import Calendar

T = TypeVar("T")


@dataclass
class Program:
    """One published flow version. `roles` binds each role to connections; compiled parts are kept by source text."""

    id: UUID
    store_id: str
    graph: Graph
    roles: dict[str, list[str]]
    number: int = 1
    calendar: Calendar = field(default_factory=Calendar)
    _expressions: dict[str, Expression] = field(default_factory=dict, repr=False)
    _templates: dict[tuple[str, str], CompiledTemplate] = field(default_factory=dict, repr=False)

    @property
    def flow(self) -> str:
        """The flow's name."""
        return self.graph.flow

    def node(self, id: str) -> Node:
        """A node of the graph; raises KeyError for one that this version has not got."""
        return self.graph.nodes[id]

    def expression(self, text: str) -> Expression:
        """The compiled form of an expression of this graph."""
        return _kept(self._expressions, text, lambda: compile_expression(text))

    def template(self, node: str, part: str, template: Any) -> CompiledTemplate:
        """The compiled form of a node's template."""
        return _kept(self._templates, (node, part), lambda: compile_template(template))


def _kept(cache: dict[Any, T], key: Any, make: Callable[[], T]) -> T:
    found = cache.get(key)
    if found is None:
        found = cache[key] = make()
    return found
