"""A supplier as the store describes it: where it is, how fresh its stock is, what a parcel of it costs."""

from datetime import time, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from hub.fulfilment.feeds.profile import Profile
from hub.fulfilment.hours import Days, Hours
from hub.fulfilment.policies import Policies, Span
from hub.sdk.commerce import Address, Money, Record

FileKind = Literal["stock", "acknowledgements", "tracking", "invoices"]
"""What a supplier's file is about."""

Zone = Literal["same-region", "same-country", "abroad"]
DISTANCE: dict[Zone, int] = {"same-region": 0, "same-country": 1, "abroad": 2}


class ShippingQuote(Record):
    """What one parcel costs to a place by a method. Empty fields match anything; the most specific quote counts.

    `days` are the carrier's working days on the way; with `days_latest`, from so many to so many.
    """

    country: str = ""
    region: str = ""
    method: str = ""
    cost: Money
    days: Annotated[int, Field(ge=0, le=200)] | None = None
    days_latest: Annotated[int, Field(ge=0, le=200)] | None = None

    @model_validator(mode="after")
    def _refuse_reversed(self) -> "ShippingQuote":
        if self.days_latest is not None and (self.days is None or self.days > self.days_latest):
            raise ValueError("days_latest needs days, and days no later than it")
        return self


class SupplierSpec(Record):
    """A supplier or warehouse. `region` is ISO 3166-2, such as US-NY, or a country alone.

    `handling_days` are its working days until a parcel leaves, `hours` when it works; without them, as the store does.
    `heartbeat` is how often its webhooks are heard of at least, where it promises that.
    `files` are the confirmed profiles of the files it sends, by kind. `orders_at` are the times of day, in the store's
    zone, at which pending orders go out together, where its connection sends them in batches.
    """

    connection: str
    name: str
    region: str = ""
    level: Literal[1, 2, 3] = 3
    aliases: list[str] = []
    places: list[str] = []
    domains: list[str] = []
    emails: list[str] = []
    phones: list[str] = []
    safety_threshold: int | None = None
    stock_max_age: Span | None = None
    stock_mode: Literal["live", "batch"] = "live"
    shipping: list[ShippingQuote] = []
    fee: Money | None = None
    handling_days: Days = Days(earliest=1, latest=2)
    hours: Hours | None = None
    heartbeat: Span | None = None
    files: dict[FileKind, Profile] = {}
    orders_at: Annotated[list[time], Field(min_length=1)] = [time(17)]

    @field_validator("files")
    @classmethod
    def _are_of_their_kind(cls, files: dict[FileKind, Profile]) -> dict[FileKind, Profile]:
        return {kind: profile.model_copy(update={"kind": kind}) for kind, profile in files.items()}


def zone(supplier: SupplierSpec, to: Address) -> Zone:
    """How far the supplier is from the address."""
    country, _, region = supplier.region.partition("-")
    if country != to.country:
        return "abroad"
    return "same-region" if region and region == to.region else "same-country"


def max_age(supplier: SupplierSpec, policies: Policies) -> timedelta:
    """How old a stock figure of this supplier may be."""
    default = policies.batch_stock_max_age if supplier.stock_mode == "batch" else policies.stock_max_age
    return default if supplier.stock_max_age is None else supplier.stock_max_age


def threshold(supplier: SupplierSpec, policies: Policies) -> int:
    """Below how many units a figure is not trusted. A batch feed knows less, so the default doubles."""
    if supplier.safety_threshold is not None:
        return supplier.safety_threshold
    return policies.safety_threshold * (2 if supplier.stock_mode == "batch" else 1)


def shipping_cost(
    supplier: SupplierSpec, to: Address, method: str, currency: str, policies: Policies
) -> Decimal | None:
    """One parcel's shipping: the quote for the place, else the zone's figure. None if quoted in another currency."""
    if fitting := [q for q in supplier.shipping if _fits(q, to, method)]:
        quote = max(fitting, key=_specificity)
        return quote.cost.amount if quote.cost.currency == currency else None
    zones = policies.zone_shipping
    figures: dict[Zone, Decimal] = {
        "same-region": zones.same_region, "same-country": zones.same_country, "abroad": zones.abroad,
    }  # fmt: skip
    return figures[zone(supplier, to)]


def transit_days(supplier: SupplierSpec, to: Address, method: str, policies: Policies) -> Days:
    """The carrier's working days to a place: those of the most specific quote that says any, else the zone's."""
    fitting = [q for q in supplier.shipping if q.days is not None and _fits(q, to, method)]
    if fitting:
        quote = max(fitting, key=_specificity)
        latest = quote.days if quote.days_latest is None else quote.days_latest
        return Days.model_validate({"earliest": quote.days, "latest": latest})
    zones = policies.zone_transit
    figures: dict[Zone, Days] = {
        "same-region": zones.same_region, "same-country": zones.same_country, "abroad": zones.abroad,
    }  # fmt: skip
    return figures[zone(supplier, to)]


def _specificity(quote: ShippingQuote) -> tuple[bool, bool, bool]:
    return bool(quote.method), bool(quote.region), bool(quote.country)


def _fits(quote: ShippingQuote, to: Address, method: str) -> bool:
    return (
        quote.country in ("", to.country)
        and quote.region in ("", to.region)
        and quote.method.casefold() in ("", method.casefold())
    )
