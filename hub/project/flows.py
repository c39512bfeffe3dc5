"""The flow files of a project: read, checked together, and bound for each store that has them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hub.catalog.catalog import Catalog
from hub.flow.checker import check_tree
from hub.flow.graph import Graph
from hub.flow.noting import Notes
from hub.flow.reader import Block, Mistakes, Place, Problem, Scalar, Tree, read


@dataclass(frozen=True, slots=True)
class FlowFile:
    """One flow file. `store` is the folder it lies in under flows/, None for a flow of every store."""

    path: str
    text: str
    store: str | None
    name: str
    inputs: Mapping[str, str]
    uses: Mapping[str, Place]
    graph: Graph | None
    problems: list[Problem]


def find(folder: Path) -> list[Path]:
    """The flow files of a folder and of its stores' folders, in a fixed order; a project's own file is none."""
    patterns = ("*.yaml", "*.yml", "*/*.yaml", "*/*.yml")
    return sorted(path for pattern in patterns for path in folder.glob(pattern) if path.name != "hub.yaml")


def read_flows(paths: Iterable[Path], catalog: Catalog, root: Path | None = None) -> list[FlowFile]:
    """Read and check flow files together, so that `run:` knows what the others ask for."""
    drafts = [_draft(path, root) for path in paths]
    known: dict[str | None, dict[str, Mapping[str, str]]] = {}
    for draft, _ in drafts:
        known.setdefault(draft.store, {})[draft.name] = draft.inputs
    return [
        _checked(draft, tree, {**known.get(None, {}), **known.get(draft.store, {})}, catalog)
        for draft, tree in drafts
    ]


def _draft(path: Path, root: Path | None) -> tuple[FlowFile, Tree | None]:
    """What a file says of itself, and its content where it can be read."""
    store = path.parent.name if root is not None and path.parent != root else None
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        tree = read(text, str(path))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "It is not UTF-8"
        unread = Problem(Place(str(path), 1, 1), f"The file cannot be read: {reason}.")
        return FlowFile(str(path), text, store, "", {}, {}, None, [unread]), None
    except Mistakes as mistakes:
        return FlowFile(str(path), text, store, "", {}, {}, None, mistakes.problems), None
    head = tree if isinstance(tree, Block) else Block(tree.place)
    inputs, uses = head.get("inputs"), head.get("uses")
    asked = (
        {str(k): str(v) for k, v in inputs.items() if isinstance(v, Scalar)}
        if isinstance(inputs, Block)
        else {}
    )
    roles = {str(key): uses.key(key).place for key in uses} if isinstance(uses, Block) else {}
    return FlowFile(str(path), text, store, str(head.get("flow", "")), asked, roles, None, []), tree


def _checked(
    draft: FlowFile, tree: Tree | None, flows: Mapping[str, Mapping[str, str]], catalog: Catalog
) -> FlowFile:
    if tree is None:
        return draft
    found = check_tree(tree, catalog, flows=flows)
    return FlowFile(
        draft.path, draft.text, draft.store, draft.name, draft.inputs, draft.uses, found.graph, found.problems
    )


def note_doubles(files: Iterable[FlowFile], notes: Notes) -> None:
    """A store has one flow of a name."""
    seen: dict[str, FlowFile] = {}
    for file in files:
        other = seen.setdefault(file.name, file)
        if file.name and other is not file:
            said = f'Flow "{file.name}" is also in {other.path}.'
            notes.wrong(Place(file.path, 1, 1), said, "Give one of them another name under `flow:`.")
