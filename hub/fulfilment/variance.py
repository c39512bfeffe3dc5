"""What a supplier charges for a purchase, set against what it was expected to cost. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from hub.fulfilment.kits import parts_of
from hub.fulfilment.policies import CostTolerance
from hub.sdk.invoices import InvoiceLine

State = Literal[
    "as-expected", "within-tolerance", "charged-more", "charged-less", "partly-invoiced", "invoiced-twice", "not-owed",
    "other-currency", "cost-unknown",
]  # fmt: skip
"""`not-owed`: charged for what was given back, or was never sent. `partly-invoiced`: fewer units than were bought are
on invoices yet. `invoiced-twice`: more than one invoice charges it, for more than was bought. Nothing is reckoned
across currencies, nor against a cost that nobody knew."""

ASKED_ABOUT: frozenset[State] = frozenset({"charged-more", "invoiced-twice", "not-owed"})
"""What a person decides, once it is beyond the store's tolerance."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a purchase was expected to cost when its supplier was chosen. `articles` is None where nobody knew."""

    currency: str | None
    articles: Decimal | None
    parcel: Decimal
    units: int
    is_owed: bool = True

    @property
    def total(self) -> Decimal | None:
        """Articles and parcel; nothing for what is not owed."""
        if not self.is_owed:
            return Decimal(0)
        return None if self.articles is None else self.articles + self.parcel


@dataclass(frozen=True, slots=True)
class Charge:
    """A line of an invoice that is about the purchase; `invoice` names the invoice."""

    invoice: str
    currency: str
    line: InvoiceLine


@dataclass(frozen=True, slots=True)
class Reckoned:
    """All that a supplier charges for a purchase, in the invoices' `currency`; None where they are in several.

    `credited` was given back, as a positive amount. `variance` is what is charged beyond what was expected.
    """

    currency: str | None
    articles: Decimal
    shipping: Decimal
    fees: Decimal
    credited: Decimal
    invoices: int
    variance: Decimal | None
    state: State

    @property
    def charged(self) -> Decimal:
        """What is to be paid."""
        return self.articles + self.shipping + self.fees - self.credited


def expected_of(purchase: Mapping[str, Any], decided: Iterable[Mapping[str, Any]]) -> Expected:
    """What a purchase was expected to cost: its lines' own costs, and the parcel as reckoned for its supplier."""
    parts = [part for line in purchase["lines"] for part in parts_of(line)]
    costs = [part["unit_cost"] for part in parts]
    parcel = _parcel(str(purchase["supplier"]), decided)
    currencies = {cost["currency"] for cost in costs if cost} | ({parcel[1]} if parcel else set())
    is_known = bool(costs) and all(costs) and len(currencies) == 1
    return Expected(
        currency=currencies.pop() if len(currencies) == 1 else None,
        articles=sum((Decimal(part["unit_cost"]["amount"]) * part["quantity"] for part in parts), Decimal(0))
        if is_known
        else None,
        parcel=parcel[0] if parcel else Decimal(0),
        units=sum(int(part["quantity"]) for part in parts),
        is_owed=purchase["state"] in ("claimed", "confirmed")
        and purchase["status"] not in ("cancelled", "rejected"),
    )


def _parcel(supplier: str, decided: Iterable[Mapping[str, Any]]) -> tuple[Decimal, str] | None:
    """Shipping and fee of the one parcel that was reckoned for a supplier."""
    for line in decided:
        for figures in line["candidates"]:
            if figures["supplier"] == supplier and figures["standing"] == "chosen" and figures["shipping"]:
                fee = Decimal(figures["fee"]["amount"]) if figures.get("fee") else Decimal(0)
                return Decimal(figures["shipping"]["amount"]) + fee, figures["shipping"]["currency"]
    return None


def reckon(expected: Expected, charges: Sequence[Charge], tolerance: CostTolerance) -> Reckoned:
    """What the charges come to, and what is to be said of it."""
    currencies = {charge.currency for charge in charges}
    currency = currencies.pop() if len(currencies) == 1 else None
    articles, shipping, fees, credited = _sums(charges)
    total = expected.total
    is_comparable = currency is not None and expected.currency in (currency, None) and total is not None
    net = articles + shipping + fees - credited
    variance = net - total if is_comparable and total is not None else None
    return Reckoned(
        currency=currency,
        articles=articles,
        shipping=shipping,
        fees=fees,
        credited=credited,
        invoices=len({charge.invoice for charge in charges}),
        variance=variance,
        state=_state(expected, charges, variance, tolerance),
    )


def _sums(charges: Iterable[Charge]) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Articles, shipping, fees, and what is given back, whatever it is for."""
    owed = {"articles": Decimal(0), "shipping": Decimal(0), "fees": Decimal(0)}
    credited = Decimal(0)
    for charge in charges:
        for name in owed:
            amount: Decimal = getattr(charge.line, name)
            owed[name] += max(amount, Decimal(0))
            credited -= min(amount, Decimal(0))
    return owed["articles"], owed["shipping"], owed["fees"], credited


def _state(
    expected: Expected, charges: Sequence[Charge], variance: Decimal | None, tolerance: CostTolerance
) -> State:
    if variance is None:
        is_other = expected.currency is not None and {c.currency for c in charges} != {expected.currency}
        return "other-currency" if is_other or len({c.currency for c in charges}) > 1 else "cost-unknown"
    if variance == 0:
        return "as-expected"
    if not expected.is_owed:
        return "not-owed"
    if abs(variance) <= tolerance.of(expected.total or Decimal(0)):
        return "within-tolerance"
    units = _units(charges)
    if variance > 0 and _is_twice(expected, charges, units):
        return "invoiced-twice"
    if units is not None and units < expected.units and variance < 0:
        return "partly-invoiced"
    return "charged-more" if variance > 0 else "charged-less"


def _units(charges: Iterable[Charge]) -> int | None:
    """How many units are charged; None where a charge for articles does not say how many."""
    counts = [charge.line.quantity for charge in charges if charge.line.articles > 0]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _is_twice(expected: Expected, charges: Iterable[Charge], units: int | None) -> bool:
    """Two invoices may each charge a part; together they must not charge more than was bought."""
    charging = {charge.invoice for charge in charges if charge.line.articles > 0}
    if len(charging) < 2:
        return False
    if units is not None:
        return units > expected.units
    articles = sum((c.line.articles for c in charges if c.line.articles > 0), Decimal(0))
    return expected.articles is None or articles > expected.articles
