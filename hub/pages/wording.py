"""What is said of a parcel: a few neutral sentences of our own, never a carrier's, which may name a supplier's town."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hub.fulfilment.ladder import RUNGS, Rung
from hub.pages.views import Brand, ParcelView
from hub.sdk.commerce import Record
from hub.sdk.parcels import TrackingReason

QUIET = timedelta(hours=72)
"""After so long without a word the page says that there is a delay."""

_STEPS: dict[Rung, str] = {
    "pre_transit": "Preparing",
    "in_transit": "On its way",
    "out_for_delivery": "Out for delivery",
    "delivered": "Delivered",
}
_NOW: dict[Rung | None, str] = {
    None: "We are getting your parcel ready.",
    "pre_transit": "Your parcel is packed and waits for the carrier.",
    "in_transit": "Your parcel is on its way to you.",
    "out_for_delivery": "Your parcel is out for delivery.",
    "delivered": "Your parcel was delivered.",
}
_NEXT: dict[Rung | None, str] = {
    None: "We hand it to the carrier.",
    "pre_transit": "The carrier picks it up.",
    "in_transit": "It goes out for delivery near you.",
    "out_for_delivery": "It arrives at your door.",
    "delivered": "",
}
_TROUBLE: dict[TrackingReason, tuple[str, str]] = {
    "attempt_failed": ("The carrier could not hand your parcel over.", "The carrier tries again."),
    "address": ("The carrier has a question about the address.", "We clear it up with the carrier."),
    "customs": ("Your parcel is with customs.", "It travels on once customs release it."),
    "held": ("The carrier is holding your parcel for now.", "It travels on soon."),
    "weather": ("The weather is holding your parcel up.", "It travels on as soon as it can."),
    "delayed": ("Your parcel is running late.", "It travels on soon."),
    "refused": ("Your parcel was not accepted at the door.", "We find out why and write to you."),
}
_HOLD_UP = ("There is a hold-up with your parcel.", "We look into it with the carrier.")


class Step(Record):
    """One rung as it is drawn. Exactly one is `current`, unless all are done."""

    name: str
    state: str


class Told(Record):
    """A parcel in words. `when` is the last event's moment, `stamp` the same for machines."""

    headline: str
    text: str
    next_step: str
    steps: list[Step]
    when: str
    stamp: str
    expected: str
    is_late: bool
    is_trouble: bool


def tell(parcel: ParcelView, brand: Brand, now: datetime) -> Told:
    """A parcel in words, at the brand's time."""
    text, next_step = _sentences(parcel)
    moment = (
        parcel.delivered_at if parcel.rung == "delivered" and not parcel.overlay else parcel.last_event_at
    )
    expected = parcel.expected_at if not _is_settled(parcel) and not parcel.overlay else None
    return Told(
        headline=_headline(parcel),
        text=text,
        next_step=next_step,
        steps=_steps(parcel),
        when=clock_time(moment, brand) if moment else "",
        stamp=moment.isoformat() if moment else "",
        expected=day(expected, brand) if expected and expected >= now else "",
        is_late=is_late(parcel, now),
        is_trouble=parcel.overlay in ("exception", "returned", "failure"),
    )


def is_late(parcel: ParcelView, now: datetime) -> bool:
    """Whether nothing was heard for more than 72 hours of a parcel that is still to move."""
    if _is_settled(parcel) or parcel.overlay == "available_for_pickup":
        return False
    return now - (parcel.last_event_at or parcel.known_since) > QUIET


def clock_time(moment: datetime, brand: Brand) -> str:
    """A moment as people say it, in the brand's zone: `Thursday 5 March 2026, 14:30 CET`."""
    local = moment.astimezone(ZoneInfo(brand.zone))
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M %Z}"


def day(moment: datetime, brand: Brand) -> str:
    """A day as people say it, in the brand's zone."""
    local = moment.astimezone(ZoneInfo(brand.zone))
    return f"{local:%A} {local.day} {local:%B}"


def _is_settled(parcel: ParcelView) -> bool:
    return parcel.rung == "delivered" or parcel.overlay in ("returned", "failure")


def _headline(parcel: ParcelView) -> str:
    match parcel.overlay:
        case "available_for_pickup":
            return "Ready for pickup"
        case "exception":
            return "A hold-up on the way"
        case "returned":
            return "On its way back"
        case "failure":
            return "This parcel will not arrive"
        case _:
            return _STEPS[parcel.rung or "pre_transit"]


def _sentences(parcel: ParcelView) -> tuple[str, str]:
    """What is, and what comes next."""
    match parcel.overlay:
        case "available_for_pickup":
            return (
                "Your parcel is ready for you to pick up.",
                "You pick it up. Please bring an identity card.",
            )
        case "exception":
            return _TROUBLE.get(parcel.reason, _HOLD_UP)
        case "returned":
            return "Your parcel is on its way back to us.", "We write to you about it."
        case "failure":
            return "We are sorry: this parcel cannot be delivered.", "We take care of it and write to you."
        case _:
            return _NOW[parcel.rung], _NEXT[parcel.rung]


def _steps(parcel: ParcelView) -> list[Step]:
    at = RUNGS.index(parcel.rung or "pre_transit")
    states = ["done" if place < at or parcel.rung == "delivered" else "current" for place in range(at + 1)]
    states += ["ahead"] * (len(RUNGS) - len(states))
    return [Step(name=_STEPS[rung], state=state) for rung, state in zip(RUNGS, states, strict=True)]
