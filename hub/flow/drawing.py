"""A graph for people: as a table of its edges, and as a Mermaid flowchart."""

from hub.flow.graph import (
    Act,
    Branch,
    ClockNode,
    Each,
    Emit,
    End,
    Fork,
    Graph,
    Hold,
    Join,
    Loop,
    Node,
    SubRun,
    Wait,
    edges,
)

END = "end"
"""How the end of the run is shown."""

SHAPES = {
    "branch": ("{", "}"), "each": ("[[", "]]"), "loop": ("[[", "]]"), "fork": ("{{", "}}"), "join": ("{{", "}}"),
    "wait": ("([", "])"), "hold": ("[/", "/]"), "end": ("((", "))"),
}  # fmt: skip
"""The brackets of each kind of node in Mermaid; all others are boxes."""
_ESCAPED = {
    "#": "#35;",
    '"': "#quot;",
    "<": "#lt;",
    ">": "#gt;",
    "&": "#amp;",
    "\\": "#92;",
    "`": "#96;",
    "\n": " ",
}


def as_text(graph: Graph) -> str:
    """One line for each node: its id, its verb, and every edge with its label."""
    rows = [
        [i, n.kind, *(f"{name} -> {edge or END}" for name, edge in edges(n))] for i, n in graph.nodes.items()
    ]
    columns = max((len(row) for row in rows), default=0)
    widths = [max(len(row[c]) for row in rows if len(row) > c) + 2 for c in range(columns)]
    return "\n".join(
        "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in rows
    )


def as_mermaid(graph: Graph) -> str:
    """A flowchart. Nodes are numbered, because an id such as `end` is a word of Mermaid; every label is escaped."""
    numbers = {identity: f"n{number}" for number, identity in enumerate(graph.nodes)}
    lines = ["flowchart TD"]
    if graph.trigger is not None:
        lines.append(f'    start(["{escaped(f"{graph.trigger.role}.{graph.trigger.event}")}"])')
        lines.append(f"    start --> {numbers.get(graph.start or '', 'done')}")
    for identity, node in graph.nodes.items():
        opening, closing = SHAPES.get(node.kind, ("[", "]"))
        lines.append(f'    {numbers[identity]}{opening}"{escaped(label(node))}"{closing}')
    ends = False
    for identity, node in graph.nodes.items():
        for name, edge in edges(node):
            ends = ends or edge is None
            arrow = "-->" if name == "done" else f'-->|"{escaped(name)}"|'
            lines.append(f"    {numbers[identity]} {arrow} {numbers[edge] if edge else 'done'}")
    return "\n".join([*lines, *(['    done(("end"))'] if ends or graph.start is None else [])])


def label(node: Node) -> str:
    """What stands in a node: its id, and what it does."""
    match node:
        case Act(role=role, action=action):
            detail = f"{role}.{action}"
        case Branch(cases=cases):
            detail = " | ".join(condition for condition, _ in cases)
        case Each(item=item, items=items):
            detail = f"for each {item} of {items}"
        case Loop(until=until):
            detail = f"until {until}"
        case _:
            detail = _quiet_label(node)
    return f"{node.id}: {detail}" if detail else node.id


def _quiet_label(node: Node) -> str:
    match node:
        case Wait(event=event, role=role, span=span, until=until):
            return f"wait for {role}.{event}" if event else f"wait {span or until}"
        case Hold(title=title):
            return f"a person: {title}"
        case Emit(event=event):
            return f"emit hub.{event}"
        case SubRun(flow=flow):
            return f"run {flow}"
        case ClockNode(does=does, clock=clock):
            return f"{does} clock {clock}"
        case End(reason=reason):
            return f"stop: {reason}"
        case Fork() | Join():
            return ""
    return node.kind


def escaped(text: str) -> str:
    """A text as Mermaid takes it, not longer than fits."""
    short = text if len(text) <= 80 else text[:77] + "..."
    return "".join(_ESCAPED.get(sign, sign) for sign in short)
