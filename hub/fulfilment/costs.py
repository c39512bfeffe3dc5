"""What a mistake costs, by what the store says that its parts cost. Pure."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from hub.fulfilment.root_causes import ADDRESS, OUT_OF_STOCK, STALLED
from hub.sdk.commerce import Money, Record

Amount = Annotated[Decimal, Field(ge=0)]
Share = Annotated[Decimal, Field(ge=0, le=1)]
Percentage = Annotated[Decimal, Field(ge=0, le=100)]

PARTS: dict[str, tuple[str, ...]] = {
    ADDRESS: ("initial_shipping", "return_processing", "reshipping", "churn"),
    STALLED: ("initial_shipping", "reshipping", "churn"),
    OUT_OF_STOCK: ("churn",),
}
"""Root cause to what is paid in vain where the exception is not solved. Of others nobody has said."""

IN_VAIN = ("initial_shipping", "return_processing", "reshipping")
"""What a parcel to a wrong address costs, whether or not its customer comes back."""

TICKET_USD = (Decimal(5), Decimal(22))
"""What a person's answer to an enquiry is said to cost, least and most, where a store that sells in dollars does not
say."""


class Costs(Record):
    """What things cost a store, in its own `currency`; what is left out is unknown.

    `initial_shipping`, `return_processing` and `reshipping` are for one parcel. `churn` is the share of customers lost
    by an exception that is not solved, `lifetime_value` what one of them would have brought. `enquiry_least` and
    `enquiry_most` are for one ticket that a person answers; `minutes_per_case`: so long a person takes for one case.
    """

    initial_shipping: Amount | None = None
    return_processing: Amount | None = None
    reshipping: Amount | None = None
    churn: Share | None = None
    lifetime_value: Amount | None = None
    enquiry_least: Amount | None = None
    enquiry_most: Amount | None = None
    minutes_per_case: Amount | None = None


class CostAtRisk(Record):
    """What an exception costs if it is not solved: the total and its parts."""

    total: Decimal
    currency: str
    parts: dict[str, Decimal]


def at_risk(cause: str, costs: Costs, currency: str) -> CostAtRisk | None:
    """What an exception of a root cause puts at risk; None where the store has not said what all of it costs."""
    return _sum_of(PARTS.get(cause, ()), costs, currency)


def in_vain(costs: Costs, currency: str) -> Money | None:
    """What each parcel to a wrong address would have cost."""
    found = _sum_of(IN_VAIN, costs, currency)
    return Money(amount=found.total, currency=currency) if found else None


def of_a_ticket(costs: Costs, currency: str) -> tuple[Money, Money] | None:
    """What one ticket costs that a person answers, least and most."""
    least, most = costs.enquiry_least, costs.enquiry_most
    if least is None and most is None and currency == "USD":
        least, most = TICKET_USD
    if least is None or most is None or not currency:
        return None
    return Money(amount=least, currency=currency), Money(amount=most, currency=currency)


def times(many: int, money: Money) -> Money:
    """So many times an amount."""
    return Money(amount=money.amount * many, currency=money.currency)


def _sum_of(names: tuple[str, ...], costs: Costs, currency: str) -> CostAtRisk | None:
    parts = {name: _part(name, costs) for name in names}
    known = {name: amount for name, amount in parts.items() if amount is not None}
    if not parts or len(known) < len(parts) or not currency:
        return None
    return CostAtRisk(total=sum(known.values(), Decimal(0)), currency=currency, parts=known)


def _part(name: str, costs: Costs) -> Decimal | None:
    if name != "churn":
        found: Decimal | None = getattr(costs, name)
        return found
    if costs.churn is None or costs.lifetime_value is None:
        return None
    return (costs.churn * costs.lifetime_value).quantize(Decimal("0.01"))
