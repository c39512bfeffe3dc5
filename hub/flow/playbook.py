"""`exceptions` in a flow's head: what may go wrong, how it is noticed, what is done, and when a person is asked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hub.flow.graph import Graph, Hold, Playbook
from hub.flow.noting import Keys, Notes, did_you_mean
from hub.flow.reader import Block, Scalar
from hub.flow.verb import STEP_ID

COLUMNS = ("type", "detection", "action", "escalation", "sla")
"""The five things that are known of every kind of exception; none may be left out."""
_LENGTH = re.compile(r"\b\d+ (working )?(minute|hour|day|week)s?\b")


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of exception as its author wrote it."""

    type: Scalar
    detection: Scalar
    action: Scalar
    escalation: Scalar
    sla: Scalar


def read_exceptions(keys: Keys, notes: Notes) -> list[Row]:
    """The rows that are whole; whatever is wrong with the others is noted."""
    found: dict[str, Row] = {}
    for number, block in enumerate(keys.sequence("exceptions") or (), 1):
        if not isinstance(block, Block):
            notes.wrong(block.place, f"Exception {number} is a block with {', '.join(COLUMNS)}.")
            continue
        row = _row(Keys(block, notes, f"Exception {number}", COLUMNS), notes)
        if row is not None and found.setdefault(str(row.type), row) is not row:
            notes.wrong(row.type.place, f'Exception "{row.type}" is described twice.')
    return list(found.values())


def check_exceptions(rows: Iterable[Row], graph: Graph, notes: Notes) -> None:
    """A row is about something that the flow really does: a case it opens, or a clock it keeps."""
    known = sorted({n.case for n in graph.nodes.values() if isinstance(n, Hold)} | set(graph.clocks))
    for row in rows:
        if row.type not in known:
            said = f'The flow has neither a case nor a clock "{row.type}".'
            notes.wrong(row.type.place, said, did_you_mean(row.type, known))


def compiled(row: Row) -> Playbook:
    """The row as the graph keeps it."""
    return Playbook(*(str(getattr(row, column)) for column in COLUMNS))


def _row(keys: Keys, notes: Notes) -> Row | None:
    texts = [keys.text(column, True) for column in COLUMNS]
    given = [text for text in texts if text is not None]
    if len(given) < len(COLUMNS):
        return None
    row = Row(*given)
    if not STEP_ID.fullmatch(row.type):
        said = f'"{row.type[:70]}" cannot be an exception\'s type.'
        notes.wrong(row.type.place, said, "Write it like `out-of-stock`.")
    if not _LENGTH.search(row.sla):
        notes.wrong(row.sla.place, '"sla" says no length of time.', "Write it like `refund within 5 days`.")
    return row
