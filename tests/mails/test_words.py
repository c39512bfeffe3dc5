"""The book of words is written as its reader needs it."""

import re
from importlib.resources import files

import pytest

from hub.fulfilment.mails.words import fold, longest, said, says

ROWS = [
    line.split("\t")
    for line in files("hub.fulfilment.mails").joinpath("words.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
PHRASES = [(row[0], row[1], one.strip()) for row in ROWS for one in row[2].split(";")]


def test_every_row_has_three_columns_and_no_phrase_is_empty() -> None:
    assert all(len(row) == 3 for row in ROWS)
    assert all(phrase for _, _, phrase in PHRASES)


def test_brackets_hold_one_word_and_no_label_has_an_alternative_of_one_letter() -> None:
    words = [(what, word) for what, _, phrase in PHRASES for word in phrase.split()]
    assert [
        w for _, w in words if w.startswith("(") != w.endswith(")") and not re.search(r"\([a-z]\)", w)
    ] == []
    labels = {"tracking", "order", "elsewhere", "reference", "shipment"}
    assert [
        w for what, w in words if what in labels and "/" in w and {len(p) for p in w.split("/")} & {0, 1}
    ] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Your order has now been shipped", "has now been shipped"),
        ("shipment preshipped", ""),
        ("wurde am Montag von uns versandt", "wurde am Montag von uns versandt"),
        ("已发货", "已发货"),
    ],
)
def test_a_phrase_is_found_whole(text: str, found: str) -> None:
    hits = longest(said(fold(text), "shipped"))
    assert [text[one.start : one.end] for one in hits] == ([found] if found else [])


def test_folding_keeps_every_sign_in_its_place() -> None:
    assert len(fold("\u0130stanbul STRASSE \u1e9e")) == len("\u0130stanbul STRASSE \u1e9e")
    assert says(fold("TRACKING NUMBER"), "tracking")
