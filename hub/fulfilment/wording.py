"""The hub's own words for what carriers and shops say. A customer reads these, never the carrier's own. Pure."""

import re
from datetime import datetime
from typing import Literal

from hub.fulfilment.carrier_table import CARRIERS
from hub.sdk.commerce import Address, Money
from hub.sdk.parcels import TrackingEvent, TrackingReason, TrackingStatus

LocationPolicy = Literal["none", "country", "city"]
"""What a customer may learn of where a parcel is: nothing, that it reached their own country, or their own city."""

STATUS: dict[TrackingStatus, str] = {
    "unknown": "Waiting for the first update",
    "pre_transit": "Getting ready to leave",
    "in_transit": "On its way",
    "out_for_delivery": "Out for delivery",
    "available_for_pickup": "Ready for pickup",
    "delivered": "Delivered",
    "exception": "Taking longer than usual",
    "returned": "On its way back to us",
    "failure": "We are looking into it",
    "expired": "Waiting for the next update",
}
"""One wording for every status there is; nothing is worded by default."""

REASON: dict[TrackingReason, str] = {
    "": "",
    "attempt_failed": "Delivery was attempted",
    "address": "The address is being checked",
    "customs": "",  # It would say that the parcel crosses a border.
    "damaged": "We are looking into it",
    "delayed": "",
    "held": "",
    "lost": "We are looking into it",
    "refused": "Delivery was refused",
    "weather": "Delayed by the weather",
    "other": "",
}
"""A reason that has nothing to say to a customer leaves the status's wording."""

PUBLIC_CARRIERS = frozenset({
    "australia-post", "canada-post", "deutsche-post", "dhl-ecommerce", "dhl-express", "dhl-parcel", "dpd", "fedex",
    "gls", "la-poste", "postnl", "royal-mail", "swiss-post", "ups", "usps",
})  # fmt: skip
"""Carriers that may be named: those that bring parcels everywhere. One out of a far country says where from."""

SYMBOLS = {"USD": "$", "EUR": "\N{EURO SIGN}", "GBP": "\N{POUND SIGN}", "CAD": "CA$", "AUD": "A$"}
PLURAL = "order"
"""What several things, or one without a word for it, are called."""
LONGEST_WORD = 24

_CUT = re.compile(
    r"\s[-|\u2013\u2014]\s|[,(\[:/|\u2013\u2014]|\s(?:with|for|of|in|from|by|and)\s", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_NAME = re.compile(r"[^\W\d_][^\W\d_' .\u2019-]*(?:[' .\u2019-]+[^\W\d_]+)*\.?")


def status_text(status: TrackingStatus, reason: TrackingReason = "") -> str:
    """What a parcel's state is called."""
    return REASON[reason] if status in ("exception", "failure") and REASON[reason] else STATUS[status]


def event_text(event: TrackingEvent, to: Address | None, policy: LocationPolicy) -> str:
    """What is told of an event: by its status, and at most that it was near the customer. Its own text is not read."""
    told = status_text(event.status, event.reason)
    where = _nearness(event.place, to) if to and event.status in ("in_transit", "exception") else "none"
    if policy == "city" and where == "city":
        return f"{told}, now in your city"
    return f"{told}, now in your country" if policy != "none" and where != "none" else told


def carrier_name(carrier: str) -> str:
    """What a carrier is called in public, by its short name; empty for others, for a name may say too much."""
    slug = carrier.strip().lower()
    return CARRIERS[slug].name if slug in PUBLIC_CARRIERS else ""


def product_word(titles: list[str]) -> str:
    """What was bought in one word, such as `pendant` for "Custom-Engraved Pendant - Gold"; `order` for several things.

    The last word of a title before a dash, a comma or a preposition is what it is, in English.
    """
    if len(titles) != 1:
        return PLURAL
    words = _WORD.findall(_CUT.split(titles[0].strip(), maxsplit=1)[0])
    return words[-1].lower() if words and len(words[-1]) <= LONGEST_WORD else PLURAL


def first_name(name: str) -> str:
    """A name that can be greeted; empty for what is none. A mail is no place for what somebody typed in to be sent."""
    plain = " ".join(name.split())
    return plain if len(plain) <= 40 and _NAME.fullmatch(plain) else ""


def money_text(money: Money) -> str:
    """Such as `$89.00`."""
    amount = f"{money.amount:,.2f}"
    symbol = SYMBOLS.get(money.currency)
    return f"{symbol}{amount}" if symbol else f"{amount} {money.currency}"


def day_text(moment: datetime) -> str:
    """Such as `Mon 30 Nov`, in the moment's own zone."""
    return f"{moment:%a} {moment.day} {moment:%b}"


def _nearness(place: str, to: Address) -> LocationPolicy:
    """How near a place is to the customer, if the carrier wrote it so that there is no mistaking it."""
    parts = [part.strip().casefold() for part in place.split(",")]
    if to.country.casefold() != parts[-1]:
        return "none"
    return "city" if to.city.strip().casefold() in parts[:-1] else "country"
