"""Filter: what speaks against forwarding an order now, and what would have gone wrong. Pure."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from hub.fulfilment.policies import Policies
from hub.sdk.commerce import Address, Order, OrderLine, Record, Risk

SETTLED_PAYMENTS = frozenset({"paid", "partly_refunded"})
"""A refund of one line leaves the others paid; the lines' quantities are what is still to be delivered."""

NO_POSTCODES = frozenset({"AE", "AO", "BO", "BS", "BW", "FJ", "GH", "HK", "JM", "MO", "PA", "QA", "UG", "ZW"})

HoldCode = Literal[
    "payment", "cancelled", "test-order", "address-missing", "address-incomplete", "quantity", "nothing-to-ship",
    "fraud", "fraud-review", "risk-pending",
]  # fmt: skip


class Hold(Record):
    """Why an order is not forwarded, and the damage that this avoids."""

    code: HoldCode
    reason: str
    risk: str


class Screening(Record):
    """Whether an order may go on, every hold there is, and the lines that need shipping."""

    verdict: Literal["pass", "hold"]
    holds: list[Hold]
    lines: list[OrderLine]


def screen(order: Order, policies: Policies) -> Screening:
    """Judge an order as it stands; all holds are found at once."""
    holds = [
        *_not_meant_to_ship(order),
        *_unpaid(order),
        *_lines(order),
        *_address(order),
        *_fraud(order, policies),
    ]
    return Screening(verdict="hold" if holds else "pass", holds=holds, lines=shippable(order))


def shippable(order: Order) -> list[OrderLine]:
    """The lines somebody must ship: no gift cards, nothing digital, nothing already taken back."""
    return [
        line for line in order.lines if line.quantity > 0 and line.needs_shipping and not line.is_gift_card
    ]


def is_paid(order: Order) -> bool:
    """Whether the money is there; authorised is not paid."""
    return order.payment in SETTLED_PAYMENTS


def address_gaps(address: Address) -> list[str]:
    """The parts without which no carrier delivers."""
    wanted = {"name": address.name or address.company, "street": address.line1, "city": address.city}
    if address.country not in NO_POSTCODES:
        wanted["postcode"] = address.postcode
    return [part for part, value in wanted.items() if not value.strip()]


def _not_meant_to_ship(order: Order) -> Iterator[Hold]:
    if order.cancelled_at is not None:
        yield Hold(
            code="cancelled", reason="The order was cancelled.", risk="Goods bought that nobody wants."
        )
    if order.is_test:
        yield Hold(code="test-order", reason="This is a test order.", risk="Goods bought for a test.")


def _unpaid(order: Order) -> Iterator[Hold]:
    if not is_paid(order):
        yield Hold(
            code="payment",
            reason=f"The payment is {order.payment}.",
            risk="Goods shipped and never paid for.",
        )


def _lines(order: Order) -> Iterator[Hold]:
    negative = [line for line in order.lines if line.quantity < 0]
    # A line refunded in full has quantity 0 by right; it is a mistake only while everything else is untouched.
    empty = [line for line in order.lines if line.quantity == 0 and order.payment == "paid"]
    if wrong := negative + empty:
        named = ", ".join(line.sku or line.id for line in wrong)
        yield Hold(
            code="quantity",
            reason=f"No positive quantity: {named}.",
            risk="The wrong number of goods bought.",
        )
    elif not shippable(order):
        yield Hold(code="nothing-to-ship", reason="No line needs shipping.", risk="An empty purchase order.")


def _address(order: Order) -> Iterator[Hold]:
    if not shippable(order):
        return
    if order.ship_to is None:
        yield Hold(
            code="address-missing",
            reason="There is no shipping address.",
            risk="Undeliverable: a lost parcel.",
        )
    elif gaps := address_gaps(order.ship_to):
        reason = f"The shipping address lacks {', '.join(gaps)}."
        yield Hold(
            code="address-incomplete", reason=reason, risk="Undeliverable: shipped, returned, shipped again."
        )


def _fraud(order: Order, policies: Policies) -> Iterator[Hold]:
    chargeback = "A chargeback: goods and money lost."
    risk = order.risk
    if risk.advice == "pending" or risk.level == "pending":
        yield Hold(code="risk-pending", reason="The fraud analysis is not finished.", risk=chargeback)
    reasons = []
    if risk.advice in ("investigate", "cancel"):
        reasons.append(f"the channel advises to {risk.advice}")
    if risk.level == "high" and "high" not in policies.risk_scores:
        reasons.append("the risk is high")
    score = _score(risk, policies)
    if score is not None and score > policies.fraud_score_threshold:
        reasons.append(f"the score {score} is above {policies.fraud_score_threshold}")
    if reasons:
        yield Hold(code="fraud", reason=f"Fraud analysis: {'; '.join(reasons)}.", risk=chargeback)
    if reason := _review(order, policies):
        yield Hold(code="fraud-review", reason=reason, risk=chargeback)


def _score(risk: Risk, policies: Policies) -> Decimal | None:
    """The channel's own score, or what the store takes the channel's level for; None where there is neither."""
    if risk.score is not None:
        return risk.score
    return next((score for level, score in policies.risk_scores.items() if level == risk.level), None)


def _review(order: Order, policies: Policies) -> str:
    limit, total = policies.review_value, order.total
    if limit is None:
        return ""
    if limit.currency != total.currency:
        return f"The value is in {total.currency}, the limit for review in {limit.currency}."
    if policies.review_when == "at_or_above" and total.amount >= limit.amount:
        return f"The value {total.amount} is at or above {limit.amount} {limit.currency}."
    if policies.review_when == "below" and total.amount < limit.amount:
        return f"The value {total.amount} is below {limit.amount} {limit.currency}."
    return ""
