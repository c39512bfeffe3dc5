"""What a list says is not believed blindly: prices that jump and lists that have shrunk wait for a person."""

from decimal import Decimal

from hub.fulfilment.feeds.doubts import KnownCost, judge
from hub.fulfilment.feeds.facts import Article


def article(number: str, cost: str | None = None, currency: str = "EUR") -> Article:
    return Article(2, "", number, "", available=5, cost=Decimal(cost) if cost else None, currency=currency)


def known(**costs: str) -> dict[str, KnownCost | None]:
    return {number: KnownCost(Decimal(cost), "EUR") for number, cost in costs.items()}


def test_a_price_that_jumps_by_more_than_thirty_in_a_hundred_waits() -> None:
    listed = [
        article("a", "13.00"),
        article("b", "13.01"),
        article("c", "7.00"),
        article("d", "6.99"),
        article("e"),
    ]
    found = judge(listed, known(a="10", b="10", c="10", d="10", e="10"), is_full=False)
    assert [one.supplier_sku for one in found.clear] == ["a", "c", "e"]
    assert [(one.article.supplier_sku, one.reason) for one in found.held] == [
        ("b", "Its price went from 10 to 13.01 (+30 %)."),
        ("d", "Its price went from 10 to 6.99 (-30 %)."),
    ]


def test_a_price_in_another_currency_waits_and_one_seen_first_does_not() -> None:
    found = judge([article("a", "10", "USD"), article("new", "99")], known(a="10"), is_full=False)
    assert [one.reason for one in found.held] == ["Its price was in EUR and is now in USD."]
    assert [one.supplier_sku for one in found.clear] == ["new"]


def test_what_a_full_list_no_longer_has_is_gone_unless_it_is_too_much() -> None:
    before = known(a="1", b="1", c="1", d="1")
    three = judge([article(n) for n in "abc"], before, is_full=True)
    assert (three.missing, three.shrinkage) == (("d",), "")
    two = judge([article(n) for n in "ab"], before, is_full=True)
    assert two.shrinkage == "2 of 4 known articles are not in the list."
    assert judge([article("a")], before, is_full=False).missing == ()
