"""The values a run has named, by block: what a step sees, and where a new value goes."""

from collections.abc import Mapping
from typing import Any

from hub.flow.graph import Each, Graph
from hub.model.run import Path, Run

_HIDDEN = "$each "
"""Before the name of a `for_each`'s own bookkeeping, which no expression can spell."""


class NameTable:
    """A copy-on-write view of a run's frames. The root frame is `""`; each pass of a `for_each` has one of its own."""

    def __init__(self, graph: Graph, run: Run) -> None:
        self._graph = graph
        self._event = run.event
        self.frames: dict[str, Mapping[str, Any]] = dict(run.frames)
        self._seen: dict[Path, dict[str, Any]] = {}

    def visible(self, path: Path) -> dict[str, Any]:
        """Every name a step at this path sees, inner blocks last; `event` is what started the run.

        A flow that others run begins with what it was given, each under its own name.
        """
        found = self._seen.get(path)
        if found is None:
            found = dict(self._event) if self._graph.inputs else {"event": self._event}
            for key in self._chain(path):
                found.update(self.frames.get(key, {}))
            self._seen[path] = found
        return found

    def assign(self, path: Path, name: str, value: Any) -> None:
        """Give a name a value: where it already lives, else in the innermost block."""
        chain = self._chain(path)
        home = next((key for key in reversed(chain) if name in self.frames.get(key, {})), chain[-1])
        self._put(home, name, value)

    def assign_item(self, path: Path, name: str, value: Any) -> None:
        """Open the frame of one pass, with its item."""
        self._put(self._chain(path)[-1], name, value)

    def keep(self, path: Path, step: str, state: Mapping[str, Any]) -> None:
        """Remember where a `for_each` is."""
        self._put(self._chain(path)[-1], _HIDDEN + step, dict(state))

    def kept(self, path: Path, step: str) -> Mapping[str, Any]:
        """Where a `for_each` is."""
        state: Mapping[str, Any] = self.frames[self._chain(path)[-1]][_HIDDEN + step]
        return state

    def forget(self, path: Path, step: str) -> None:
        """A `for_each` is through."""
        key = self._chain(path)[-1]
        self.frames[key] = {n: v for n, v in self.frames[key].items() if n != _HIDDEN + step}
        self._seen.clear()

    def drop(self, path: Path) -> None:
        """A pass is over: its names are gone."""
        self.frames.pop(self._chain(path)[-1], None)
        self._seen.clear()

    def _put(self, key: str, name: str, value: Any) -> None:
        self.frames[key] = {**self.frames.get(key, {}), name: value}
        self._seen.clear()

    def _chain(self, path: Path) -> list[str]:
        """The frames of a path, outermost first."""
        chain, inside = [""], ""
        for step, index in path:
            if isinstance(self._graph.nodes.get(step), Each):
                inside = f"{inside}/{step}/{index}"
                chain.append(inside)
        return chain
