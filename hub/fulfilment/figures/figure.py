"""A figure as it is shown: never a bare number, and unknown rather than nought where nothing was measured. Pure."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from hub.fulfilment.policies import Policies
from hub.sdk.commerce import Money, Record
from hub.store.figures.cohort import Cohort

Unit = Literal[
    "orders", "cases", "exceptions", "parcels", "tickets", "lines", "purchases", "percent", "minutes", "hours",
    "money", "tickets per 100 orders", "touches per 100 orders",
]  # fmt: skip


class Band(Record):
    """Where a figure lies: a stable word, and what people read."""

    name: str
    says: str


class Figure(Record):
    """One figure. `value` is None where it is unknown, and `unknown` then says why; `of` is the denominator.

    Figures of one name differ by their labels, and are ranked. Money has its currency and is never added across two.
    """

    name: str
    title: str
    labels: dict[str, str] = {}
    value: int | Decimal | None
    unit: Unit
    currency: str | None = None
    of: int | None = None
    of_what: str = ""
    unknown: str = ""
    band: Band | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about: a store's orders of a span, seen from `now`, by the store's policies.

    `currency` is the store's, or empty; `against` is when the earlier span begins that enquiries are compared with.
    """

    cohort: Cohort
    now: datetime
    policies: Policies
    currency: str
    against: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What a figure is called, and of what it is a part."""

    name: str
    title: str
    of_what: str = ""


ORDERS = "orders first read in the period"


def count(said: Said, value: int, unit: Unit, of: int | None = None, **labels: str) -> Figure:
    """A number of things, of so many."""
    return Figure(
        name=said.name, title=said.title, labels=labels, value=value, unit=unit, of=of, of_what=said.of_what
    )


def percent(said: Said, part: int | Decimal, of: int, nothing: str, **labels: str) -> Figure:
    """A share in percent, to a tenth; unknown where there is nothing to have a share in."""
    value = None if of == 0 else tenth(Decimal(part) * 100 / of)
    return Figure(
        name=said.name, title=said.title, labels=labels, value=value, unit="percent", of=of, of_what=said.of_what,
        unknown="" if of else nothing,
    )  # fmt: skip


def span(said: Said, value: float | None, unit: Unit, of: int, **labels: str) -> Figure:
    """Minutes or hours, to a tenth; unknown where none was measured."""
    return Figure(
        name=said.name,
        title=said.title,
        labels=labels,
        value=None if value is None else tenth(Decimal(value)),
        unit=unit,
        of=of,
        of_what=said.of_what,
        unknown="None was measured yet." if value is None else "",
    )


def money(said: Said, value: Money | None, of: int, nothing: str, **labels: str) -> Figure:
    """An amount; unknown where nobody said what things cost."""
    return Figure(
        name=said.name,
        title=said.title,
        labels=labels,
        value=value.amount if value else None,
        unit="money",
        currency=value.currency if value else None,
        of=of,
        of_what=said.of_what,
        unknown="" if value else nothing,
    )


def tenth(value: Decimal) -> Decimal:
    """To one place, halves up."""
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)


def banded(figure: Figure, band: Band) -> Figure:
    """The figure with where it lies; one that is unknown lies nowhere."""
    return figure if figure.value is None else figure.model_copy(update={"band": band})
