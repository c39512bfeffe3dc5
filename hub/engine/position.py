"""Where a run stands while it is walked: its tokens, its names, and what has been asked for so far."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.engine.names import NameTable
from hub.engine.program import Program
from hub.flow.graph import Edge
from hub.model import case as cases
from hub.model.moves import Entry, Move, OpenCase
from hub.model.run import Held, Path, Ready, Run, Token


class Position:
    """A run being walked. Verbs move tokens on it; nothing here reads a clock or makes an id of its own."""

    def __init__(self, program: Program, run: Run, now: datetime, new_id: Callable[[], UUID]) -> None:
        self.program = program
        self.run = run
        self.now = now
        self.new_id = new_id
        self.tokens: dict[UUID, Token] = {t.id: t for t in run.tokens}
        self.names = NameTable(program.graph, run)
        self.moves: list[Move] = []
        self.entries: list[Entry] = []
        self.queue: list[Ready] = [
            t for t in run.tokens if isinstance(t, Ready) and (not t.due or t.due <= now)
        ]
        self.ended: str | None = None

    def go(self, token: Token, edge: Edge, what: str = "", path: Path | None = None) -> None:
        """Follow an edge; None is the end of the run for this token."""
        if what:
            self.entries.append(Entry(token.node, what))
        if edge is None:
            del self.tokens[token.id]
            return
        self.stand(Ready(token.id, edge, token.path if path is None else path))

    def stand(self, token: Ready) -> None:
        """Put a token on a node, to be walked on."""
        self.tokens[token.id] = token
        self.queue.append(token)

    def render(self, token: Token, part: str, template: Any) -> Any:
        """A template of the token's node, filled in with what the token sees."""
        compiled = self.program.template(token.node, part, template)
        return compiled.render(self.names.visible(token.path), self.now)

    def evaluate(self, token: Token, text: str) -> Any:
        """An expression, with what the token sees."""
        return self.program.expression(text).evaluate(self.names.visible(token.path), self.now)

    def is_inside(self, token: Token, outside: Path, step: str) -> bool:
        """Whether a token is inside a pass or branch of this step, below `outside`."""
        depth = len(outside)
        return len(token.path) > depth and token.path[:depth] == outside and token.path[depth][0] == step

    def hold(self, token: Ready, kind: str, title: str, path: Path | None = None) -> None:
        """The engine itself asks a person: trying again walks the same node once more."""
        case = self.new_id()
        choices = {cases.TRY_AGAIN: "Try this step again", cases.GIVE_UP: "End this run"}
        self.tokens[token.id] = Held(token.id, token.node, case, token.path if path is None else path)
        self.moves.append(OpenCase(case, token.id, token.node, kind, title, choices, None))
        self.entries.append(Entry(token.node, f"held: {kind}"))
