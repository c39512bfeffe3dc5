"""A project: everything in a merchant's folder, free of mistakes, ready to be published."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hub.catalog.catalog import Catalog
from hub.engine.publishing import FlowSpec, Publication, StoreSpec
from hub.flow.graph import Act, Graph
from hub.flow.noting import Keys, Notes
from hub.flow.reader import Block, Mistakes, Place, Problem, Scalar, Sequence, read
from hub.fulfilment.supplier import SupplierSpec
from hub.project.connections import read_connections
from hub.project.flows import FlowFile, find, note_doubles, read_flows
from hub.project.logo import written_out
from hub.project.roles import Casting
from hub.project.skus import read_skus
from hub.project.stages import note_stages
from hub.project.stores import Shelf, read_rules, read_stores, read_suppliers
from hub.project.substitutes import read_substitutes
from hub.project.templates import read_templates
from hub.store.configuration import ArticleNew, ConnectionSpec, SubstituteNew

FILE = "hub.yaml"
KEYS = ("stores", "connections", "roles", "suppliers", "rules", "sku_map", "substitutes", "plugins")


@dataclass(frozen=True, slots=True)
class Project:
    """A merchant's folder, read. `warnings` do not keep it from being published."""

    folder: Path
    stores: tuple[StoreSpec, ...]
    connections: tuple[ConnectionSpec, ...]
    flows: tuple[FlowSpec, ...]
    warnings: tuple[Problem, ...]

    def publication(self) -> Publication:
        """What is published."""
        return Publication(self.stores, self.connections, self.flows)


def load(folder: Path, catalog: Catalog) -> Project:
    """Read a folder. Raises `Mistakes` with everything that is wrong in all of its files."""
    path = folder / FILE
    try:
        tree = read(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        hint = "Run `faros init DIR` for a folder to begin with, or name yours by --dir."
        reason = getattr(error, "strerror", None) or "It is not UTF-8"
        raise Mistakes(
            [Problem(Place(str(path), 1, 1), f"{path} cannot be read: {reason}.", hint)]
        ) from error
    notes = Notes()
    if not isinstance(tree, Block):
        raise Mistakes([Problem(tree.place, f"{FILE} is a block of keys: {', '.join(KEYS)}.")])
    found = _Reading(folder, tree, catalog, notes).project()
    if notes.has_errors:
        raise Mistakes(sorted(dict.fromkeys(notes.problems), key=lambda p: (p.place, p.message)))
    return found


def allowed_plugins(folder: Path) -> tuple[str, ...]:
    """The allow-list `plugins:` of a folder, empty where there is none; plugins are loaded before the rest is read."""
    try:
        tree = read((folder / FILE).read_text(encoding="utf-8"), FILE)
    except (OSError, UnicodeDecodeError, Mistakes):
        return ()
    listed = tree.get("plugins") if isinstance(tree, Block) else None
    return (
        tuple(str(name) for name in listed if isinstance(name, Scalar))
        if isinstance(listed, Sequence)
        else ()
    )


class _Reading:
    """One reading of one folder."""

    def __init__(self, folder: Path, tree: Block, catalog: Catalog, notes: Notes) -> None:
        self.folder = folder
        self.catalog = catalog
        self.notes = notes
        self.top = Keys(tree, notes, FILE, KEYS)
        self.shelves = read_stores(self.top, notes)
        for shelf in self.shelves.values():
            if shelf.logo is not None:
                shelf.settings["brand"]["logo"] = written_out(shelf.logo, folder, notes)
        self.connections = read_connections(self.top, self.shelves, catalog, notes)
        self.suppliers = read_suppliers(self.top, self.connections, catalog, notes)
        self._plugins()

    def project(self) -> Project:
        before = len(self.notes.problems)
        articles = self._articles()
        # With a mistake in the map, nobody can say what is missing from it.
        is_whole = len(self.notes.problems) == before
        substitutes = self._substitutes({a.sku for a in articles} if is_whole else None)
        texts = read_templates(self.folder / "templates", self.shelves, self.notes)
        stores = {
            id: replace(self._store(shelf, articles, substitutes), templates=texts[id])
            for id, shelf in self.shelves.items()
        }
        files = read_flows(find(self.folder / "flows"), self.catalog, self.folder / "flows")
        for file in files:
            self.notes.problems.extend(file.problems)
            if file.store is not None and file.store not in stores:
                place = Place(file.path, 1, 1)
                self.notes.wrong(
                    place, f'A folder under flows/ is a store\'s, and there is no store "{file.store}".'
                )
        flows = tuple(spec for id in stores for spec in self._flows(stores[id], files))
        warnings = tuple(p for p in self.notes.problems if p.is_warning)
        return Project(self.folder, tuple(stores.values()), tuple(self.connections.values()), flows, warnings)

    def _plugins(self) -> None:
        listed = self.top.value("plugins")
        if listed is not None and not (
            isinstance(listed, Sequence) and all(isinstance(n, Scalar) for n in listed)
        ):
            self.notes.wrong(listed.place, '"plugins" is a list of distribution==version.')
        for name in listed if isinstance(listed, Sequence) else ():
            if isinstance(name, Scalar) and "==" not in name:
                hint = f"Write it like {name}==1.0.0."
                self.notes.wrong(name.place, f'Plugin "{name}" is allowed without a version.', hint)
        strangers = sorted(
            {o for o in self.catalog.installed.origin.values() if not o.startswith("faros-hub==")}
        )
        if strangers and not listed:
            place = listed.place if listed is not None else self.top.block.place
            hint = f"Write `plugins: [{', '.join(strangers)}]`."
            self.notes.doubtful(place, "Every installed plugin is loaded.", hint, "W-PLUGINS")

    def _articles(self) -> list[ArticleNew]:
        path = self._beside("sku_map", "The SKU map")
        if path is None:
            return []
        named: Mapping[str, str] = {id: spec.connection for id, (_, spec) in self.suppliers.items()}
        return read_skus(path, named, self.notes)

    def _substitutes(self, skus: set[str] | None) -> list[SubstituteNew]:
        path = self._beside("substitutes", "The list of substitutes")
        return read_substitutes(path, skus, self.notes) if path else []

    def _beside(self, key: str, noun: str) -> Path | None:
        """The file that a key names."""
        name = self.top.text(key)
        if name is None:
            return None
        path = self.folder / name
        if not path.resolve().is_relative_to(self.folder.resolve()):
            self.notes.wrong(name.place, f"{noun} lies in the project's folder.")
            return None
        return path

    def _store(self, shelf: Shelf, articles: list[ArticleNew], substitutes: list[SubstituteNew]) -> StoreSpec:
        own: list[SupplierSpec] = [spec for store, spec in self.suppliers.values() if store == shelf.id]
        names = {spec.connection for spec in own}
        listed = shelf.rules if shelf.rules is not None else self._sequence("rules")
        rules = read_rules(listed, self.suppliers, self.notes)
        sold = tuple(article for article in articles if article.supplier in names)
        skus = {article.sku for article in sold}
        spares = tuple(s for s in substitutes if s.substitute_sku in skus)
        return StoreSpec(shelf.id, shelf.settings, shelf.policies, tuple(own), tuple(rules), sold, spares)

    def _sequence(self, key: str) -> Sequence | None:
        """A list that may be empty."""
        found = self.top.value(key)
        return None if isinstance(found, Sequence) and not found else self.top.sequence(key)

    def _flows(self, store: StoreSpec, files: list[FlowFile]) -> list[FlowSpec]:
        casting = Casting(store.id, self.catalog, self.connections, self.notes)
        casting.read(self._roles(), own=False)
        casting.read(self.shelves[store.id].roles, own=True)
        ours = [file for file in files if file.store in (None, store.id)]
        note_doubles(ours, self.notes)
        found = []
        for file in ours:
            if file.graph is None:
                continue
            if _assigns(file.graph) and not store.rules:
                said = (
                    f'Flow {file.graph.flow} assigns suppliers, and store "{store.id}" has no routing rules.'
                )
                hint = "Write at least one rule under `rules:` in hub.yaml."
                self.notes.wrong(Place(file.path, 1, 1), said, hint, "E-NO-RULES")
            found.append(FlowSpec(store.id, file.text, file.graph, casting.cast(file.graph, file.uses)))
        if len(found) == len(ours):  # With a mistake in a flow, nobody can say what is missing.
            place = self.top.block.key("stores").place
            note_stages(store.id, [spec.graph for spec in found], place, self.notes)
        return found

    def _roles(self) -> Block | None:
        found = self.top.value("roles")
        return None if isinstance(found, Block) and not found else self.top.mapping("roles")


def _assigns(graph: Graph) -> bool:
    return any(
        isinstance(n, Act) and (n.role, n.action) == ("purchasing", "assign") for n in graph.nodes.values()
    )
