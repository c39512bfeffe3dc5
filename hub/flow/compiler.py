"""Document to graph: blocks become flat nodes with explicit edges, in the order the author wrote them."""

import json

from hub.flow import graph, playbook, verb
from hub.flow.document import Document, Start
from hub.flow.expression import Hole, holes
from hub.flow.graph import Edge, Graph, Node, Template
from hub.flow.reader import Block, Scalar, Sequence, Tree
from hub.flow.verb import Step, Steps


def compile_document(document: Document) -> Graph:
    """The graph of a document that was read without mistakes."""
    compiler = _Compiler()
    compiler.block(document.steps, None, document.stage)
    trigger = document.trigger
    return Graph(
        flow=str(document.flow),
        title=str(document.title),
        roles={str(k): graph.Role(str(use.asks), use.many, use.optional) for k, use in document.uses.items()},
        start=_first(document.steps, None),
        nodes=compiler.nodes,
        trigger=None if trigger is None else _trigger(trigger),
        clocks={str(k): graph.ClockSpec(str(c.due), _text(c.warn)) for k, c in document.clocks.items()},
        stages=compiler.stages,
        inputs={str(k): str(v) for k, v in document.inputs.items()},
        exceptions=[playbook.compiled(row) for row in document.exceptions],
    )


def plain(tree: Tree | None) -> Template:
    """A tree without its places."""
    if isinstance(tree, Scalar):
        return str(tree)
    if isinstance(tree, Block):
        return {str(key): plain(value) for key, value in tree.items()}
    return [plain(item) for item in tree] if isinstance(tree, Sequence) else {}


def source(text: Scalar) -> tuple[str, int]:
    """The expression in a text that is one, with or without `${}` around it, and the column where it starts."""
    if text.startswith("${"):
        parts = holes(text)
        if len(parts) == 1 and isinstance(parts[0], Hole):
            return parts[0].source, parts[0].at
    return str(text), 0


def span_expression(text: Scalar) -> str:
    """`3 days` and `${order.patience}` as expressions of a duration."""
    return source(text)[0] if "${" in text else f"duration({json.dumps(str(text))})"


def _trigger(start: Start) -> graph.Trigger:
    when = None if start.when is None else source(start.when)[0]
    return graph.Trigger(str(start.role), str(start.event), str(start.key), when)


def _text(text: Scalar | None) -> str | None:
    return None if text is None else str(text)


def _constant_or_source(text: Scalar) -> str:
    return source(text)[0] if "${" in text else json.dumps(str(text), ensure_ascii=False)


def _first(steps: Steps, otherwise: Edge) -> Edge:
    return str(steps[0].id) if steps else otherwise


class _Compiler:
    """A step's edges need only the ids of its neighbours, so one pass in the author's order is enough."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.stages: dict[str, str] = {}

    def block(self, steps: Steps, after: Edge, stage: str | None) -> None:
        for number, step in enumerate(steps):
            following = _first(steps[number + 1 :], after)
            here = step.stage or stage
            identity = str(step.id)
            if here:
                self.stages[identity] = here
            self.nodes[identity] = _node(step, following)
            inside = _block_end(step, following)
            for inner in verb.blocks(step.verb):
                self.block(inner, inside, here)
            if isinstance(step.verb, verb.Parallel):
                joined = f"{identity}.join"
                self.nodes[joined] = graph.Join(joined, identity, following)
                if here:
                    self.stages[joined] = here


def _block_end(step: Step, following: Edge) -> Edge:
    """Where the last step of a block inside this step goes on."""
    match step.verb:
        case verb.ForEach() | verb.RepeatUntil():
            return str(step.id)
        case verb.Parallel():
            return f"{step.id}.join"
        case _:
            return following


def _node(step: Step, following: Edge) -> Node:
    identity = str(step.id)
    match step.verb:
        case verb.Do() as do:
            return _act(identity, do, following)
        case verb.Rest() as rest:
            return _wait(identity, rest, following)
        case verb.If(condition=condition, then=then, otherwise=otherwise):
            edge = _first(then, following)
            return graph.Branch(identity, [(source(condition)[0], edge)], _first(otherwise, following))
        case verb.Choose(cases=cases, otherwise=otherwise):
            edges = [(source(when)[0], _first(steps, following)) for when, steps in cases]
            return graph.Branch(identity, edges, _first(otherwise, following))
        case verb.ForEach(items=items, item=item, steps=steps, at_once=at_once):
            return graph.Each(identity, source(items)[0], str(item), str(steps[0].id), following, at_once)
        case verb.RepeatUntil(until=until, at_most=at_most, steps=steps):
            return graph.Loop(identity, source(until)[0], at_most, str(steps[0].id), following)
        case verb.Parallel(branches=branches):
            firsts = {str(name): str(steps[0].id) for name, steps in branches.items()}
            return graph.Fork(identity, firsts, f"{identity}.join")
        case other:
            return _plain_node(identity, other, following)


def _plain_node(identity: str, found: verb.Verb, following: Edge) -> Node:
    """The verbs without blocks inside."""
    match found:
        case verb.Ask() as ask:
            return _hold(identity, ask, following)
        case verb.Let(values=values):
            return graph.Assign(identity, {str(k): plain(v) for k, v in values.items()}, following)
        case verb.Announce(event=event, inputs=inputs):
            return graph.Emit(identity, str(event), plain(inputs), following)
        case verb.Run(flow=flow, inputs=inputs, save_as=save_as):
            return graph.SubRun(identity, str(flow), plain(inputs), following, _text(save_as))
        case verb.Promise(clock=clock, does=does):
            return graph.ClockNode(identity, str(clock), does, following)
        case verb.Stop(reason=reason):
            return graph.End(identity, str(reason))
        case _:
            raise TypeError(f"{type(found).__name__} has blocks inside.")


def _act(identity: str, do: verb.Do, following: Edge) -> graph.Act:
    return graph.Act(
        id=identity,
        role=str(do.role),
        action=str(do.action),
        inputs=plain(do.inputs),
        next=following,
        save_as=_text(do.save_as),
        on=None if do.on is None else _constant_or_source(do.on),
        refusals={str(code): str(steps[0].id) for code, steps in do.on_refused.items()},
        if_in_doubt=do.if_in_doubt,
        effect=do.effect,
    )


def _hold(identity: str, ask: verb.Ask, following: Edge) -> graph.Hold:
    return graph.Hold(
        id=identity,
        case=str(ask.case),
        title=str(ask.title),
        choices={str(key): str(label) for key, label in ask.choices.items()},
        next=following,
        due=_text(ask.due),
        save_as=_text(ask.save_as),
        detail=None if ask.detail is None else plain(ask.detail),
        role=_text(ask.role),
        event=_text(ask.event),
        match={str(key): plain(value) for key, value in ask.match.items()},
        timeout=None if ask.timeout is None else span_expression(ask.timeout),
        owner=_text(ask.owner) or "ops",
        checklist={str(key): str(label) for key, label in ask.checklist.items()},
        checked_first=[str(choice) for choice in ask.checked_first],
    )


def _wait(identity: str, rest: verb.Rest, following: Edge) -> graph.Wait:
    until = None
    if rest.until is not None:
        until = source(rest.until)[0] if "${" in rest.until else f"moment({json.dumps(str(rest.until))})"
    return graph.Wait(
        id=identity,
        next=following,
        span=None if rest.span is None else span_expression(rest.span),
        until=until,
        role=_text(rest.role),
        event=_text(rest.event),
        match={str(key): plain(value) for key, value in rest.match.items()},
        since=rest.since,
        timeout=None if rest.timeout is None else span_expression(rest.timeout),
        on_timeout=_first(rest.on_timeout, following) if rest.event is not None else None,
        save_as=_text(rest.save_as),
    )
