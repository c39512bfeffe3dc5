"""Filter, rule by rule."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from hub.fulfilment.decision import AboutOrder
from hub.fulfilment.orders import judge_address, screen_order
from hub.fulfilment.policies import Policies
from hub.fulfilment.screening import screen
from hub.sdk.commerce import AddressVerdict, Money, Risk
from tests.fulfilment.trade import MONDAY, NEW_YORK, Trade, line, order, usd

DEFAULTS = Policies()


def holds(policies: Policies = DEFAULTS, **changes: Any) -> list[str]:
    return [hold.code for hold in screen(order(**changes), policies).holds]


def test_a_paid_order_with_a_full_address_passes() -> None:
    screening = screen(order(), DEFAULTS)
    assert (screening.verdict, [x.sku for x in screening.lines]) == ("pass", ["NECK-01"])


@pytest.mark.parametrize("payment", ["pending", "authorised", "partly_paid", "voided", "expired", "refunded"])
def test_an_unpaid_order_is_held_and_passes_once_it_is_paid(payment: str) -> None:
    assert holds(payment=payment) == ["payment"]
    assert holds(payment="paid") == []


def test_a_partial_refund_leaves_the_rest_to_be_shipped() -> None:
    screening = screen(
        order(payment="partly_refunded", lines=[line(), line("RING-02", quantity=0)]), DEFAULTS
    )
    assert (screening.verdict, [x.sku for x in screening.lines]) == ("pass", ["NECK-01"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"cancelled_at": MONDAY}, "cancelled"),
        ({"is_test": True}, "test-order"),
        ({"ship_to": None}, "address-missing"),
        ({"ship_to": NEW_YORK.model_copy(update={"postcode": " "})}, "address-incomplete"),
        ({"lines": [line(quantity=0), line("RING-02")]}, "quantity"),
        ({"lines": [line(quantity=-1)]}, "quantity"),
        ({"lines": [line(is_gift_card=True)]}, "nothing-to-ship"),
        ({"lines": [line(needs_shipping=False)], "ship_to": None}, "nothing-to-ship"),
        ({"risk": Risk(advice="cancel")}, "fraud"),
        ({"risk": Risk(advice="investigate")}, "fraud"),
        ({"risk": Risk(level="high")}, "fraud"),
        ({"risk": Risk(score=Decimal("0.82"))}, "fraud"),
        ({"risk": Risk(advice="pending")}, "risk-pending"),
        ({"risk": Risk(level="pending")}, "risk-pending"),
    ],
)
def test_what_is_held(changes: dict[str, Any], code: str) -> None:
    assert holds(**changes) == [code]


@pytest.mark.row("S1-119")
def test_a_score_at_the_threshold_passes_and_one_above_it_does_not() -> None:
    assert DEFAULTS.fraud_score_threshold == Decimal("0.75")
    assert holds(risk=Risk(score=Decimal("0.75"))) == []
    assert holds(risk=Risk(score=Decimal("0.7501"))) == ["fraud"]


@pytest.mark.parametrize(
    ("level", "threshold", "verdict"),
    [
        ("high", "0.75", ["fraud"]),
        ("high", "0.82", []),
        ("medium", "0.75", []),
        ("medium", "0.39", ["fraud"]),
        ("low", "0", []),
    ],
)
def test_where_a_channel_gives_levels_only_the_store_says_what_score_each_counts_as(
    level: Any, threshold: str, verdict: list[str]
) -> None:
    policies = Policies.model_validate(
        {"fraud_score_threshold": threshold, "risk_scores": {"high": "0.82", "medium": "0.4"}}
    )
    assert holds(policies, risk=Risk(level=level)) == verdict
    assert holds(policies, risk=Risk(level=level, advice="cancel")) == ["fraud"], "advice counts all the same"
    own = Risk(level=level, score=Decimal("0.99"))
    assert holds(policies, risk=own) == ["fraud"], "the channel's own score is not replaced"


@pytest.mark.parametrize("wrong", [{"high": "1.01"}, {"grave": "0.9"}, {"high": "-0.1"}])
def test_a_score_that_is_no_likelihood_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="risk_scores"):
        Policies.model_validate({"risk_scores": wrong})


def test_what_is_not_held() -> None:
    assert holds(risk=Risk(level="medium", score=Decimal("0.7499"), advice="accept")) == []
    assert holds(ship_to=NEW_YORK.model_copy(update={"country": "HK", "postcode": ""})) == []


def test_a_gift_card_beside_goods_is_left_out() -> None:
    screening = screen(order(lines=[line("GIFT", is_gift_card=True), line()]), DEFAULTS)
    assert (screening.verdict, [x.sku for x in screening.lines]) == ("pass", ["NECK-01"])


def test_every_hold_is_found_at_once_and_says_what_would_have_gone_wrong() -> None:
    screening = screen(
        order(payment="pending", ship_to=None, risk=Risk(level="high"), is_test=True), DEFAULTS
    )
    assert {h.code for h in screening.holds} == {"payment", "address-missing", "fraud", "test-order"}
    assert all(h.risk and h.reason for h in screening.holds)
    assert "Undeliverable" in next(h.risk for h in screening.holds if h.code == "address-missing")


@pytest.mark.row("S2-028", "S2-089")
async def test_the_value_at_which_a_person_looks_first_works_in_both_directions(trade: Trade) -> None:
    async def verdict(total: int) -> list[str]:
        screening = await trade.ask(screen_order, AboutOrder(order=order(total=usd(total))))
        return [h.code for h in screening.holds]

    trade.policies = Policies(review_value=usd(200))
    assert (await verdict(250), await verdict(200), await verdict(150)) == (
        ["fraud-review"],
        ["fraud-review"],
        [],
    )
    trade.policies = Policies(review_value=usd(200), review_when="below")
    assert (await verdict(250), await verdict(200), await verdict(150)) == ([], [], ["fraud-review"])
    trade.policies = Policies(review_value=usd(500))
    assert await verdict(1200) == ["fraud-review"]


def test_a_value_in_another_currency_is_never_compared() -> None:
    euros = Money(amount=Decimal(1), currency="EUR")
    assert holds(Policies(review_value=usd(200)), total=euros) == ["fraud-review"]


@pytest.mark.row("S1-026")
async def test_an_undeliverable_address_is_held(trade: Trade) -> None:
    await trade.record(order())
    note = await trade.verify(order(), "undeliverable")
    assert (note.ok, note.code) == (False, "address")
    assert "Undeliverable" in note.risk


async def test_a_missing_apartment_is_named(trade: Trade) -> None:
    await trade.record(order())
    note = await trade.verify(order(), "missing_secondary")
    assert not note.ok
    assert "missing apartment/unit" in note.reason


@pytest.mark.parametrize("code", ["deliverable", "corrected", "unverifiable"])
def test_an_address_that_reaches_somebody_or_cannot_be_told_passes(code: Any) -> None:
    assert judge_address(AddressVerdict(verdict=code), DEFAULTS).ok


def test_a_store_may_hold_what_cannot_be_told() -> None:
    note = judge_address(AddressVerdict(verdict="unverifiable"), Policies(unverifiable="hold"))
    assert (note.ok, note.code) == (False, "unverifiable")


@pytest.mark.row("S2-088")
async def test_the_same_order_twice_within_minutes_is_flagged_and_not_cancelled(trade: Trade) -> None:
    soon, late = MONDAY + timedelta(minutes=3), MONDAY + timedelta(minutes=11)
    assert (await trade.record(order("#1001"))).twin_of is None
    second = await trade.record(order("#1002", created_at=soon))
    assert (second.twin_of, second.is_cancelled) == ("#1001", False)
    assert (await trade.record(order("#1002", created_at=soon))).twin_of == "#1001"
    assert (await trade.record(order("#1003", created_at=soon, lines=[line("RING-02")]))).twin_of is None
    trade.policies = Policies(twin_window=timedelta(minutes=7))
    assert (await trade.record(order("#1004", created_at=late))).twin_of is None


async def test_an_older_reading_does_not_replace_a_newer_one(trade: Trade) -> None:
    newer = order(updated_at=MONDAY + timedelta(minutes=1), payment="paid", total=usd(70))
    assert (await trade.record(newer)).is_new
    assert not (await trade.record(order(payment="pending"))).is_new
    assert await trade.value("select payment from orders where store_id = $1") == "paid"
    assert await trade.value("select total from orders where store_id = $1") == 70


async def test_what_is_kept_of_an_order_names_nobody(trade: Trade) -> None:
    await trade.sells(a=10)
    it = order(lines=[line(properties={"engraving": "for Ada"})], note="Ring twice")
    await trade.claim(it, await trade.ready(it))
    kept = ""
    for table in ("orders", "order_lines", "decisions", "purchases", "purchase_claims", "reservations"):
        kept += str(await trade.value(f"select json_agg(t)::text from {table} t where store_id = $1"))
    assert "NECK-01" in kept
    assert [
        word for word in ("Ada", "Main St", "10001-", "ada@example.com", "Ring twice") if word in kept
    ] == []
