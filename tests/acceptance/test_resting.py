"""An order's life by rules alone: wherever it rests, it is somebody's turn, and there is a time."""

from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

from hub.assembly import catalog_of
from hub.engine.figures import Figures
from hub.flow.graph import Graph
from hub.model.run import Token
from hub.project.flows import read_flows
from hub.project.resting import document, reasons, rests, unbounded
from tests.acceptance.brand import Brand, Terms
from tests.acceptance.test_waiting import BEACON

PACK = files("flows").joinpath("faros")
PAGE = files("flows").joinpath("STATES.md")
FIRST = "1Z999AA10000000018"


def graphs() -> list[Graph]:
    """The flows that come with the hub."""
    paths = sorted(Path(str(file)) for file in PACK.iterdir() if file.name.endswith(".yaml"))
    return [file.graph for file in read_flows(paths, catalog_of()) if file.graph is not None]


@pytest.mark.row("S1-171")
def test_every_state_has_somebody_whose_turn_it_is_and_a_time_and_the_page_says_so() -> None:
    found = rests(graphs())
    assert len(found) > 30
    assert unbounded(found) == []
    assert set(reasons(Figures())) == set(get_args(Token))
    assert all(all(said) for said in reasons(Figures()).values())
    made = document(graphs(), Figures())
    hint = "Make it anew: faros exceptions rests --markdown --dir flows/faros > flows/STATES.md"
    assert PAGE.read_text(encoding="utf-8") == made, hint


def test_a_hold_that_its_author_gave_no_time_is_found() -> None:
    graph = next(graph for graph in graphs() if graph.flow == "filter")
    asking = graph.nodes["fraud-review"]
    object.__setattr__(asking, "due", None)
    assert [(rest.flow, rest.step) for rest in unbounded(rests([graph]))] == [("filter", "fraud-review")]


@pytest.mark.row("S1-171")
@pytest.mark.parametrize("terms", [Terms(promise="unsafe")])
async def test_orders_that_rest_everywhere_all_have_a_reason_an_owner_and_a_time(brand: Brand) -> None:
    await brand.buy(shipping_address=BEACON)
    await brand.buy(recommendation="CANCEL", assessments=[{"level": "HIGH"}])
    await brand.buy(financial_status="AUTHORIZED")
    brand.suppliers["c"].stock["CC3"] = 0
    await brand.buy("CUFF-03")
    await brand.buy("UNKNOWN-1")
    brand.suppliers["b"].lose_next_answer("/purchase-orders")
    await brand.buy("RING-02")
    await brand.buy()
    await brand.ships(FIRST)
    await brand.floor.deliver("shop-1", brand.shop.sign(b"{", "orders/paid"))
    await brand.pass_by(hours=2)
    cases = await brand.floor.open_cases()
    assert {case["kind"] for case in cases} >= {
        "address", "fraud-review", "out-of-stock", "no-supplier", "effect-in-doubt", "delivery-unreadable",
    }  # fmt: skip
    assert [case["kind"] for case in cases if not case["owner"] or case["due_at"] is None] == []
    resting = await brand.floor.rows(
        """select r.flow, t.node, t.state, coalesce(t.due_at, c.due_at) as until from tokens t
           join runs r on r.id = t.run_id left join cases c on c.id = t.case_id where r.ended_at is null"""
    )
    assert {row["state"] for row in resting} >= {"waiting", "held"}
    children = [row for row in resting if row["until"] is None and row["state"] != "joining"]
    assert children == []
