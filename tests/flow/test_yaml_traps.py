"""YAML's traps: Norway, postcodes, `on:`, tags that swallow conditions, bombs."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from hub.flow.expression import compile_template
from hub.flow.graph import Assign
from tests.flow.writing import checked, compiled, flow, mistakes


def test_norway_postcodes_and_times_stay_what_was_written() -> None:
    graph = compiled("""
        - step: traps
          set:
            country: NO
            postcode: 01234
            at: 17:00
            version: 1.10
            answer: yes
            on: off
        """)

    node = graph.nodes["traps"]
    assert isinstance(node, Assign)
    assert node.values == {
        "country": "NO", "postcode": "01234", "at": "17:00", "version": "1.10", "answer": "yes", "on": "off"
    }  # fmt: skip


def test_a_number_is_written_as_an_expression_and_stays_exact() -> None:
    graph = compiled("- step: sum\n  set:\n    x: ${0.1 + 0.2}")

    node = graph.nodes["sum"]
    assert isinstance(node, Assign)
    found = compile_template(node.values).render({}, datetime(2026, 1, 1, tzinfo=UTC))
    assert found == {"x": Decimal("0.3")}


def test_an_exclamation_mark_does_not_make_a_condition_vanish() -> None:
    told = mistakes("- step: a\n  if: !order.paid\n  then:\n    - step: b\n      stop: x")

    assert "Tags" in told
    assert "`not`" in told


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ("- step: a\n  set: &x\n    b: c", "Anchors"),
        ("- step: a\n  set: *x", "Aliases"),
        ("- step: a\n  set:\n    b: 1\n    b: 2", "given twice"),
        ("- step: a\n  stop: [", "not YAML"),
        ("- step: a\n  stop: " + "[" * 40 + "]" * 40, "deeper than 32"),
    ],
)
def test_what_can_hide_in_yaml_is_refused(steps: str, says: str) -> None:
    assert says in mistakes(steps)


def test_a_file_that_is_no_flow_is_told_so() -> None:
    for text in ("", "just words", "- a\n- b", "a: " + "x" * 300_000):
        found = checked(text)
        assert found.graph is None
        assert found.errors


def test_a_constant_is_read_by_the_fields_own_type() -> None:
    good = "- step: a\n  do: shop.add_note\n  with:\n    number: 01234\n    text: NO"

    assert checked(flow(good)).errors == []
