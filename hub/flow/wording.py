"""A step of a flow in words, for people who do not read flow files."""

from hub.catalog.catalog import Catalog, Unknown
from hub.flow.consequences import Told
from hub.flow.graph import Act, Emit, End, Graph, Hold, SubRun, Wait
from hub.sdk.events import first_sentence

NOTICE = "notice_due"
"""The event by which a flow lets a customer hear of something."""


def words_of(catalog: Catalog, graph: Graph, node: Told) -> str:
    """What the step does, in a sentence. What its author wrote with `${...}` in it stays as it was written."""
    match node:
        case Act(role=role, action=action):
            return _summary(catalog, graph, role, action)
        case Emit(event=event, inputs=inputs) if event == NOTICE and isinstance(inputs, dict):
            return f"The customer is told: {inputs.get('notice', '')}."
        case Emit(event=event):
            told = catalog.event(event)
            return f"Other flows are told: {first_sentence(told.__doc__) if told else event}"
        case End(reason=reason):
            return f"The run ends: {reason}."
        case Hold(title=title):
            return f"A person is asked: {title}"
        case SubRun(flow=flow):
            return f"The flow {flow} is run."
        case Wait(event=event, role=role, span=span, until=until):
            return f"It waits for {role}.{event}." if event else f"It waits: {span or until}."


def _summary(catalog: Catalog, graph: Graph, role: str, action: str) -> str:
    asked = graph.roles[role].asks if role in graph.roles else role
    try:
        return catalog.surface(asked).actions[action].summary
    except (Unknown, KeyError):
        return f"{role}.{action}"
