"""Verbs that are blocks: for_each, repeat_until, parallel. Each knows its passes by the token's path."""

from hub.engine.position import Position
from hub.flow.evaluation import as_list, as_truth
from hub.flow.graph import Each, Fork, Join, Loop
from hub.model import case as cases
from hub.model.moves import Entry
from hub.model.run import Joining, Ready


def each(at: Position, token: Ready, node: Each) -> None:
    """Begin with the first items, or go on with the next; the last pass of all goes on behind the block."""
    if token.path and token.path[-1][0] == node.id:
        _next_item(at, token, node)
        return
    items = as_list(at.evaluate(token, node.items))
    if not items:
        at.go(token, node.next, "nothing to do")
        return
    first = min(max(node.at_once, 1), len(items))
    at.names.keep(token.path, node.id, {"items": items, "next": first})
    at.entries.append(Entry(node.id, f"{len(items)} items"))
    del at.tokens[token.id]
    for index in range(first):
        path = (*token.path, (node.id, str(index)))
        at.names.assign_item(path, node.item, items[index])
        at.stand(Ready(token.id if index == 0 else at.new_id(), node.body, path))


def _next_item(at: Position, token: Ready, node: Each) -> None:
    outside = token.path[:-1]
    kept = at.names.kept(outside, node.id)
    at.names.drop(token.path)
    index = kept["next"]
    if index < len(kept["items"]):
        at.names.keep(outside, node.id, {**kept, "next": index + 1})
        path = (*outside, (node.id, str(index)))
        at.names.assign_item(path, node.item, kept["items"][index])
        at.go(token, node.body, path=path)
    elif any(t.id != token.id and at.is_inside(t, outside, node.id) for t in at.tokens.values()):
        del at.tokens[token.id]
    else:
        at.names.forget(outside, node.id)
        at.go(token, node.next, "all done", outside)


def loop(at: Position, token: Ready, node: Loop) -> None:
    """The body, then the condition, until it holds."""
    if not (token.path and token.path[-1][0] == node.id):
        at.go(token, node.body, "turn 1", (*token.path, (node.id, "1")))
        return
    outside, turn = token.path[:-1], int(token.path[-1][1])
    if as_truth(at.evaluate(token, node.until)):
        at.go(token, node.next, f"done after {turn}", outside)
    elif turn >= node.at_most:
        at.hold(token, cases.TOO_MANY_TURNS, f"Step {node.id} was repeated {turn} times", outside)
    else:
        at.go(token, node.body, f"turn {turn + 1}", (*outside, (node.id, str(turn + 1))))


def fork(at: Position, token: Ready, node: Fork) -> None:
    """One token for each branch; the first goes on under its own id."""
    at.entries.append(Entry(node.id, f"{len(node.branches)} branches"))
    del at.tokens[token.id]
    for number, (name, first) in enumerate(node.branches.items()):
        id = token.id if number == 0 else at.new_id()
        at.stand(Ready(id, first, (*token.path, (node.id, name))))


def join(at: Position, token: Ready, node: Join) -> None:
    """Wait for the siblings; the last one goes on alone."""
    outside = token.path[:-1]
    siblings = [t for t in at.tokens.values() if t.id != token.id and at.is_inside(t, outside, node.fork)]
    if any(not (isinstance(t, Joining) and t.node == node.id) for t in siblings):
        at.tokens[token.id] = Joining(token.id, node.id, token.path)
        return
    for sibling in siblings:
        del at.tokens[sibling.id]
    at.go(token, node.next, "joined", outside)
