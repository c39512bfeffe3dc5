"""Expressions written by somebody who means harm, or by a tired person at night."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.flow.evaluation import ExpressionFailed
from hub.flow.expression import compile_expression, compile_template
from hub.flow.expression_parser import BadExpression

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LONG: list[Any] = list(range(5000))


@pytest.mark.parametrize(
    "text",
    [
        "order.__class__", "order.__class__.__mro__", "__import__('os')", "open('/etc/passwd')", "exec('1')",
        "().__class__", "lambda: 1", "[x for x in order]", "{'a': 1}", "f'{order}'", "(x := 1)", "order = 1",
        "9 ** 9 ** 9", "1e999999", "0x10", "1_000", "1j", "...", "a if b else c", "order?.x", "!order", "a && b",
        "a | b", "1 < 2 < 3", "1; 2", "'open", "order.", ".order", "order[", "order]", "f(", "size()", "size(1, 2)",
        "has(1)", "has(size(order))", "order.map(1, 2)", "order.map(x)", "`order`", "$order", "order # so",
        "await order", "a is b", "a not b", "not", "and", "", "   ", "True", "None", "'\\x41'", "1.", "1.2.3",
        "duration('soon')", "duration('2 working days')", "moment('2026-01-01T00:00')", "duration('500 days')",
        "9" * 41, "a" * 2049, "(" * 33 + "a" + ")" * 33, "not " * 40 + "a", "-" * 600 + "1", "a" + ".b" * 40,
        "[" * 500, "1" + "+1" * 40, "size(" * 40 + "a" + ")" * 40, "\x00", "a\ud800", "'" + "é" * 1030 + "'",
    ],
)  # fmt: skip
def test_what_is_not_of_the_language_is_refused_before_it_runs(text: str) -> None:
    with pytest.raises(BadExpression):
        compile_expression(text)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("a && b", "`and`"), ("a || b", "`or`"), ("!a", "`not`"), ("a = 1", "`==`"), ("a ? b", "`if` step"),
        ("a < b < c", "`a < b and b < c`"), ("a == True", "`true`"), ("length(a)", "size"),
    ],
)  # fmt: skip
def test_habits_from_other_languages_are_answered_with_the_word_to_write(text: str, remedy: str) -> None:
    with pytest.raises(BadExpression) as refusal:
        compile_expression(text)

    assert remedy in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "big.all(a, big.all(b, big.all(c, true)))",
        "big.map(a, big.map(b, a * b))",
        "big.map(a, big + big)",
        "big.map(a, wide + wide)",
        "big.filter(a, big.exists(b, b == 4999))",
        "big + big + big",
        "wide + wide + wide",
    ],
)
def test_a_bomb_is_defused_quickly(text: str) -> None:
    began = time.process_time()

    with pytest.raises(ExpressionFailed):
        compile_expression(text).evaluate({"big": LONG, "wide": "x" * 60_000}, NOW)

    assert time.process_time() - began < 0.5


def test_numbers_stay_small_however_often_they_are_multiplied() -> None:
    text = " * ".join(["9" * 40] * 30)

    found = compile_expression(text).evaluate({}, NOW)

    assert len(found.as_tuple().digits) <= 50


def test_a_value_that_looks_like_a_template_is_not_evaluated_again() -> None:
    found = compile_template("Note: ${note}").render({"note": "${order.secret} {{ x }}"}, NOW)

    assert found == "Note: ${order.secret} {{ x }}"


def test_pythons_own_fields_of_values_are_out_of_reach() -> None:
    for text in ("order.items", "order.keys", "name.format", "now.year", "items.append"):
        with pytest.raises(ExpressionFailed):
            compile_expression(text).evaluate({"order": {"a": 1}, "name": "x", "items": [1]}, NOW)


@given(st.text(max_size=80))
def test_any_text_at_all_is_either_an_expression_or_refused(text: str) -> None:
    try:
        compiled = compile_expression(text)
    except BadExpression as refusal:
        assert 0 <= refusal.at <= len(text)
        return
    try:
        compiled.evaluate({"a": 1, "order": {"b": [1]}}, NOW)
    except ExpressionFailed:
        return


@given(st.lists(st.sampled_from(
    ["a", "order", ".", "b", "(", ")", "[", "]", "+", "-", "*", "/", "==", "<", "in", "not", "and", "or", "1", "0.5",
     "'x'", ",", "size", "has", "map", "all", "true", "null", "now", "duration", "'1 day'"]), max_size=14))  # fmt: skip
def test_any_row_of_words_is_either_evaluated_or_refused(words: list[str]) -> None:
    try:
        compile_expression(" ".join(words)).evaluate({"a": 1, "order": {"b": [1]}}, NOW)
    except (BadExpression, ExpressionFailed) as refusal:
        assert str(refusal)
