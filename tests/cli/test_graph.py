"""A merchant's flows as one graph, with the services that play in it."""

import json

import pytest

from tests.cli.conftest import Shell


@pytest.fixture
def project(shell: Shell) -> Shell:
    shell("init", str(shell.folder))
    return shell


@pytest.mark.row("S1-050")
def test_the_export_leads_from_shopify_to_the_supplier_without_a_gap(project: Shell) -> None:
    found = json.loads(project("flow", "graph", str(project.folder), "--json").stdout)

    (begins,) = (
        s["id"] for s in found["spots"] if s["does"] == "shop.order_paid" and s["connectors"] == ["shopify"]
    )
    buys = {
        spot["id"]
        for spot in found["spots"]
        if spot["does"] == "supplier.create_purchase_order" and "supplier_api" in spot["connectors"]
    }
    following: dict[str, set[str]] = {}
    for way in found["ways"]:
        following.setdefault(way["source"], set()).add(way["target"])
    reached = {begins}
    while more := {target for spot in reached for target in following.get(spot, ())} - reached:
        reached |= more
    assert buys and buys <= reached
    known = {spot["id"] for spot in found["spots"]}
    assert {end for way in found["ways"] for end in (way["source"], way["target"])} <= known


def test_one_file_is_drawn_as_before(project: Shell) -> None:
    route = str(project.folder / "flows" / "route.yaml")

    assert "supplier.create_purchase_order" in project("flow", "graph", route, "--mermaid").stdout
    assert project("flow", "graph", route).stdout.splitlines()[0].startswith("read-order")


def test_a_folder_is_drawn_as_a_table_or_a_chart(project: Shell) -> None:
    assert "hub.order_assigned -> route" in project("flow", "graph", str(project.folder)).stdout
    assert "subgraph" in project("flow", "graph", str(project.folder), "--mermaid").stdout


def test_a_store_that_is_not_there_is_said(project: Shell) -> None:
    refused = project("flow", "graph", str(project.folder), "--store", "mian")

    assert refused.exit_code == 1 and 'Did you mean "main"?' in refused.stderr
