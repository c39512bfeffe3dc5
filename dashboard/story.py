"""An order's timeline as a list that reads from top to bottom, a heading for each day."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from dashboard import parts, times
from dashboard.ask.orders import Moment, Order
from dashboard.markup import Markup, join, tag

_TONES = {
    "case opened": "near", "case resolved": "good", "delivered": "good", "confirmed": "good", "parcel stalled": "late",
    "refused": "late", "in-doubt": "late", "parcel given up": "late", "notice blocked": "late", "promise kept": "good",
    "cancelled at its channel": "late", "notice sent": "", "assigned": "",
}  # fmt: skip


def chief(order: Order) -> list[Moment]:
    """What somebody who asks for the order wants to know: no questions to the outside, no steps of the machine."""
    asking = {effect.id for effect in order.effects if effect.kind.get("name") == "read"}
    return [m for m in order.timeline if m.about != "run" and not _is_routine(m, asking)]


def _is_routine(moment: Moment, asking: set[str]) -> bool:
    return moment.about == "effect" and (moment.id in asking or moment.what == "intended")


def told(
    moments: Iterable[Moment], zone: ZoneInfo, now: datetime, reasons: Mapping[tuple[str, str], str]
) -> Markup:
    """The list. `reasons` has, for a run and a node of it, what was asked there."""
    days = groupby(moments, key=lambda m: m.at.astimezone(zone).date())
    return join(*[_day(list(within), zone, now, reasons) for _, within in days])


def _day(
    moments: list[Moment], zone: ZoneInfo, now: datetime, reasons: Mapping[tuple[str, str], str]
) -> Markup:
    first = moments[0].at
    title = f"{times.day(first, zone)} · {times.away(first, now)}"
    lines = [_line(moment, zone, reasons) for moment in moments]
    return tag("div", tag("h4", title), tag("ol", *lines, class_="f-story"), class_="f-story")


def _line(moment: Moment, zone: ZoneInfo, reasons: Mapping[tuple[str, str], str]) -> Markup:
    quiet = "quiet" if moment.about == "run" else ""
    said = tag("div", _effect(moment) if moment.about == "effect" else _other(moment, reasons))
    dot = tag("span", class_=f"dot {_TONES.get(moment.what, quiet)}".strip())
    at = tag("time", f"{moment.at.astimezone(zone):%H:%M}", title=times.full(moment.at, zone))
    return tag("li", at, dot, said)


def _effect(moment: Moment) -> Markup:
    """`shop-1: add_tags` was confirmed: what was done, where, and how it ended."""
    where, _, action = moment.detail.partition(": ")
    action, _, refusal = action.partition(": ")
    end = "" if moment.what == "confirmed" else f", {parts.words(moment.what)} {refusal}".rstrip()
    return join(tag("strong", parts.titled(action)), tag("span", f" at {where}{end}", class_="f-quiet"))


def _other(moment: Moment, reasons: Mapping[tuple[str, str], str]) -> Markup:
    if moment.about == "run" and not moment.what.startswith("run "):
        # A step of a flow: its name first, then how it went, and where a way was chosen, what was asked.
        why = reasons.get((moment.id, moment.detail))
        return join(
            tag("strong", moment.detail),
            tag("span", f" {moment.what}", f" — {why}" if why else "", class_="f-quiet"),
        )
    # A notice is named with its parcel; whose parcel it is, the lines around it say.
    said = parts.words(moment.detail.partition("/")[0]) if moment.about == "notice" else moment.detail
    return join(tag("strong", parts.titled(moment.what)), tag("span", f" {said}", class_="f-quiet"))
