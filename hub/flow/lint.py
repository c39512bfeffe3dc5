"""What a flow leaves to chance though it may be published. `faros flow lint` tells it; the checker lets it pass."""

from collections.abc import Iterator

from hub.catalog.catalog import Catalog
from hub.flow import verb
from hub.flow.document import Document, read_document
from hub.flow.noting import Notes
from hub.flow.reader import Mistakes, Problem, read
from hub.flow.scope import Surroundings
from hub.flow.step_reader import ASK
from hub.flow.verb import Step, Steps


def lint(text: str, path: str, catalog: Catalog) -> list[Problem]:
    """Every step that changes something outside and does not say what happens when that is refused.

    A flow with mistakes has none of these to tell: the checker's come first.
    """
    notes = Notes()
    try:
        document = read_document(read(text, path), notes)
    except Mistakes:
        return []
    return [] if document is None or notes.has_errors else list(_without_failure_path(document, catalog))


def _without_failure_path(document: Document, catalog: Catalog) -> Iterator[Problem]:
    surroundings = Surroundings(document, catalog, (), Notes())
    for step in _all(document.steps):
        do = step.verb
        if not isinstance(do, verb.Do) or do.on_refused or do.asks or do.role not in document.uses:
            continue
        shape = surroundings.action(do.role, do.action)
        if shape is None or "read" in (shape.kind.name, do.effect):
            continue
        said = f"Step {step.id} changes something outside, but does not say what happens when it is refused."
        hint = f"Add `on_refused` with a block, or write `on_refused: {ASK}`: a person decides."
        yield Problem(step.place, said, hint, "E-NO-FAILURE-PATH", str(step.id))


def _all(steps: Steps) -> Iterator[Step]:
    """The steps of a block, and of every block inside."""
    for step in steps:
        yield step
        for block in verb.blocks(step.verb):
            yield from _all(block)
