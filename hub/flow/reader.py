"""YAML read as text: every scalar a string that knows its place; tags, anchors and doubled keys are mistakes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_NODES = 5_000


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in which file. Lines and columns count from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where, what, and what would be right. `caret` is a column within `excerpt`, from 0."""

    place: Place
    message: str
    hint: str = ""
    code: str = ""
    step: str = ""
    excerpt: str = ""
    caret: int | None = None
    is_warning: bool = False

    def __str__(self) -> str:
        head = f"{self.place}" + (f"  step {self.step}" if self.step else "")
        what = " ".join(part for part in (self.code, self.message, self.hint) if part)
        if not self.excerpt:
            return f"{head}\n    {what}"
        arrow = "" if self.caret is None else " " * self.caret + "^ "
        return f"{head}\n    {self.excerpt}\n    {arrow}{what}"


class Mistakes(Exception):
    """All mistakes of a file at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(p) for p in sorted(problems, key=lambda p: p.place)))
        self.problems = problems


class Scalar(str):
    """A YAML scalar, as text. `offset` is the column where the text itself starts (after a quote)."""

    place: Place
    style: str

    def __new__(cls, text: str, place: Place, style: str = "") -> "Scalar":
        made = super().__new__(cls, text)
        made.place = place
        made.style = style
        return made


class Block(dict[str, Any]):
    """A YAML mapping. Keys are `Scalar`s, so each knows its place."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place

    def key(self, name: str) -> Scalar:
        """The key as it was written, with its place."""
        return next(k for k in self if k == name)  # type: ignore[return-value]  # keys are Scalars by construction


class Sequence(list[Any]):
    """A YAML sequence."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place


Tree = Scalar | Block | Sequence


def read(text: str, path: str) -> Tree:
    """Read one YAML document. Raises `Mistakes` with every problem that can be told from the text alone."""
    if len(text.encode()) > MAX_BYTES:
        raise Mistakes([Problem(Place(path, 1, 1), f"The file is larger than {MAX_BYTES // 1024} KB.")])
    problems: list[Problem] = []
    try:
        _watch_events(text, path, problems)
        if problems:
            raise Mistakes(problems)
        root = yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path, 1, 1)
        raise Mistakes([*problems, Problem(place, f"This is not YAML: {error.problem}.")]) from error
    except yaml.YAMLError as error:
        raise Mistakes([Problem(Place(path, 1, 1), f"This is not YAML: {error}.")]) from error
    if root is None:
        raise Mistakes([Problem(Place(path, 1, 1), "The file is empty.")])
    tree = _build(root, path, problems)
    if problems:
        raise Mistakes(problems)
    return tree


def _watch_events(text: str, path: str, problems: list[Problem]) -> None:
    """Look at the event stream before anything is built: depth, size, anchors, aliases and tags."""
    depth = nodes = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        problems += [Problem(_place(path, event.start_mark), *said) for said in _objections(event)]
        nodes += isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent))
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            what = f"deeper than {MAX_DEPTH} levels" if depth > MAX_DEPTH else f"more than {MAX_NODES} values"
            place = _place(path, event.start_mark)
            raise Mistakes([*problems, Problem(place, f"The file has {what}.")])


def _objections(event: yaml.Event) -> Iterator[tuple[str, str]]:
    """What may not stand in a file, and what would be right. Most events give no cause, and need no place then."""
    if isinstance(event, yaml.AliasEvent):
        yield "Aliases (*name) are not allowed.", "Write the value out."
    elif isinstance(event, yaml.NodeEvent) and event.anchor:
        yield "Anchors (&name) are not allowed.", "Write the value out."
    if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag:
        hint = "For a condition, write the word: `not`." if isinstance(event, yaml.ScalarEvent) else ""
        yield f"Tags ({event.tag}) are not allowed.", hint


def _place(path: str, mark: Any) -> Place:
    return Place(path, mark.line + 1, mark.column + 1) if mark else Place(path, 1, 1)


def _build(node: yaml.Node, path: str, problems: list[Problem]) -> Tree:
    place = _place(path, node.start_mark)
    if isinstance(node, yaml.ScalarNode):
        return Scalar(node.value, place, node.style or "")
    if isinstance(node, yaml.SequenceNode):
        sequence = Sequence(place)
        sequence.extend(_build(child, path, problems) for child in node.value)
        return sequence
    block = Block(place)
    for key_node, value_node in node.value:
        key = _build(key_node, path, problems)
        if not isinstance(key, Scalar):
            problems.append(Problem(key.place, "A key must be a plain word."))
            continue
        if key in block:
            problems.append(
                Problem(key.place, f"`{key}` is given twice; first on line {block.key(key).place.line}.")
            )
            continue
        block[key] = _build(value_node, path, problems)
    return block


def places(tree: Tree) -> Iterator[Tree]:
    """Every value of a tree, outermost first."""
    yield tree
    for child in tree.values() if isinstance(tree, Block) else tree if isinstance(tree, Sequence) else ():
        yield from places(child)
