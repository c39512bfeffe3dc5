"""Mails read one after the other by a process that is loaded: as fast as that allows, and as safe as before."""

from collections.abc import Iterator

import pytest

from hub.fulfilment.mails import warm
from hub.fulfilment.mails.apart import read_apart
from hub.fulfilment.mails.references import Known
from hub.fulfilment.mails.trust import Gate
from hub.fulfilment.mails.warm import WarmReader
from tests.mails.letters import UPS, letter

MAIL = letter(f"Order 8492 has shipped with UPS, tracking number {UPS}", headers="To: a@shop.example\n")


@pytest.fixture
def reader() -> Iterator[WarmReader]:
    opened = WarmReader()
    yield opened
    opened.close()


def test_it_reads_as_a_process_for_each_mail_does(reader: WarmReader) -> None:
    known, gate = Known(references=["8492"]), Gate("mx.shop.example", ("sun.example",))
    found = [reader.read(MAIL, known, gate) for _ in range(3)]
    assert found == [read_apart(MAIL, known, gate)] * 3
    assert found[0].order_references == ["8492"]


def test_a_reader_that_was_killed_is_started_again(reader: WarmReader) -> None:
    first = reader.read(MAIL)
    assert reader._process is not None
    reader._process.kill()
    assert reader.read(MAIL) == first


def test_a_mail_that_breaks_its_reader_is_a_question_and_the_next_is_read(
    reader: WarmReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "job", lambda raw, known, gate: b"no job at all")
    assert reader.read(MAIL).form == "unread"
    monkeypatch.undo()
    assert reader.read(MAIL).kind == "shipped"


def test_a_mail_beyond_all_bounds_is_not_even_handed_over(reader: WarmReader) -> None:
    assert reader.read(b"x" * (26 * 1024 * 1024)).form == "unread"
    assert reader._process is None
