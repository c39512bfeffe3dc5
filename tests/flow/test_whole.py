"""Several flows are one graph: what one makes, another hears."""

from importlib.resources import files
from pathlib import Path

import pytest

from hub.assembly import catalog_of
from hub.flow.graph import Graph
from hub.flow.whole import Way, Whole, as_mermaid, as_text, joined
from hub.project.flows import find, read_flows
from tests.flow.writing import HEAD, checked, flow

EMITS = "- step: tell\n  emit: hub.resend_requested\n  with:\n    order: ${event.number}\n"
HEARS = (
    HEAD.replace("flow: under-test", "flow: hears")
    .replace("shop.order_placed", "hub.resend_requested")
    .replace("uses:\n  shop: testshop\n", "")
    .replace("event.number", "event.order")
)
RUNS = "- step: other\n  run: out-of-stock\n"


def graph(steps: str, head: str = HEAD) -> Graph:
    found = checked(flow(steps, head))
    assert found.graph is not None, found.problems
    return found.graph


@pytest.fixture(scope="module")
def pack() -> Whole:
    """The flows that come with the hub, as one."""
    folder = Path(str(files("flows") / "faros"))
    return joined([file.graph for file in read_flows(find(folder), catalog_of()) if file.graph is not None])


def spots(pack: Whole, does: str) -> set[str]:
    return {spot.id for spot in pack.spots if spot.does == does}


@pytest.mark.row("S1-050")
def test_a_way_leads_from_the_paid_order_to_the_purchase(pack: Whole) -> None:
    assert spots(pack, "shop.order_paid") == {"filter"}

    (purchase,) = spots(pack, "supplier.create_purchase_order")
    reached = pack.after("filter")

    assert purchase == "route/send" and purchase in reached
    assert {"assign", "assign/decide", "route", "route/claim", "watch", "track"} <= reached


@pytest.mark.row("S1-050")
@pytest.mark.parametrize("cut", ["hub.order_filtered", "hub.order_assigned"])
def test_without_one_of_the_events_between_them_there_is_a_gap(pack: Whole, cut: str) -> None:
    torn = Whole(pack.spots, [way for way in pack.ways if way.label != cut])

    assert "route/send" not in torn.after("filter")


@pytest.mark.row("S1-050")
def test_no_step_of_the_pack_is_beyond_every_trigger(pack: Whole) -> None:
    begun = [pack.after(spot.id) for spot in pack.spots if spot.kind == "trigger"]

    assert {spot.id for spot in pack.spots} - set[str]().union(*begun) == set()


def test_who_waits_for_an_event_hears_it_as_who_is_started_by_it() -> None:
    waits = "steps:\n  - step: news\n    wait:\n      event: hub.resend_requested\n      timeout: 1 day\n"
    hears = checked(HEARS + waits).graph
    assert hears is not None
    found = joined([graph(EMITS), hears])

    heard = {way.target for way in found.ways if way.label == "hub.resend_requested"}
    assert heard == {"hears", "hears/news"}


def test_a_flow_that_is_run_is_reached_from_its_step() -> None:
    head = HEAD.replace("flow: under-test", "flow: out-of-stock")
    found = joined([graph(RUNS), graph("- step: end\n  stop: Done\n", head)])

    assert Way("under-test/other", "out-of-stock", "runs") in found.ways


def test_it_is_drawn_with_a_frame_around_each_flow(pack: Whole) -> None:
    chart, table = as_mermaid(pack), as_text(pack)

    assert chart.count("subgraph") == len({spot.flow for spot in pack.spots})
    assert chart.count("    end\n") == chart.count("subgraph")
    assert "hub.order_assigned -> route" in table
