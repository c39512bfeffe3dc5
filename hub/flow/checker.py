"""Everything that can be known to be wrong with a flow before it runs, all at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.catalog.catalog import Catalog
from hub.flow.compiler import compile_document
from hub.flow.document import Document, read_document
from hub.flow.expression_types import ANY, Record, Type, category, input_types, noun
from hub.flow.fitting import Fitting
from hub.flow.graph import Graph
from hub.flow.guard import GUARDS, reached_after_refusal, unguarded
from hub.flow.noting import Notes, did_you_mean
from hub.flow.playbook import check_exceptions
from hub.flow.reader import Mistakes, Problem, Scalar, Tree, read
from hub.flow.scope import Surroundings
from hub.flow.span import BadSpan, read_span
from hub.flow.step_checker import StepChecker


@dataclass(frozen=True, slots=True)
class Checked:
    """A flow, checked. There is a graph only if nothing is wrong; `problems` also holds the warnings."""

    graph: Graph | None
    problems: list[Problem]

    @property
    def errors(self) -> list[Problem]:
        """What forbids publishing."""
        return [problem for problem in self.problems if not problem.is_warning]


def check(text: str, path: str, catalog: Catalog, *, flows: Iterable[str] = ()) -> Checked:
    """Read, check and compile a flow file. `flows` are those that `run:` may name, empty if not known.

    As a mapping it gives each flow's inputs (name to type name, as in `Graph.inputs`), and these are checked too.
    """
    try:
        tree = read(text, path)
    except Mistakes as mistakes:
        return Checked(None, sorted(mistakes.problems, key=lambda p: p.place))
    return check_tree(tree, catalog, flows=flows)


def check_tree(tree: Tree, catalog: Catalog, *, flows: Iterable[str] = ()) -> Checked:
    """The same of a file that was read already."""
    notes = Notes()
    document = read_document(tree, notes)
    graph = None
    if document is not None:
        is_whole = not notes.has_errors
        purchases = _check_document(document, catalog, flows, notes)
        if is_whole:
            graph = compile_document(document)
            _check_guards(graph, purchases, notes)
            check_exceptions(document.exceptions, graph, notes)
    problems = sorted(dict.fromkeys(notes.problems), key=lambda p: (p.place, p.caret or 0, p.message))
    return Checked(None if notes.has_errors else graph, problems)


def _check_document(
    document: Document, catalog: Catalog, flows: Iterable[str], notes: Notes
) -> dict[str, Scalar]:
    surroundings, fitting = Surroundings(document, catalog, flows, notes), Fitting(notes)
    scope = _beginning(document, surroundings, fitting)
    for clock in document.clocks.values():
        if "${" in clock.due:
            fitting.expects(clock.due, scope, "moment")
        else:
            _span(clock.due, notes)
        if clock.warn is not None:
            _span(clock.warn, notes)
    steps = StepChecker(surroundings, fitting)
    steps.block(document.steps, scope)
    notes.step = ""
    for role in surroundings.unused():
        notes.doubtful(role.place, f'No step uses the role "{role}".')
    return steps.purchases


def _beginning(document: Document, surroundings: Surroundings, fitting: Fitting) -> dict[str, Type]:
    """The names a run begins with: `event`, or the flow's inputs."""
    scope: dict[str, Type] = {}
    for name, asked in document.inputs.items():
        known = input_types()
        if asked not in known:
            surroundings.notes.wrong(asked.place, f'There is no type "{asked}".', did_you_mean(asked, known))
        scope[str(name)] = known.get(str(asked), known["any"])
    trigger = document.trigger
    if trigger is None:
        return scope
    event = surroundings.event(trigger.role, trigger.event)
    scope["event"] = ANY if event is None else Record(event.__name__, event)
    key = fitting.text(trigger.key, scope)
    if "${" not in trigger.key:
        hint = "Write what there is one run for, such as ${event.number}."
        surroundings.notes.wrong(trigger.key.place, "The trigger's key is the same for every event.", hint)
    elif category(key) not in ("text", "number", "moment", "any"):
        surroundings.notes.under(trigger.key, 0, f"A key is a text or a number; this is {noun(key)}.")
    if trigger.when is not None:
        fitting.expects(trigger.when, scope, "truth")
    return scope


def _span(text: Scalar, notes: Notes) -> None:
    try:
        read_span(text)
    except BadSpan as error:
        notes.under(text, 0, str(error))


def _check_guards(graph: Graph, purchases: dict[str, Scalar], notes: Notes) -> None:
    """Nothing is bought before its stock, its address and its payment are checked."""
    bare = unguarded(graph, set(purchases))
    for identity in sorted(bare):
        notes.step = identity
        said = f"Step {identity} buys, but a run can come to it without these guards: {', '.join(GUARDS)}."
        hint = "Put a step with `do: purchasing.claim` before it; it checks all three."
        notes.wrong(purchases[identity].place, said, hint, "E-UNGUARDED-PO")
    for identity in sorted(reached_after_refusal(graph, set(purchases)) - bare):
        notes.step = identity
        said = f"Step {identity} can be reached although purchasing.claim was refused."
        hint = "End every `on_refused` block of the claim with `stop`, or ask again before buying."
        notes.doubtful(purchases[identity].place, said, hint, "W-CLAIM-REFUSED")
