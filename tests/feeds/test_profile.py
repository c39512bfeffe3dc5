"""With a profile that a merchant has confirmed nothing is guessed: a file fits it, or none of it is taken."""

from decimal import Decimal

import pytest

from hub.fulfilment.feeds.facts import Answer, Article, Dispatch
from hub.fulfilment.feeds.faults import DoesNotFit
from hub.fulfilment.feeds.profile import Column, Profile
from hub.fulfilment.feeds.reading import read
from hub.fulfilment.feeds.sniffing import sniff
from tests.feeds.feed import Feed, corpus

STOCK = Profile(
    kind="stock",
    delimiter=";",
    decimal_mark=",",
    currency="EUR",
    columns=(
        Column(name="Artikel", meaning="sku"),
        Column(name="Bestand", meaning="stock"),
        Column(name="Preis", meaning="price"),
    ),
    stock_words={"auf Lager": 3},
)


def articles(text: str, profile: Profile = STOCK) -> list[Article]:
    return [fact for fact in read(text.encode(profile.encoding), profile).facts if isinstance(fact, Article)]


def test_a_file_that_fits_is_read() -> None:
    found = articles("Artikel;Bestand;Preis\n001;5;1.250,50\n002;Auf Lager;2,00 €\n003;>50;3,00\n")
    assert [(one.sku, one.available, one.is_exact, one.cost, one.currency) for one in found] == [
        ("001", 5, True, Decimal("1250.50"), "EUR"),
        ("002", 3, False, Decimal("2.00"), "EUR"),
        ("003", 50, False, Decimal("3.00"), "EUR"),
    ]


def test_columns_may_change_places_and_others_may_come_and_titles_may_stand_above() -> None:
    found = articles("Stand 3. April\n\nNeu;Preis;Artikel;Bestand\nx;1,50;001;5\n")
    assert [(one.line, one.sku, one.available, one.cost) for one in found] == [(4, "001", 5, Decimal("1.50"))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Artikel;Menge;Preis\n001;5;1,50\n", "Line 1 is the header, but these columns are missing in it: 'Bestand'"),
        ("Artikel,Bestand,Preis\n001,5,1.50\n", "None of the first 60 rows is the header"),
        ("001;5;1,50\n002;6;1,50\n", "None of the first 60 rows is the header"),
        ("Artikel;Bestand;Preis\n001;5;1.50\n002;6;2.50\n", "2 of 2 rows do not fit the profile, the first on line 2"),
        ("Artikel;Bestand;Preis\n001;5;1,50 USD\n002;6;2,50 USD\n", "in EUR and in USD at once"),
        ("Artikel;Bestand;Preis\n001;lieferbar;1,50\n", "how many 'lieferbar' stands for is not known"),
        ("", "None of the first 60 rows is the header"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused_whole_with_where_and_what(text: str, said: str) -> None:
    with pytest.raises(DoesNotFit, match=said.replace("(", r"\(")):
        articles(text)


def test_a_file_in_another_encoding_is_refused_by_its_header() -> None:
    profile = STOCK.model_copy(update={"columns": (*STOCK.columns, Column(name="Größe", meaning="variant"))})
    data = "Artikel;Bestand;Preis;Größe\n001;5;1,50;M\n".encode("cp1252")
    with pytest.raises(DoesNotFit, match="'Größe'"):
        read(data, profile)


def test_a_word_that_was_not_confirmed_is_a_bad_row_though_everybody_knows_it() -> None:
    text = "Artikel;Bestand;Preis\n001;5;1,50\n002;ausverkauft;1,50\n003;7;1,50\n"
    found = read(text.encode(), STOCK)
    assert [(row.line, row.reason) for row in found.rejected] == [
        (3, "Bestand: how many 'ausverkauft' stands for is not known.")
    ]


def test_a_file_without_a_header_must_have_its_columns() -> None:
    profile = STOCK.model_copy(update={"has_header": False, "skip_lines": 1})
    assert [one.sku for one in articles("any title\n001;5;1,50\n", profile)] == ["001"]
    with pytest.raises(DoesNotFit, match="It has 4 cells where 3 are expected"):
        articles("any title\n001;x;5;1,50\n", profile)


def test_two_columns_of_one_name_keep_their_places() -> None:
    columns = (Column(name="sku", meaning="sku"), Column(name="price"), Column(name="price", meaning="price"))
    profile = Profile(kind="stock", columns=columns, decimal_mark=".")
    assert [one.cost for one in articles("sku,price,price\nA1,1.50,2.50\n", profile)] == [Decimal("2.50")]


def test_places_that_each_have_stock_are_added_up() -> None:
    columns = (
        Column(name="sku", meaning="sku"),
        Column(name="NJ", meaning="stock"),
        Column(name="CA", meaning="stock"),
    )
    profile = Profile(kind="stock", columns=columns)
    assert [(one.available, one.is_exact) for one in articles("sku,NJ,CA\nA1,5,>6\n", profile)] == [
        (11, False)
    ]


@pytest.mark.parametrize("feed", corpus(), ids=lambda feed: feed.name)
def test_a_proposal_survives_being_written_down(feed: Feed) -> None:
    proposal = sniff(feed.data).profile
    assert Profile.from_yaml(proposal.as_yaml()) == proposal


def test_mistakes_in_a_profile_are_told_all_at_once() -> None:
    with pytest.raises(DoesNotFit, match=r"encoding: .*; columns\.0\.meaning: "):
        Profile.from_yaml("encoding: klingon\ncolumns: [{name: a, meaning: b}]")
    with pytest.raises(DoesNotFit, match="not YAML"):
        Profile.from_yaml("a: [")


def test_what_an_answer_and_a_parcel_say() -> None:
    answers = b"po,so,item,confirmed,response,reason\nP1,S1,A1,5,Accepted,\nP1,S1,A2,0,Rejected,no stock\n"
    found = read(answers, sniff(answers).profile, is_proposal=True).facts
    assert found == [
        Answer(2, "P1", "S1", "A1", "", "accepted", 5, None, "", ""),
        Answer(3, "P1", "S1", "A2", "", "rejected", 0, None, "", "no stock"),
    ]
    parcels = b"po,tracking,carrier\n" + b'P1,"1Z999AA10123456784, 1Z999AA10123456785",UPS\n' * 2
    assert read(parcels, sniff(parcels).profile, is_proposal=True).facts == [
        Dispatch(2, "P1", "", ("1Z999AA10123456784", "1Z999AA10123456785"), "UPS")
    ]
