"""What every flow that spends money must have before it: proved on the graph, not on the text."""

from collections.abc import Callable

from hub.flow.graph import Act, Graph, Node, edges

GUARDS = ("stock", "address", "payment")
"""What `purchasing.claim` checks, all three, before anything may be bought."""


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
