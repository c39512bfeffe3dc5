"""Which waiting runs may go on in a newer version of their flow."""

import pytest

from hub.flow.migration import where_to
from tests.flow.writing import HEAD, compiled

OLD = """
- step: follow
  repeat_until: order.quantity > 1
  at_most: 5
  steps:
    - step: paid
      wait:
        event: shop.order_paid
        match:
          number: ${order.number}
        timeout: 2 days
- step: ask
  hold:
    case: look
    title: Look
    choices:
      ok: Fine
- step: note
  do: shop.add_note
  with:
    number: ${order.number}
    text: Done
"""


def test_nothing_changed_means_everybody_stays() -> None:
    graph = compiled(OLD)

    assert [where_to(graph, graph, node) for node in graph.nodes] == list(graph.nodes)


@pytest.mark.parametrize(
    ("node", "before", "after"),
    [
        ("paid", "timeout: 2 days", "timeout: 9 days"),
        ("paid", "at_most: 5", "at_most: 9"),
        ("ask", "title: Look", "title: Please look"),
        ("note", "text: Done", "text: Done at last"),
        ("note", "- step: note", "- step: more\n  set:\n    x: y\n- step: note"),
    ],
)
def test_a_changed_value_moves_the_run_along(node: str, before: str, after: str) -> None:
    assert where_to(compiled(OLD), compiled(OLD.replace(before, after)), node) == node


@pytest.mark.parametrize(
    ("node", "before", "after"),
    [
        ("paid", "shop.order_paid", "shop.order_placed"),
        ("paid", "- step: follow", "- step: watch"),
        ("paid", "- step: paid", "- step: money"),
        ("ask", "case: look", "case: stare"),
        ("ask", "ok: Fine", "okay: Fine"),
        ("note", "do: shop.add_note", "do: shop.cancel_order"),
        ("note", "  do: shop.add_note\n  with:\n    number: ${order.number}\n    text: Done", "  stop: Done"),
    ],
)
def test_a_step_that_now_does_something_else_needs_a_person(node: str, before: str, after: str) -> None:
    changed = OLD.replace(before, after)
    if "cancel_order" in after:
        changed = changed.replace("text: Done", "reason: Done")

    assert changed != OLD
    assert where_to(compiled(OLD), compiled(changed), node) is None


def test_a_role_bound_to_another_kind_of_connection_needs_a_person() -> None:
    old = "- step: track\n  do: carrier.get_tracking\n  with:\n    tracking_number: ${order.number}"
    head = HEAD.replace("uses:", "uses:\n  carrier: dhl")
    many = HEAD.replace("uses:", "uses:\n  carrier:\n    connector: dhl\n    many: true")

    assert where_to(compiled(old, head), compiled(old + "\n  on: dhl-1", many), "track") is None


def test_an_unknown_node_leads_nowhere() -> None:
    graph = compiled(OLD)

    assert where_to(graph, graph, "nobody") is None
