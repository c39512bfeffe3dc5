"""The verb `hold`: a case, who decides it, and what may settle it without anyone."""

from typing import TYPE_CHECKING, cast

from hub.flow.noting import Keys, Notes, did_you_mean
from hub.flow.reader import Block, Scalar
from hub.flow.verb import NAME, STEP_ID, Ask, Verb

if TYPE_CHECKING:
    from hub.flow.step_reader import StepReader

KEYS = (
    "case", "title", "choices", "due", "detail", "event", "match", "timeout", "owner", "checklist", "checked_first",
)  # fmt: skip
EVENT, TIMEOUT = "event", "timeout"
"""The `choice` of a case that an event, or the end of its time, has settled."""


def read_hold(reader: "StepReader", keys: Keys, depth: int) -> Verb | None:
    """The verb; whatever is wrong is noted."""
    block = keys.mapping("hold", True)
    name = reader.name(keys)
    if block is None:
        return None
    inner = Keys(block, reader.notes, "`hold`", KEYS)
    case, title = inner.text("case", True), inner.text("title", True)
    if case is not None and not STEP_ID.fullmatch(case):
        said = f'"{case[:70]}" cannot be a case\'s kind.'
        reader.notes.wrong(case.place, said, "Write it like `no-supplier`.")
    choices = _labels(
        inner.mapping("choices", True), reader.notes, "A choice is `word: What the button says`."
    )
    operation = reader.dotted(inner, "event", "role.event") if "event" in block else None
    if "match" in block and "event" not in block:
        reader.notes.wrong(block.place, "`match` belongs to an `event` that settles the case.")
    timeout = inner.text("timeout")
    _check_reserved(choices, {EVENT: operation, TIMEOUT: timeout}, reader.notes)
    checklist = _labels(inner.mapping("checklist"), reader.notes, "An item is `word: What is to be done`.")
    if case is None or title is None:
        return None
    role, event = operation or (None, None)
    return Ask(
        case=case,
        title=title,
        choices=choices,
        due=inner.text("due"),
        detail=inner.value("detail"),
        save_as=name,
        role=role,
        event=event,
        match={cast(Scalar, k): v for k, v in (inner.mapping("match") or {}).items()},
        timeout=timeout,
        owner=inner.text("owner"),
        checklist=checklist,
        checked_first=_checked_first(inner, choices, bool(checklist), reader.notes),
    )


def _labels(block: Block | None, notes: Notes, remedy: str) -> dict[Scalar, Scalar]:
    labels: dict[Scalar, Scalar] = {}
    for key, label in (block or {}).items():
        if isinstance(label, Scalar) and NAME.fullmatch(key.replace("-", "_")):
            labels[cast(Scalar, key)] = label
        else:
            notes.wrong(cast(Scalar, key).place, remedy)
    return labels


def _check_reserved(choices: dict[Scalar, Scalar], settled_by: dict[str, object], notes: Notes) -> None:
    for choice in choices:
        if settled_by.get(str(choice)) is not None:
            said = f'"{choice}" is the choice of a case that its {choice} has settled.'
            notes.wrong(choice.place, said, "Choose another word.")


def _checked_first(
    inner: Keys, choices: dict[Scalar, Scalar], has_list: bool, notes: Notes
) -> tuple[Scalar, ...]:
    """The choices that are offered only once every item of the checklist is ticked."""
    found = tuple(c for c in inner.sequence("checked_first") or () if isinstance(c, Scalar))
    for choice in found:
        if choice not in choices:
            notes.wrong(choice.place, f'There is no choice "{choice}".', did_you_mean(choice, choices))
        elif not has_list:
            notes.wrong(choice.place, "`checked_first` needs a `checklist`.")
    return found
