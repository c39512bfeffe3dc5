"""Files made to hurt cost little time and memory, and whole files are refused rather than half understood."""

import random
import tracemalloc
from time import process_time

import pytest

from hub.fulfilment.feeds import reading, rows
from hub.fulfilment.feeds.faults import DoesNotFit, TooLarge
from hub.fulfilment.feeds.reading import read
from hub.fulfilment.feeds.rows import Dialect, rows_of
from hub.fulfilment.feeds.sniffing import sniff

SECONDS = 20
"""Of the processor, several times what any of these takes with its memory being traced."""

HOSTILE = {
    "a quote opened on each line": b"sku,stock\n" + b'a,"x\n' * 40_000,
    "quotes that swallow what follows": b"sku,stock\n" + (b'a,"x\n' + b"b,5\n" * 150) * 100,
    "doubled quotes that never close": b"sku,stock\n" + (b'a,"x""\n' + b'b,y""\n' * 150) * 100,
    "nothing but delimiters": (b"," * 900 + b"\n") * 2_000,
    "one figure of many groups": b"sku;price\n" + b"a;" + b"1'" * 200_000 + b"\n",
    "cells of spaces": b"sku;price\n" + (b"a;" + b" " * 50_000 + b"\n") * 20,
    "words and no figures": b"sku;stock\n" + b"".join(b"a%d;word%d\n" % (n, n) for n in range(30_000)),
    "one long line of letters": b"sku,stock\nA1,5\n" + b"a" * 900_000,
    "noise": random.Random(7).randbytes(100_000),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_read_or_refused_in_bounded_time_and_memory(data: bytes) -> None:
    began = process_time()
    tracemalloc.start()
    try:
        found = read(data, sniff(data).profile, is_proposal=True)
        assert len(found.rejected) <= reading.LISTED
        assert found.refused <= found.total
    except (DoesNotFit, TooLarge):
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert process_time() - began < SECONDS
    assert peak < 40 * len(data) + 20_000_000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\r\n",
        b"\xef\xbb\xbf",
        b"PK\x03\x04rest",
        b"%PDF-1.7",
        b"<html></html>",
        b'{"a": 1}',
        b"a" * 1_000_002,
    ],
    ids=["empty", "blank", "a mark alone", "excel", "pdf", "html", "json", "no lines"],
)
def test_what_is_no_list_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(DoesNotFit, match=r"\.$"):
        sniff(data)


def test_a_file_of_a_gigabyte_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MAX_BYTES", 100)
    with pytest.raises(TooLarge, match="at most 100 are read"):
        sniff(b"sku,stock\n" + b"A1,5\n" * 50)


def test_a_file_of_too_many_rows_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 10)
    data = b"sku,stock\n" + b"".join(b"A%d,5\n" % n for n in range(11))
    with pytest.raises(TooLarge, match="more than 10 rows"):
        read(data, sniff(data).profile, is_proposal=True)


def test_a_quote_opened_by_mistake_costs_its_own_line_and_no_other() -> None:
    data = b'A1,"Lamp\n' + b"A2,5\n" * 500
    found = list(rows_of(data, Dialect("utf-8", ",")))
    assert [row.line for row in found if row.fault] == [1]
    assert len(found) == 501


def test_a_row_knows_the_line_it_begins_on_whatever_stands_in_the_rows_before() -> None:
    data = b'A1,"two\nlines"\r\nA2,"three\r\nmore\rlines"\rA3,x\n'
    found = list(rows_of(data, Dialect("utf-8", ",")))
    assert [(row.line, row.cells) for row in found] == [
        (1, ("A1", "two\nlines")),
        (3, ("A2", "three\r\nmore\rlines")),
        (6, ("A3", "x")),
    ]
