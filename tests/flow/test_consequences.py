"""What follows a choice is told before it is made, as certainly as the flow itself says."""

from importlib.resources import files

import pytest

from hub.assembly import catalog_of
from hub.flow.checker import check
from hub.flow.consequences import consequences, moves_money
from hub.flow.graph import Act, Emit, End, Graph, Hold


def graph_of(name: str) -> Graph:
    text = (files("flows") / "faros" / f"{name}.yaml").read_text()
    checked = check(text, name, catalog_of())
    assert checked.graph is not None
    return checked.graph


@pytest.fixture(scope="module")
def stalled() -> Graph:
    return graph_of("stalled")


def follow(graph: Graph, hold: str, choice: str) -> dict[str, bool]:
    node = graph.nodes[hold]
    assert isinstance(node, Hold)
    found = consequences(graph, node, choice)
    return {
        one.node.action if isinstance(one.node, Act) else one.node.id: one.is_certain for one in found
        if isinstance(one.node, (Act, Emit, End, Hold))
    }  # fmt: skip


def test_a_refund_is_certain_where_a_person_chose_it_and_nothing_is_sent_again(stalled: Graph) -> None:
    found = follow(stalled, "investigate", "refund")

    assert found["refund_order"] is True and found["tell-refund"] is True
    assert "reship" not in found and "buy-again" not in found


def test_a_replacement_is_certain_where_a_person_chose_it_and_no_money_goes_back(stalled: Graph) -> None:
    found = follow(stalled, "investigate", "replace")

    assert found["reship"] is True and found["buy-again"] is True
    assert "refund_order" not in found


def test_what_stock_decides_is_told_as_possible_both_ways(stalled: Graph) -> None:
    found = follow(stalled, "investigate", "lost")

    assert (found["reship"], found["refund_order"], found["ask"]) == (False, False, False)


def test_a_parcel_that_was_found_moves_no_money(stalled: Graph) -> None:
    hold = stalled.nodes["investigate"]
    assert isinstance(hold, Hold)
    money = {choice: moves_money(consequences(stalled, hold, choice)) for choice in hold.choices}

    assert money == {"replace": True, "refund": True, "lost": True, "found": False}
    assert follow(stalled, "investigate", "found")["found-again"] is True


def test_of_an_order_that_leaves_too_little_only_a_refund_moves_money_and_only_a_purchase_is_allowed() -> (
    None
):
    graph = graph_of("assign")
    hold = graph.nodes["small-margin"]
    assert isinstance(hold, Hold)
    money = {choice: moves_money(consequences(graph, hold, choice)) for choice in hold.choices}

    assert money == {"buy": False, "look-again": False, "by-hand": False, "refund": True}
    assert [c for c in hold.choices if "allow_margin" in follow(graph, "small-margin", c)] == ["buy"]


def test_an_address_that_is_rejected_ends_the_run_and_one_as_it_is_goes_on() -> None:
    graph = graph_of("filter")
    reject, as_is = follow(graph, "address", "reject"), follow(graph, "address", "as-is")

    assert reject["undeliverable"] is True and "pass-on" not in reject
    assert "undeliverable" not in as_is and "verify_address" not in as_is
    assert as_is["note_address"] is True and as_is["pass-on"] is False
    assert follow(graph, "address", "corrected")["verify_address"] is True


def test_every_choice_of_every_hold_of_the_pack_leads_somewhere() -> None:
    told = 0
    for path in sorted((files("flows") / "faros").iterdir(), key=lambda p: p.name):
        if not path.name.endswith(".yaml"):
            continue
        graph = graph_of(path.name.removesuffix(".yaml"))
        for node in graph.nodes.values():
            if not isinstance(node, Hold):
                continue
            for choice in node.choices:
                consequences(graph, node, choice)
                told += 1

    assert told > 60
