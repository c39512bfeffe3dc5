"""`faros flow graph`: one flow drawn, or all flows of a folder as one, from the shop's order to the purchase."""

import dataclasses
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.folder import catalog_for, flow_files
from hub.cli.publishing import read_project
from hub.cli.terminal import HERE, Json, as_json, fail, out, show_problems
from hub.flow import drawing, whole
from hub.flow.graph import Graph
from hub.flow.noting import did_you_mean
from hub.flow.whole import joined
from hub.project.flows import find, read_flows
from hub.project.project import FILE, Project

Bound = dict[tuple[str, str], list[str]]
"""(flow, role) -> the connectors that play it."""


def graph(
    path: Annotated[Path, typer.Argument(help="A flow file, or a folder; this one if none is named.")] = HERE,
    mermaid: Annotated[bool, typer.Option("--mermaid", help="As a Mermaid flowchart.")] = False,
    store: Annotated[str | None, typer.Option("--store", help="Where a project has several.")] = None,
    json: Json = None,
) -> None:
    """Draw a flow, or all flows of a folder with the events between them: every step with every way on from it."""
    if path.is_file():
        graphs, bound = [_of_file(path)], Bound()
        text = drawing.as_mermaid(graphs[0]) if mermaid else drawing.as_text(graphs[0])
    elif not path.exists():
        fail(f"There is no {path}.", "Name a flow file, or a folder with hub.yaml or flows in it.")
    else:
        graphs, bound = _of_folder(path, store)
        text = whole.as_mermaid(joined(graphs)) if mermaid else whole.as_text(joined(graphs))
    if not as_json(_plain(graphs, bound), json):
        out.print(text, markup=False, soft_wrap=True)


def _of_file(path: Path) -> Graph:
    """One flow; those beside it are read too, for they may be what a `run:` means."""
    beside = [*find(path.parent), path]
    found = next(f for f in read_flows(dict.fromkeys(beside), catalog_for(HERE)) if Path(f.path) == path)
    if found.graph is None:
        show_problems(found.problems)
        fail("A flow with mistakes cannot be drawn.")
    return found.graph


def _of_folder(path: Path, store: str | None) -> tuple[list[Graph], Bound]:
    if (path / FILE).exists():
        return _of_store(read_project(path, catalog_for(path)), store)
    files = read_flows(flow_files(path), catalog_for(path))
    if wrong := [problem for file in files for problem in file.problems if not problem.is_warning]:
        show_problems(wrong)
        fail("Flows with mistakes cannot be drawn.")
    return [file.graph for file in files if file.graph is not None], {}


def _of_store(project: Project, wanted: str | None) -> tuple[list[Graph], Bound]:
    stores = [store.id for store in project.stores]
    store = wanted or stores[0]
    if store not in stores:
        fail(f"There is no store {store!r}.", did_you_mean(store, stores))
    connectors = {spec.id: spec.connector for spec in project.connections}
    specs = [spec for spec in project.flows if spec.store_id == store]
    bound = {
        (spec.graph.flow, role): sorted({connectors[name] for name in names})
        for spec in specs
        for role, names in spec.roles.items()
    }
    return [spec.graph for spec in specs], bound


def _plain(graphs: list[Graph], bound: Bound) -> dict[str, Any]:
    found = joined(graphs)
    spots = [
        {
            **dataclasses.asdict(spot),
            "connectors": bound.get((spot.flow, spot.does.partition(".")[0]), []),
        }
        for spot in found.spots
    ]
    return {"spots": spots, "ways": [dataclasses.asdict(way) for way in found.ways]}
