"""Which connections play a flow's roles in a store."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hub.catalog.automation import depth_of
from hub.catalog.catalog import Catalog
from hub.flow.graph import Graph, Role
from hub.flow.noting import Notes, did_you_mean
from hub.flow.reader import Block, Place, Scalar, Sequence
from hub.sdk import DEPTHS, SALES_CHANNEL, Depth
from hub.store.configuration import ConnectionSpec


@dataclass
class Casting:
    """The roles of one store: the store's own, else the project's, of which each store takes its own connections."""

    store: str
    catalog: Catalog
    connections: Mapping[str, ConnectionSpec]
    notes: Notes
    bound: dict[str, list[Scalar]] = field(default_factory=dict)

    def read(self, block: Block | None, *, own: bool) -> None:
        """Take the roles of a block. `own`: of this store, so that a connection of another store is a mistake."""
        for role, value in (block or {}).items():
            names = value if isinstance(value, Sequence) else [value]
            if not names or not all(isinstance(name, Scalar) for name in names):
                self.notes.wrong(value.place, f'Role "{role}" is a connection\'s name, or a list of them.')
                continue
            self.bound[str(role)] = [name for name in names if self._is_ours(name, own=own)]

    def _is_ours(self, name: Scalar, *, own: bool) -> bool:
        if name not in self.connections:
            hint = did_you_mean(name, self.connections)
            self.notes.wrong(name.place, f'There is no connection "{name}".', hint)
            return False
        theirs = self.connections[name].store_id
        if own and theirs != self.store:
            self.notes.wrong(
                name.place, f'Connection "{name}" belongs to store "{theirs}", not "{self.store}".'
            )
        return theirs == self.store

    def cast(self, graph: Graph, uses: Mapping[str, Place]) -> dict[str, list[str]]:
        """The connections of each role of a flow; `uses` says where the flow names the role."""
        found: dict[str, list[str]] = {}
        for name, role in graph.roles.items():
            players = self.bound.get(name, [])
            if not players and not role.optional:
                self._unbound(name, role, uses.get(name) or next(iter(uses.values())))
            self._check(name, role, players, graph)
            if not (role.many or _knows_which(graph, name, role)):
                players = self._one_of(name, players, graph)
            found[name] = [str(player) for player in players]
        return found

    def _one_of(self, name: str, players: list[Scalar], graph: Graph) -> list[Scalar]:
        """Who plays a role for one: of several, the one whose integration is deepest; a mistake where that is nobody's.
        Who wants another binds it alone."""
        if len(players) < 2:
            return list(players)
        ranked = sorted(players, key=self._rank)
        first, second = ranked[:2]
        if self._rank(first) == self._rank(second):
            said = f'Role "{name}" of flow {graph.flow} takes one connection.'
            self.notes.wrong(players[1].place, said, "Bind one, or write `many: true` in the flow.")
            return list(players)
        said = (
            f'Role "{name}" of flow {graph.flow} takes one connection. {first} ({self._depth(first)}) is taken, which '
            f"is tied in more closely than {second} ({self._depth(second)})."
        )
        self.notes.doubtful(first.place, said, f"Bind {second} alone to take it instead.", "W-DEEPEST")
        return [first]

    def _rank(self, player: str) -> int:
        return DEPTHS.index(self._depth(player))

    def _depth(self, player: str) -> Depth:
        return depth_of(self.catalog.connector(self.connections[player].connector))

    def _unbound(self, name: str, role: Role, place: Place) -> None:
        able = sorted(
            (
                c.id
                for c in self.connections.values()
                if c.store_id == self.store and self._can(c.id, role.asks)
            ),
            key=self._rank,
        )
        line = f"roles: {{{name}: {able[0] if able else '<connection>'}}}"
        hint = f"Write `{line}` in hub.yaml." + ("" if able else self._who_could(role.asks))
        self.notes.wrong(place, f'Role "{name}" is bound to no connection of store "{self.store}".', hint)

    def _who_could(self, asks: str) -> str:
        fit = sorted(c for c in self.catalog.installed.connectors if self.catalog.implements(c, asks))
        return f" No connection can play {asks} yet; connectors that can: {', '.join(fit) or 'none'}."

    def _check(self, name: str, role: Role, players: Iterable[Scalar], graph: Graph) -> None:
        for player in players:
            if not self._can(player, role.asks):
                connector = self.connections[player].connector
                said = f'Role "{name}" of flow {graph.flow} asks for {role.asks}; connector {connector} is not that.'
                able = ", ".join(c for c in self.connections if self._can(c, role.asks)) or "none"
                self.notes.wrong(player.place, said, f"Connections that are: {able}.")

    def _can(self, connection: str, asks: str) -> bool:
        return self.catalog.implements(self.connections[connection].connector, asks)


def _knows_which(graph: Graph, name: str, role: Role) -> bool:
    """Whether a run says by itself which of a role's connections it means: the one whose event started it. What the hub
    tells of an order keeps the channel it was bought on."""
    if graph.trigger is None or graph.trigger.role == name:
        return True
    return graph.trigger.role == "hub" and role.asks == SALES_CHANNEL.name
