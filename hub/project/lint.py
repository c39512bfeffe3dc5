"""What a project leaves to chance though it may be published: failures, shared articles, stock in batches, and what
people must carry over by hand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hub.catalog.automation import TASKS, Task, automation_of
from hub.catalog.catalog import Catalog
from hub.engine.publishing import StoreSpec
from hub.flow.lint import lint as lint_flow
from hub.flow.noting import Notes
from hub.flow.reader import Block, Place, Problem, read
from hub.fulfilment.rules import undecided_overlap
from hub.fulfilment.supplier import SupplierSpec, max_age, threshold
from hub.project.flows import find, read_flows
from hub.project.project import FILE, Project, load

UNHEARD: tuple[Task, ...] = ("answers", "tracking")
"""What a supplier must be heard of for. Stock has warnings of its own."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many of a store's articles several suppliers sell; `undecided` are those that no rule chooses between."""

    store: str
    articles: int
    undecided: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found. Problems that are no warnings should be mended before anything is published."""

    problems: list[Problem]
    overlaps: list[Overlap]


def lint_flows(paths: Iterable[Path], catalog: Catalog) -> list[Problem]:
    """The checker's mistakes in these files, and every step of them without a way to fail."""
    return [
        problem
        for file in read_flows(paths, catalog)
        for problem in [*file.problems, *lint_flow(file.text, file.path, catalog)]
    ]


def lint_project(folder: Path, catalog: Catalog) -> Linted:
    """A whole folder. Raises `Mistakes` with what keeps it from being published: that comes first."""
    project = load(folder, catalog)
    tree = read((folder / FILE).read_text(encoding="utf-8"), FILE)
    assert isinstance(tree, Block)  # it was loaded
    notes, place = Notes(), Place(str(folder / FILE), 1, 1)
    overlaps = [_overlap(store) for store in project.stores]
    for store, overlap in zip(project.stores, overlaps, strict=True):
        _note_overlap(store, overlap, place, notes)
        for supplier in store.suppliers:
            if supplier.stock_mode == "batch":
                _note_batches(supplier, store, _place_of(supplier, tree, folder, "stock_mode"), notes)
            _note_handoffs(supplier, project, catalog, _place_of(supplier, tree, folder), notes)
    own = [p for f in find(folder / "flows") for p in lint_flow(f.read_text("utf-8"), str(f), catalog)]
    return Linted([*project.warnings, *own, *notes.problems], overlaps)


def _overlap(store: StoreSpec) -> Overlap:
    sold_by: defaultdict[str, set[str]] = defaultdict(set)
    for article in store.articles:
        sold_by[article.sku].add(article.supplier)
    shared = [sku for sku, suppliers in sold_by.items() if len(suppliers) > 1]
    return Overlap(store.id, len(shared), tuple(undecided_overlap(sold_by, list(store.rules))))


def _note_overlap(store: StoreSpec, overlap: Overlap, place: Place, notes: Notes) -> None:
    if overlap.undecided:
        said = (
            f'Store "{store.id}": overlap={overlap.articles}. {_some(overlap.undecided)} can come from several '
            f"suppliers, and no rule chooses; `choose_by: {store.policies.choose_by}` alone decides."
        )
        notes.doubtful(place, said, "Write a rule with `prefer` or `use` for them.", "W-OVERLAP")


def _note_batches(supplier: SupplierSpec, store: StoreSpec, place: Place, notes: Notes) -> None:
    age, floor = _hours(max_age(supplier, store.policies)), threshold(supplier, store.policies)
    said = (
        f"{supplier.name} tells its stock in batches, so a figure may be {age} old, and what was sold meanwhile is "
        f"oversold. Below {floor} units its figures are not trusted"
    )
    why = f" (twice the {store.policies.safety_threshold} of the store)."
    hint = "Ask it for live figures, or see to it that `safety_threshold` covers what sells in that time."
    is_default = supplier.safety_threshold is None
    notes.doubtful(place, said + (why if is_default else "."), hint, "W-BATCH-STOCK")


def _note_handoffs(
    supplier: SupplierSpec, project: Project, catalog: Catalog, place: Place, notes: Notes
) -> None:
    """A supplier that is not heard of leaves answers and tracking numbers to people."""
    spec = next(one for one in project.connections if one.id == supplier.connection)
    automation = automation_of(catalog.connector(spec.connector))
    for task in automation.handoffs if automation is not None else ():
        if task in UNHEARD:
            said = f"manual handoff: {task}. {TASKS[task]} by hand: {spec.connector} hears nothing of {supplier.name}."
            hint = "Let people enter them, or speak with it by a connector that hears its answers."
            notes.doubtful(place, said, hint, "W-HANDOFF")


def _place_of(supplier: SupplierSpec, tree: Block, folder: Path, key: str = "") -> Place:
    """Where hub.yaml speaks of this supplier, or says this of it."""
    suppliers: Block = tree["suppliers"]
    for name, block in suppliers.items():
        if str(block.get("connection", name)) == supplier.connection:
            found: Place = block.key(key).place if key else suppliers.key(name).place
            return Place(str(folder / FILE), found.line, found.column)
    raise LookupError(supplier.connection)


def _some(skus: Sequence[str]) -> str:
    shown = ", ".join(skus[:5])
    return f"{shown} and {len(skus) - 5} more" if len(skus) > 5 else shown


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:g} hours"
