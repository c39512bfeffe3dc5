"""When an order will be there: what a customer may be promised, in working days of suppliers and carriers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from hub.fulfilment.call import OwnCall
from hub.fulfilment.candidates import destination
from hub.fulfilment.decision import Decision
from hub.fulfilment.orders import order_key
from hub.fulfilment.policies import Policies
from hub.fulfilment.supplier import SupplierSpec, transit_days
from hub.model.calendar import Calendar
from hub.sdk import Refused
from hub.sdk.commerce import Internal, Order, Record
from hub.store import orders, purchases

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Window:
    """By when a parcel leaves, and the first and last day of its delivery, in the store's zone."""

    ship_by: datetime
    earliest: date
    latest: date

    def __str__(self) -> str:
        """As customers read it: `Thu 3 - Mon 7 Dec`."""
        first, last = self.earliest, self.latest
        whole = f"{_WEEKDAYS[last.weekday()]} {last.day} {_MONTHS[last.month - 1]}"
        if first == last:
            return whole
        month = "" if (first.year, first.month) == (last.year, last.month) else f" {_MONTHS[first.month - 1]}"
        return f"{_WEEKDAYS[first.weekday()]} {first.day}{month} - {whole}"


class AskWindow(Record):
    """An order, and who ships it: one supplier's connection, a decision's, or else those of its purchases on record."""

    order: Order
    decision: Decision | None = None
    supplier: Annotated[str, Internal()] = ""


class DeliveryWindow(Record):
    """What may be promised. `earliest` and `latest` are dates such as 2026-12-03, `until` is when the last one ends.

    `ship_by` is when the last parcel has left. `text` is for customers: `Thu 3 - Mon 7 Dec`.
    """

    ship_by: AwareDatetime
    earliest: str
    latest: str
    until: AwareDatetime
    text: str


async def window(asked: AskWindow, call: OwnCall) -> DeliveryWindow:
    """Reckon when an order leaves and arrives, counted from now; of several parcels the widest window."""
    names = await _shipping(asked, call)
    windows = [reckon(spec, asked.order, call.policies, call.calendar, call.now) for spec in call.suppliers
               if spec.connection in names]  # fmt: skip
    if not windows:
        raise Refused("not-assigned", f"Nobody ships order {asked.order.number} yet.")
    found = widest(windows)
    end = datetime.combine(found.latest, time(23, 59, 59), ZoneInfo(call.calendar.zone))
    return DeliveryWindow(
        ship_by=found.ship_by,
        earliest=found.earliest.isoformat(),
        latest=found.latest.isoformat(),
        until=end,
        text=str(found),
    )


def reckon(
    supplier: SupplierSpec, order: Order, policies: Policies, store: Calendar, now: datetime
) -> Window:
    """The window of one parcel: the supplier's working days from now, then the carrier's."""
    works = _works(supplier, store)
    carrier = Calendar(zone=store.zone, holidays=frozenset(policies.carrier_holidays))
    handling = supplier.handling_days
    transit = transit_days(supplier, destination(order), order.shipping_method, policies)
    taken = works.taken_up(now)
    # On the store's clock a closing is never before `now`, so neither is any date that is counted from it.
    first, last = (
        works.closing(works.day_on(taken, days)).astimezone(ZoneInfo(store.zone))
        for days in (handling.earliest, handling.latest)
    )
    return Window(
        ship_by=last,
        earliest=carrier.day_on(first.date(), transit.earliest),
        latest=carrier.day_on(last.date(), transit.latest),
    )


def leaves_by(supplier: SupplierSpec, store: Calendar, at: datetime) -> datetime:
    """By when a supplier has sent off what reaches it at this moment."""
    works = _works(supplier, store)
    return works.closing(works.day_on(works.taken_up(at), supplier.handling_days.latest))


def widest(windows: Iterable[Window]) -> Window:
    """The window that holds all of these."""
    every = list(windows)
    return Window(max(w.ship_by for w in every), min(w.earliest for w in every), max(w.latest for w in every))


def _works(supplier: SupplierSpec, store: Calendar) -> Calendar:
    """When a supplier works: as it says, else as the store does."""
    return supplier.hours.calendar(store.zone) if supplier.hours else store


async def _shipping(asked: AskWindow, call: OwnCall) -> set[str]:
    if asked.supplier:
        return {asked.supplier}
    if asked.decision is not None:
        decision = asked.decision
        return {p.supplier for p in decision.purchases} | {line.supplier for line in decision.lines}
    stored = await orders.lock(call.connection, order_key(asked.order, call))
    return await purchases.live_suppliers(call.connection, stored.id) if stored else set()
