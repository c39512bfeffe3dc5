"""The two flows that the format was designed on check clean, and their graphs are what was meant."""

from pathlib import Path

import pytest

from hub.flow.drawing import as_mermaid, as_text
from hub.flow.graph import (
    Act,
    Branch,
    Each,
    Fork,
    Graph,
    Hold,
    Join,
    Loop,
    Trigger,
    Wait,
    edges,
    from_json,
    to_json,
)
from tests.flow.writing import checked

FLOWS = ("order_intake", "tracking_watch")


def graph_of(name: str) -> Graph:
    found = checked(Path(__file__).with_name(f"{name}.yaml").read_text())
    assert found.problems == []
    assert found.graph is not None
    return found.graph


@pytest.mark.parametrize("name", FLOWS)
def test_the_flow_checks_clean_and_survives_being_stored(name: str) -> None:
    graph = graph_of(name)

    assert from_json(to_json(graph)) == graph
    assert to_json(from_json(to_json(graph))) == to_json(graph)


@pytest.mark.parametrize("name", FLOWS)
def test_every_edge_leads_to_a_node(name: str) -> None:
    graph = graph_of(name)

    led_to = {edge for node in graph.nodes.values() for _, edge in edges(node)}

    assert led_to - {None} <= set(graph.nodes)
    assert set(graph.nodes) - led_to == {graph.start}


def test_tracking_goes_round_until_the_parcel_has_arrived() -> None:
    lines = {line.split()[0]: line.split()[1:] for line in as_text(graph_of("tracking_watch")).splitlines()}

    assert lines["follow"] == ["loop", "again", "->", "news", "done", "->", "keep-promise"]
    assert lines["news"] == ["wait", "done", "->", "note-status", "timeout", "->", "ask-carrier"]
    assert lines["ask-carrier"] == ["act", "done", "->", "note-status"]
    assert lines["gone-quiet"] == ["branch", "0", "->", "lost", "otherwise", "->", "follow"]
    assert lines["lost"] == ["hold", "resolved", "->", "decided"]
    assert lines["patience"] == ["wait", "done", "->", "follow"]
    assert lines["tell-shop"] == ["act", "done", "->", "end"]


def test_order_intake_buys_each_purchase_once_it_was_claimed() -> None:
    graph = graph_of("order_intake")

    assert graph.trigger == Trigger("shop", "order_placed", "${event.number}")
    assert graph.roles["supplier"].many
    assert graph.nodes["buy"] == Each("buy", "decision.purchases", "purchase", "claim", "tell")
    send = graph.nodes["send"]
    assert isinstance(send, Act)
    assert (send.on, send.next, send.refusals) == (
        "purchase.supplier",
        "buy",
        {"out-of-stock": "solve-stock"},
    )
    assert graph.nodes["tell"] == Fork("tell", {"customer": "confirm", "shop": "note"}, "tell.join")
    assert graph.nodes["tell.join"] == Join("tell.join", "tell", None)


def test_words_become_expressions_where_the_engine_wants_them() -> None:
    intake, tracking = graph_of("order_intake"), graph_of("tracking_watch")

    payment, lost = intake.nodes["payment"], tracking.nodes["lost"]
    assert isinstance(payment, Wait)
    assert payment.timeout == 'duration("3 days")'
    assert payment.match == {"number": "${order.number}"}
    assert payment.on_timeout == "cancel-unpaid"
    assert isinstance(lost, Hold)
    assert (lost.due, lost.save_as, list(lost.choices)) == (
        "1 working day",
        "lost",
        ["wait", "claim", "resend"],
    )
    assert tracking.clocks["deliver-by"].warn == "12 hours"
    assert intake.clocks["ship-by"].due == "2 working days"
    follow, unpaid = tracking.nodes["follow"], intake.nodes["wait-for-payment"]
    assert isinstance(follow, Loop)
    assert follow.at_most == 60
    assert isinstance(unpaid, Branch)
    assert unpaid.cases == [('order.payment != "paid"', "payment")]


@pytest.mark.parametrize("name", FLOWS)
def test_a_drawing_shows_every_node_and_breaks_no_quotes(name: str) -> None:
    graph = graph_of(name)

    drawn = as_mermaid(graph)

    for number, identity in enumerate(graph.nodes):
        shown = (
            line for line in drawn.splitlines() if line.startswith(f"    n{number}") and "-->" not in line
        )
        assert f'"{identity}' in next(shown)
    assert all(line.count('"') in (0, 2) for line in drawn.splitlines())
