"""Hostile text is text: on a page, in a label, in an attribute, and it cannot climb over its neighbours."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.markup import LONGEST, Markup, join, label, shown, tag, with_code
from tests.dashboard.hostile import HOSTILE

TAG = re.compile(r"<(?!/?(?:p|span)\b)")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_tag_or_an_attribute(text: str) -> None:
    made = tag("p", tag("span", text, title=text), text)

    assert TAG.search(made) is None
    assert made.count("<") == 4
    assert re.fullmatch(r'<p><span title="[^"<>]*">[^<>]*</span>[^<>]*</p>', made, re.DOTALL)


@given(st.text(max_size=300))
def test_what_is_shown_can_be_read_back(text: str) -> None:
    assert html.unescape(join(text)) == shown(text)


def test_what_is_markup_already_stays_so() -> None:
    assert tag("p", tag("b", "a & b")) == "<p><b>a &amp; b</b></p>"
    assert isinstance(join("a", None, tag("i")), Markup)


def test_an_attribute_that_is_none_is_left_out() -> None:
    assert tag("p", "x", title=None, aria_label="a", class_="f") == '<p aria-label="a" class="f">x</p>'


def test_signs_that_turn_a_line_around_are_seen() -> None:
    assert shown("invoice\u202egpj.exe") == "invoice\N{REPLACEMENT CHARACTER}gpj.exe"


def test_marks_do_not_pile_up() -> None:
    assert len(shown("Z" + "\u0335" * 80)) == 4


def test_a_flood_has_an_end() -> None:
    assert len(shown("x" * 100_000)) == LONGEST + 1


@pytest.mark.parametrize("text", HOSTILE)
def test_a_label_has_nothing_that_markdown_or_streamlit_reads(text: str) -> None:
    made = label(text)

    assert "\n" not in made
    # Every sign that could mean something has a backslash before it, and no colon touches a word after it.
    left = re.sub(r"\\[!-/:-@\[-`{-~]", "", made)
    assert re.search(r"[!-/:-@\[-`{-~]", left) is None
    assert re.search(r":[A-Za-z]", made) is None


@given(st.text(max_size=100))
def test_a_label_keeps_its_words(text: str) -> None:
    plain = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", label(text))
    said = " ".join(shown(text).split())

    assert plain.replace("\N{WORD JOINER}", "") == said.replace("\N{WORD JOINER}", "")


@pytest.mark.parametrize("text", ["www.evil.example", "WWW.evil.example", "ada@brand.example"])
def test_an_address_in_a_label_leads_nowhere(text: str) -> None:
    assert re.search(r"www\\?\.|@\w", label(text), re.IGNORECASE) is None


def test_what_is_to_be_typed_stands_out_and_is_text_all_the_same() -> None:
    assert with_code("Is the flow `a<b` there?") == "Is the flow <code>a&lt;b</code> there?"
    assert with_code("one ` of them") == "one ` of them"
    assert with_code("none") == "none"
