"""`faros init`: a project's folder that checks clean and runs in sandbox mode."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from hub.assembly import catalog_of
from hub.catalog.catalog import Catalog
from hub.cli.terminal import fail, said
from hub.flow.graph import Graph, Role
from hub.flow.noting import did_you_mean
from hub.flow.reader import Block, read
from hub.project.flows import find, read_flows

CONNECTIONS = {
    "shop-1": "shopify",
    "address-1": "easypost",
    "messages-1": "klaviyo",
    "mail-1": "smtp",
    "tracker-1": "aftership",
    "desk-1": "gorgias",
    "alerts-1": "alerts",
}
"""What a shop usually has, by connector; its suppliers come beside."""
WITHOUT = {"single-supplier": frozenset({"tracker-1"})}
"""What a template's shop does not need: with one supplier, the shop itself follows the parcels."""
SUPPLIERS = "# Where suppliers are, and what a parcel of theirs costs.\n"
"""From this line on, hub.yaml is what a template says of suppliers and rules."""


def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    pack: Annotated[str, typer.Option("--pack", help="Which installed flows to begin with.")] = "faros",
    template: Annotated[
        str | None,
        typer.Option(
            "--template", help="single-supplier, multi-supplier or multi-warehouse, with orders to try."
        ),
    ] = None,
) -> None:
    """Begin a project: hub.yaml, flows, a SKU map. It checks clean, and runs without an account anywhere."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fail(f"{folder} is not empty.", "Name a new folder, or empty this one.")
    catalog = catalog_of()
    packs = {source.name: source for source in catalog.installed.flows}
    if pack not in packs:
        fail(f"There is no pack {pack!r}.", did_you_mean(pack, packs))
    starter = files("hub.cli") / "starter"
    chosen = starter if template is None else _template(starter / "templates", template)
    (folder / "flows").mkdir(parents=True, exist_ok=True)
    _copy_flows(packs[pack], folder / "flows")
    graphs = [f.graph for f in read_flows(find(folder / "flows"), catalog) if f.graph is not None]
    (folder / ".gitignore").write_text((starter / "gitignore").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "README.md").write_text((starter / "README.md").read_text(encoding="utf-8"), encoding="utf-8")
    _copy_tables(chosen, folder)
    head, line, tail = (starter / "hub.yaml").read_text(encoding="utf-8").partition(SUPPLIERS)
    if chosen is not starter:
        line, tail = "", (chosen / "suppliers.yaml").read_text(encoding="utf-8")
    usual = {id: name for id, name in CONNECTIONS.items() if id not in WITHOUT.get(template or "", ())}
    hub = _described(head + line + tail, usual | _suppliers(tail), graphs, catalog)
    (folder / "hub.yaml").write_text(hub, encoding="utf-8")
    said(f"{folder} has {len(graphs)} flows of pack {pack}. Next: `faros up --dir {folder}`.")


def _copy_flows(pack: Traversable, into: Path) -> None:
    for source in sorted(pack.iterdir(), key=lambda found: found.name):
        if source.name.endswith((".yaml", ".yml")):
            (into / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")


def _template(templates: Traversable, name: str) -> Traversable:
    known = sorted(found.name for found in templates.iterdir() if found.is_dir())
    if name not in known:
        fail(f"There is no template {name!r}.", did_you_mean(name, known))
    return templates / name


def _copy_tables(source: Traversable, into: Path) -> None:
    """The tables beside hub.yaml, and the orders to try in `samples/`."""
    for found in source.iterdir():
        if found.name.endswith(".csv"):
            (into / found.name).write_text(found.read_text(encoding="utf-8"), encoding="utf-8")
        elif found.name == "samples":
            (into / found.name).mkdir()
            _copy_tables(found, into / found.name)


def _suppliers(text: str) -> dict[str, str]:
    """A connection for each supplier that the text describes."""
    tree = read(text, "suppliers.yaml")
    assert isinstance(tree, Block)  # it is ours
    return {str(block["connection"]): "supplier_api" for block in tree["suppliers"].values()}


def _described(text: str, usual: Mapping[str, str], graphs: Iterable[Graph], catalog: Catalog) -> str:
    """hub.yaml with the connections that the flows' roles need, and the roles bound to them."""
    connections = {id: name for id, name in usual.items() if name in catalog.installed.connectors}
    roles: dict[str, Role] = {name: role for graph in graphs for name, role in graph.roles.items()}
    lines = []
    for name, role in sorted(roles.items()):
        able = _able(role.asks, connections, catalog)
        if not able and role.optional:
            continue  # Nobody plays it until the merchant has such an account.
        if not able:
            able = [_another(role.asks, connections, catalog)]
        lines.append(f"  {name}: [{', '.join(able)}]" if role.many else f"  {name}: {able[0]}")
    described = [f"  {id}:\n    connector: {name}\n    mode: sandbox" for id, name in connections.items()]
    text = text.replace("# CONNECTIONS", "\n".join(described))
    return text.replace("roles:\n# ROLES", "\n".join(["roles:", *lines]) if lines else "roles: {}")


def _able(asks: str, connections: Mapping[str, str], catalog: Catalog) -> list[str]:
    """The connections that can play a role: first those whose foremost trade it is, last those that can do it too."""

    def place(id: str) -> int:
        names = [capability.name for capability in catalog.connector(connections[id]).capabilities]
        return names.index(asks) if asks in names else 0

    return sorted((id for id in connections if catalog.implements(connections[id], asks)), key=place)


def _another(asks: str, connections: dict[str, str], catalog: Catalog) -> str:
    """Add a connection that can play the role, in place of one a shop usually has not."""
    able = [name for name in sorted(catalog.installed.connectors) if catalog.implements(name, asks)]
    if not able:
        fail(
            f"A flow of this pack needs {asks}, and no installed connector is that.",
            "Install one, then try again.",
        )
    id = f"{able[0].replace('_', '-')}-1"
    connections[id] = able[0]
    return id


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(init)
