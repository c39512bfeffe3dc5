"""Where a run that stands on a node of one flow version would stand in a newer one."""

from hub.flow.graph import Act, ClockNode, Each, Emit, Fork, Graph, Hold, Loop, Node, SubRun, Wait, edges


def where_to(old: Graph, new: Graph, node_id: str) -> str | None:
    """The node to stand on in the new version, or None if a person must decide.

    It is the node of the same id, if it still does the same, and still stands in the same loops and branches: a run
    inside a loop remembers which item it is at.
    """
    before, after = old.nodes.get(node_id), new.nodes.get(node_id)
    if before is None or after is None or before.kind != after.kind:
        return None
    if _operation(old, before) != _operation(new, after) or _around(old, node_id) != _around(new, node_id):
        return None
    return node_id


def _operation(graph: Graph, node: Node) -> tuple[object, ...]:
    """What a node does, apart from the values it does it with."""
    match node:
        case Act(role=role, action=action):
            return (role, action, graph.roles.get(role))
        case Wait(span=span, until=until, role=role, event=event):
            asked = graph.roles.get(role or "")
            return (span is not None, until is not None, role, event, sorted(node.match), asked)
        case Hold(case=case, choices=choices, role=role, event=event, match=match, timeout=timeout):
            asked = graph.roles.get(role or "")
            return (case, sorted(choices), role, event, sorted(match), asked, timeout is not None)
        case SubRun(flow=flow):
            return (flow,)
        case Emit(event=event):
            return (event,)
        case ClockNode(clock=clock, does=does):
            return (clock, does)
        case Fork(branches=branches):
            return tuple(sorted(branches))
        case _:
            return ()


def _around(graph: Graph, node_id: str) -> set[tuple[str, str]]:
    """The loops and branches a node stands in, as (node, label of the edge that leads in)."""
    found: set[tuple[str, str]] = set()
    for owner in graph.nodes.values():
        match owner:
            case Each(body=body) | Loop(body=body):
                ways_in, out = {"again": body}, owner.id
            case Fork(branches=branches, join=join):
                ways_in, out = branches, join
            case _:
                continue
        found.update((owner.id, label) for label, way in ways_in.items() if _leads(graph, way, node_id, out))
    return found


def _leads(graph: Graph, start: str, goal: str, out: str) -> bool:
    """Whether the block that begins at `start` and ends at `out` contains the goal."""
    waiting, seen = [start], {out}
    while waiting:
        identity = waiting.pop()
        if identity in seen:
            continue
        seen.add(identity)
        waiting.extend(edge for _, edge in edges(graph.nodes[identity]) if edge is not None)
    return goal in seen and goal != out
