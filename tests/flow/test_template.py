"""Templates: whole expressions keep their type, mixed texts are joined, spans are read."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from hub.flow.evaluation import ExpressionFailed
from hub.flow.expression import compile_template
from hub.flow.expression_parser import BadExpression
from hub.flow.span import BadSpan, Span, parse_span, read_span

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMES: dict[str, Any] = {
    "price": Decimal("10.50"), "small": Decimal("1E-7"), "paid": True, "nothing": None, "items": ["a"],
    "total": {"amount": Decimal("3.10"), "currency": "EUR"}, "word": "so",
}  # fmt: skip


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("${price}", Decimal("10.50")),
        ("${items}", ["a"]),
        ("${nothing}", None),
        ("${paid}", True),
        ("costs ${price}", "costs 10.50"),
        ("${small}!", "0.0000001!"),
        ("${word}-${paid}-${now}", "so-true-2026-03-01T12:00:00+00:00"),
        ("${total} in all", "3.10 EUR in all"),
        ("$${price} is how it is written", "${price} is how it is written"),
        ("a $ b } c { d", "a $ b } c { d"),
        ("${'}'}", "}"),
        ("", ""),
        ({"a": ["${word}", {"b": "x"}], "c": "${price}"}, {"a": ["so", {"b": "x"}], "c": Decimal("10.50")}),
        ({"a": ["x", "01234"]}, {"a": ["x", "01234"]}),
        (None, None),
    ],
)
def test_a_template_is_filled_in(template: Any, expected: Any) -> None:
    assert compile_template(template).render(NAMES, NOW) == expected


@pytest.mark.parametrize("template", ["a ${nothing}", "a ${items}", "a ${nobody}"])
def test_what_has_no_words_cannot_stand_inside_a_text(template: str) -> None:
    with pytest.raises(ExpressionFailed):
        compile_template(template).render(NAMES, NOW)


def test_a_mistake_in_a_template_is_found_at_its_column() -> None:
    with pytest.raises(BadExpression) as refusal:
        compile_template({"a": ["number ${order.} is"]})
    with pytest.raises(BadExpression, match="no closing"):
        compile_template("number ${order.number")

    assert refusal.value.at == len("number ${order.")


def test_a_template_without_holes_is_known_to_be_constant() -> None:
    assert compile_template({"a": ["x"]}).is_constant
    assert not compile_template({"a": ["${x}"]}).is_constant


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("3 days", timedelta(days=3)), ("24 hours", timedelta(days=1)), ("90 minutes", timedelta(minutes=90)),
        ("30 s", timedelta(seconds=30)), ("1 day", timedelta(days=1)), ("400 days", timedelta(days=400)),
        ("2 weeks", timedelta(days=14)), ("5 min", timedelta(minutes=5)),
    ],
)  # fmt: skip
def test_spans_are_read_as_people_write_them(text: str, length: timedelta) -> None:
    assert parse_span(text) == length


@pytest.mark.parametrize(
    "text", ["", "days", "3", "3 fortnights", "-1 day", "401 days", "1.5 days", "9999999999 s"]
)
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(BadSpan):
        read_span(text)


def test_working_time_is_kept_apart_from_plain_time() -> None:
    assert read_span("4 working hours") == Span(4, "hour", working=True)
    assert read_span("2 working days") == Span(2, "day", working=True)
    with pytest.raises(BadSpan, match="Working time"):
        parse_span("2 working days")
    with pytest.raises(BadSpan):
        read_span("2 working minutes")
