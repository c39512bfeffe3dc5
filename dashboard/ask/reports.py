"""Reports: figures with their unit, what they are a part of, and why one is not known."""

from datetime import datetime
from decimal import Decimal

from dashboard.client import Answer, Client


class Band(Answer):
    """What a figure means."""

    name: str
    says: str = ""


class Figure(Answer):
    """One figure. `value` is None where it is not known, and `unknown` says why."""

    name: str
    title: str
    labels: dict[str, str] = {}
    value: Decimal | None = None
    unit: str = ""
    currency: str | None = None
    of: Decimal | None = None
    of_what: str = ""
    unknown: str = ""
    band: Band | None = None

    @property
    def said(self) -> str:
        """The value with its unit; `unknown` is said, and is never 0."""
        if self.value is None:
            return "unknown"
        if self.unit == "percent":
            return f"{self.value.normalize():f} %"
        if self.unit == "money":
            return f"{self.value} {self.currency or ''}".strip()
        return f"{self.value.normalize():f}"


class Period(Answer):
    """What is counted. A report that takes long to reckon was reckoned at its end, some minutes ago."""

    since: datetime
    until: datetime


class Report(Answer):
    """Figures of a period, in the order to show them."""

    report: str
    title: str
    says: str = ""
    store: str
    period: Period
    figures: list[Figure]

    def named(self, name: str) -> list[Figure]:
        """Figures of one name, greatest first."""
        return [figure for figure in self.figures if figure.name == name]


def one(client: Client, name: str, store: str | None = None, since: datetime | None = None) -> Report:
    """A report; the last thirty days where no beginning is named."""
    asked = {"store": store, "since": since.isoformat() if since else None}
    return client.get(f"/reports/{name}", Report, asked)
