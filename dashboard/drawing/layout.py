"""Where each step of a flow stands: its longest way runs straight down at the left, what leaves it goes to the right.

A step's row is the longest way to it. Columns are given out chain by chain: a chain follows the way that goes on
longest until it meets what stands already, and takes the first column to the right of where it left that is free in
all its rows, those in which its lines run included. So no line runs through a box.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Link = tuple[str, str]


@dataclass(slots=True)
class Layout:
    """Columns and rows, counted from 0."""

    place: dict[str, tuple[int, int]] = field(default_factory=dict)
    """A step to its column and row."""
    lanes: dict[Link, int] = field(default_factory=dict)
    """A way down to the column in which its line runs."""
    back: set[Link] = field(default_factory=set)
    """Ways that lead up again; they run at the very left."""
    _taken: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def take(self, least: int, rows: range) -> int:
        """The first column from `least` on that is free in all these rows; it is taken then."""
        column = least
        while not self._taken[column].isdisjoint(rows):
            column += 1
        self._taken[column].update(rows)
        return column


def lay_out(nodes: Sequence[str], links: Iterable[Link], start: str, aside: Collection[Link] = ()) -> Layout:
    """Place every node. `nodes` are in the author's order, which decides where nothing else does.

    A chain goes `aside` ways, those taken when something goes wrong, only where there is no other.
    """
    known = set(nodes)
    ways = [link for link in dict.fromkeys(links) if set(link) <= known and link[0] != link[1]]
    layout = Layout()
    layout.back = _ways_back(nodes, ways, start)
    onward = _onward([way for way in ways if way not in layout.back])
    order = _sorted(nodes, onward)
    rows = _rows(order, onward)
    left = _left(order, onward)
    best = {
        n: [there for _, _, there in sorted(((n, m) in aside, -left[m], m) for m in onward[n])] for n in nodes
    }
    for root in [start, *nodes]:
        if root not in layout.place:
            _place(root, layout, rows, best)
    return layout


def _place(root: str, layout: Layout, rows: Mapping[str, int], onward: Mapping[str, Sequence[str]]) -> None:
    """Place a chain from its head on, and then the chains that leave it, from the top."""
    heads: list[tuple[str | None, str]] = [(None, root)]
    while heads:
        parent, head = heads.pop(0)
        if head in layout.place:
            assert parent is not None
            layout.lanes[parent, head] = _beside(
                layout, parent, rows[parent], rows[head], layout.place[head][0]
            )
            continue
        chain = _chain(head, layout.place, onward)
        last = chain[-1]
        meets = onward[last][0] if onward[last] else None
        first = rows[head] if parent is None else rows[parent] + 1
        least = 0 if parent is None else layout.place[parent][0] + 1
        column = layout.take(least, range(first, rows[meets] if meets else rows[last] + 1))
        layout.place.update({name: (column, rows[name]) for name in chain})
        for here, there in zip(chain, [*chain[1:], *([meets] if meets else [])], strict=False):
            layout.lanes[here, there] = column
        if parent is not None:
            layout.lanes[parent, head] = column
        heads = [(name, there) for name in chain for there in onward[name][1:]] + heads


def _beside(layout: Layout, parent: str, upper: int, lower: int, column: int) -> int:
    """The column for a line between two steps that stand already."""
    if lower == upper + 1:
        return column
    return layout.take(layout.place[parent][0] + 1, range(upper + 1, lower))


def _chain(head: str, place: Mapping[str, object], onward: Mapping[str, Sequence[str]]) -> list[str]:
    chain = [head]
    while onward[chain[-1]] and onward[chain[-1]][0] not in place:
        chain.append(onward[chain[-1]][0])
    return chain


def _onward(ways: Iterable[Link]) -> dict[str, list[str]]:
    onward: dict[str, list[str]] = defaultdict(list)
    for here, there in ways:
        onward[here].append(there)
    return onward


def _ways_back(nodes: Sequence[str], ways: Sequence[Link], start: str) -> set[Link]:
    """Ways to a step that one is still below: found by going down from the start as far as it leads."""
    onward = _onward(ways)
    back: set[Link] = set()
    seen: set[str] = set()
    for root in [start, *nodes]:
        trail = [] if root in seen else [(root, iter(onward[root]))]
        seen.add(root)
        while trail:
            here, ahead = trail[-1]
            there = next(ahead, None)
            if there is None:
                trail.pop()
            elif any(there == above for above, _ in trail):
                back.add((here, there))
            elif there not in seen:
                seen.add(there)
                trail.append((there, iter(onward[there])))
    return back


def _sorted(nodes: Sequence[str], onward: Mapping[str, Sequence[str]]) -> list[str]:
    """Each step after all that lead to it."""
    waiting = dict.fromkeys(nodes, 0)
    for name in nodes:
        for there in onward[name]:
            waiting[there] += 1
    free = [name for name in nodes if waiting[name] == 0]
    for name in free:
        for there in onward[name]:
            waiting[there] -= 1
            if waiting[there] == 0:
                free.append(there)
    return free


def _rows(order: Sequence[str], onward: Mapping[str, Sequence[str]]) -> dict[str, int]:
    rows = dict.fromkeys(order, 0)
    for name in order:
        for there in onward[name]:
            rows[there] = max(rows[there], rows[name] + 1)
    return rows


def _left(order: Sequence[str], onward: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How far it goes on from each step."""
    left: dict[str, int] = {}
    for name in reversed(order):
        left[name] = 1 + max((left[there] for there in onward[name]), default=0)
    return left
