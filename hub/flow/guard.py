"""What every flow that spends money must have before it: proved on the graph, not on the text."""

from collections.abc import Callable, Iterator

from hub.flow.graph import Act, Branch, Each, End, Fork, Graph, Loop, Node, Wait

GUARDS = ("stock", "address", "payment")
"""What `purchasing.claim` checks, all three, before anything may be bought."""


def edges(node: Node) -> Iterator[tuple[str, str | None]]:  # noqa: C901  one case for each kind
    """Every way on from a node, with its label; None is the end of the run."""
    match node:
        case Branch(cases=cases, otherwise=otherwise):
            for number, (_, edge) in enumerate(cases):
                yield str(number), edge
            yield "otherwise", otherwise
        case Each(body=body, next=following) | Loop(body=body, next=following):
            yield "again", body
            yield "done", following
        case Fork(branches=branches):
            yield from branches.items()
        case End():
            return
        case Act(refusals=refusals, next=following):
            yield "done", following
            yield from ((f"refused {code}", edge) for code, edge in refusals.items())
        case Wait(event=event, next=following, on_timeout=late):
            yield "done", following
            if event is not None and late != following:
                yield "timeout", late
        case _:
            yield "done", node.next


def reachable(graph: Graph, is_passable: Callable[[Node, str], bool]) -> set[str]:
    """The nodes a run can come to over edges that are passable."""
    waiting, seen = [graph.start], set[str]()
    while waiting:
        identity = waiting.pop()
        if identity is None or identity in seen:
            continue
        seen.add(identity)
        node = graph.nodes[identity]
        waiting.extend(edge for label, edge in edges(node) if is_passable(node, label))
    return seen


def unguarded(graph: Graph, purchases: set[str]) -> set[str]:
    """The purchases a run can come to without having passed `purchasing.claim`."""
    return purchases & reachable(graph, lambda node, label: not _is_claim(node))


def reached_after_refusal(graph: Graph, purchases: set[str]) -> set[str]:
    """The purchases a run can come to although the claim was refused."""
    return purchases & reachable(graph, lambda node, label: not (_is_claim(node) and label == "done"))


def _is_claim(node: Node) -> bool:
    return isinstance(node, Act) and node.role == "purchasing" and node.action == "claim"
