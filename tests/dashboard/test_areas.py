"""What the hub takes over has a flow that does it and a page that shows it."""

from importlib.resources import files
from pathlib import Path

import pytest

import dashboard
from dashboard.app import ROOMS
from hub.assembly import catalog_of
from hub.flow.checker import check
from hub.flow.graph import Graph, Hold

AREAS = {
    "routing": ("supplier", "orders"),
    "inventory sync": ("stock-source", "suppliers"),
    "tracking sync": ("tracker", "tracking"),
    "notifications": ("messenger", "order"),
}
"""The capability that an area's flows ask for, and the page where it is looked at."""


@pytest.fixture(scope="module")
def pack() -> list[Graph]:
    """The flows that come with the hub."""
    found = [
        check(path.read_text(), path.name, catalog_of()).graph
        for path in (files("flows") / "faros").iterdir()
        if path.name.endswith(".yaml")
    ]
    assert None not in found
    return [graph for graph in found if graph]


@pytest.mark.row("S1-172")
def test_each_of_the_five_areas_has_a_flow_and_a_page(pack: list[Graph]) -> None:
    pages = {name for name, *_ in ROOMS}
    views = {path.stem for path in (Path(dashboard.__file__).parent / "views").glob("*.py")}
    for area, (capability, page) in AREAS.items():
        assert [g.flow for g in pack if any(r.asks == capability for r in g.roles.values())], area
        assert page in pages & views, area
    assert len([g for g in pack if any(isinstance(n, Hold) for n in g.nodes.values())]) >= 5, "exceptions"
    assert "exceptions" in pages & views
