"""Files nobody has seen before are understood, and what is not certain is asked and not guessed."""

import pytest

from hub.fulfilment.feeds.reading import read
from hub.fulfilment.feeds.sniffing import sniff
from tests.feeds.feed import Feed, corpus

OFTEN = {"is_full", "currency", "encoding"}
"""Asked wherever the file does not say; the corpus names them only where it matters."""


def test_the_corpus_is_large_enough() -> None:
    assert len(corpus()) >= 60
    assert len({feed.name for feed in corpus()}) == len(corpus())


@pytest.mark.parametrize("feed", corpus(), ids=lambda feed: feed.name)
def test_a_file_is_understood(feed: Feed) -> None:
    sniffed = sniff(feed.data)
    profile = sniffed.profile
    assert (profile.delimiter, profile.decimal_mark, profile.date_format) == (
        feed.delimiter,
        feed.mark,
        feed.dates,
    )
    assert (profile.kind, sniffed.header_line) == (feed.kind, feed.header)
    assert profile.currency == feed.currency
    meanings = [column.meaning or "-" for column in profile.columns]
    wanted = feed.meanings.split()
    assert meanings == [found if name == "." else name for found, name in zip(meanings, wanted, strict=True)]


@pytest.mark.parametrize(
    "feed", [f for f in corpus() if f.encoding != "iso8859-1"], ids=lambda feed: feed.name
)
def test_its_letters_are_read_as_they_were_written(feed: Feed) -> None:
    found = sniff(feed.data).profile.encoding
    assert feed.data.decode(found).removeprefix("\ufeff") == feed.text


@pytest.mark.parametrize("feed", corpus(), ids=lambda feed: feed.name)
def test_what_is_not_certain_is_asked_and_nothing_else(feed: Feed) -> None:
    asked = {question.about for question in sniff(feed.data).questions}
    assert asked - OFTEN == set(feed.asks) - OFTEN


@pytest.mark.parametrize("feed", corpus(), ids=lambda feed: feed.name)
def test_bad_rows_are_put_aside_with_their_line_and_the_rest_is_taken(feed: Feed) -> None:
    reading = read(feed.data, sniff(feed.data).profile, is_proposal=True)
    assert (reading.total, tuple(row.line for row in reading.rejected)) == (feed.rows, feed.rejected)
    assert all(row.reason.endswith(".") for row in reading.rejected)
