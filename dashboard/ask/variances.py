"""What suppliers charge for purchases, beside what those were expected to cost."""

from datetime import datetime
from decimal import Decimal

from dashboard.client import Answer, Client

STATES = {
    "within-tolerance": "within the tolerance",
    "charged-more": "charged more",
    "charged-less": "charged less",
    "partly-invoiced": "the rest is not invoiced yet",
    "invoiced-twice": "invoiced twice",
    "not-owed": "given back, and charged",
    "other-currency": "in another currency",
    "cost-unknown": "nobody knew what it costs",
    "never-bought": "never bought",
    "names-no-purchase": "names no purchase",
}
"""The states as people say them."""


class Variance(Answer):
    """A purchase that is charged otherwise than expected, or a charge for none."""

    supplier: str
    purchase: str
    number: str | None = None
    state: str
    currency: str | None = None
    expected: Decimal | None = None
    expected_currency: str | None = None
    articles: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)
    credited: Decimal = Decimal(0)
    variance: Decimal | None = None
    invoice: str | None = None
    verdict: str = ""
    invoiced_at: datetime

    @property
    def said(self) -> str:
        """What there is to say of it, with a person's word where there is one."""
        return ", ".join(word for word in (STATES.get(self.state, self.state), self.verdict) if word)

    @property
    def charged(self) -> str:
        """All that is to be paid."""
        return money(self.articles + self.shipping + self.fees - self.credited, self.currency)


class VariancePage(Answer):
    """Part of the list, the newest first."""

    items: list[Variance]
    next: str | None = None


def money(amount: Decimal | None, currency: str | None) -> str:
    """An amount with its currency; `unknown` is said, and is never 0."""
    return "unknown" if amount is None or currency is None else f"{amount} {currency}"


def newest(client: Client, store: str | None = None) -> VariancePage:
    """What suppliers charge otherwise than expected."""
    return client.get("/variances", VariancePage, {"store": store, "limit": 50})
