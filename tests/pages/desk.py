"""A desk that keeps everything in memory and keeps the rules of links, and a small order behind each of its links."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from hub.fulfilment.links import Link, Purpose, digest, issue, mint, standing, use
from hub.pages.views import (
    AddressForm,
    AddressView,
    Brand,
    Choice,
    ChoiceView,
    Done,
    Item,
    ParcelView,
    SupplierAnswer,
    SupplierLine,
    SupplierView,
    TrackingView,
)

NOW = datetime(2026, 3, 5, 13, 30, tzinfo=UTC)
LOGO = (
    "data:image/svg+xml;base64,"
    "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAzNiAzNiI+PHJlY3Qgd2lkdGg9IjM2IiBoZWln"
    "aHQ9IjM2IiByeD0iMTAiIGZpbGw9IiMwZjc2NmUiLz48cGF0aCBkPSJNMTAgMjRjMC04IDYtMTMgMTYtMTMgMCA5LTUgMTUtMTMgMTUiIGZp"
    "bGw9Im5vbmUiIHN0cm9rZT0iI2ZmZiIgc3Ryb2tlLXdpZHRoPSIyLjYiIHN0cm9rZS1saW5lY2FwPSJyb3VuZCIvPjwvc3ZnPg=="
)
BRANDS = {
    "moss": Brand(
        name="Moss & Ember",
        logo=LOGO,
        colour="#0f766e",
        zone="Europe/Berlin",
        email="care@moss-ember.example",
    ),
    "kiosk": Brand(name="Kiosk Nine", colour="#ffd400", zone="America/New_York"),
}


T = TypeVar("T")


def brand_of(store: str) -> Brand:
    """The brand of a store of these tests."""
    return BRANDS[store]


@dataclass
class MemoryDesk:
    """Orders and links in dictionaries; `answers` is what was done, and `asked` how often the desk was asked."""

    now: datetime = NOW
    links: dict[str, Link] = field(default_factory=dict)
    orders: dict[str, TrackingView] = field(default_factory=dict)
    addresses: dict[str, AddressView] = field(default_factory=dict)
    choices: dict[str, ChoiceView] = field(default_factory=dict)
    purchases: dict[str, SupplierView] = field(default_factory=dict)
    answers: list[tuple[Purpose, str, object]] = field(default_factory=list)
    asked: int = 0

    def link(self, purpose: Purpose, subject: str, *, lasts: timedelta | None = None) -> str:
        """A new link's token; the same for the same place in the same test, so that failures can be read."""
        token = mint(hashlib.sha256(f"{purpose} {subject} {len(self.links)}".encode()).digest())
        link = issue(token, purpose, subject, self.now, lasts=lasts)
        self.links[link.digest] = link
        return token

    def snapshot(self) -> tuple[object, ...]:
        """Everything that an answer could change."""
        kept = [self.links, self.orders, self.addresses, self.choices, self.purchases, self.answers]
        return tuple(repr(one) for one in kept)

    async def tracking(self, token: str) -> TrackingView | None:
        link = self._open(token, "tracking")
        return self.orders[link.subject] if link else None

    async def address(self, token: str) -> AddressView | Done | None:
        return self._shown(token, "address", lambda subject: self.addresses[subject])

    async def correct_address(self, token: str, form: AddressForm) -> Done | None:
        return self._taken(token, "address", "corrected", form)

    async def choice(self, token: str) -> ChoiceView | Done | None:
        return self._shown(token, "choice", lambda subject: self.choices[subject])

    async def choose(self, token: str, choice: Choice) -> Done | None:
        return self._taken(token, "choice", choice, choice)

    async def supplier(self, token: str) -> SupplierView | Done | None:
        return self._shown(token, "supplier", lambda subject: self.purchases[subject])

    async def supplier_says(self, token: str, answer: SupplierAnswer) -> Done | None:
        done = self._taken(token, "supplier", answer.answer, answer)
        if done is not None and answer.answer == "accepted" and not done.again:
            purchase = self.purchases[done.number]
            self.purchases[done.number] = purchase.model_copy(update={"is_accepted": True})
        return done

    def _open(self, token: str, purpose: Purpose) -> Link | None:
        self.asked += 1
        link = self.links.get(digest(token))
        return None if standing(link, purpose, self.now) == "gone" else link

    def _shown(self, token: str, purpose: Purpose, view: Callable[[str], T]) -> T | Done | None:
        link = self._open(token, purpose)
        if link is None:
            return None
        return view(link.subject) if link.used_at is None else self._done(link, again=True)

    def _taken(self, token: str, purpose: Purpose, answer: str, said: object) -> Done | None:
        link = self._open(token, purpose)
        if link is None:
            return None
        if link.used_at is not None:
            return self._done(link, again=True)
        used = use(link, answer, self.now)
        self.links[link.digest] = used
        self.answers.append((purpose, link.subject, said))
        return self._done(used, again=False)

    def _done(self, link: Link, *, again: bool) -> Done:
        return Done(store="moss", number=link.subject, purpose=link.purpose, answer=link.answer, again=again)


def parcel(**said: object) -> ParcelView:
    """A parcel that is on its way since yesterday, but for what is said."""
    way = {
        "rung": "in_transit",
        "last_event_at": NOW - timedelta(hours=20),
        "known_since": NOW - timedelta(days=2),
    }
    return ParcelView.model_validate(way | said)


def order(*parcels: ParcelView, number: str = "8492", store: str = "moss", **said: object) -> TrackingView:
    """An order with a candle and two towels in it, but for what is said."""
    items = [Item(title="Beeswax candle", variant="Fir, 220 g"), Item(title="Linen towel", quantity=2)]
    fields = {"store": store, "order_number": number, "items": items, "parcels": list(parcels)} | said
    return TrackingView.model_validate(fields)


def address_view(**said: object) -> AddressView:
    """A house with many doors and no word of which."""
    fields = {
        "store": "moss",
        "order_number": "8492",
        "question": "The carrier does not find your door: the apartment is missing.",
        "address": AddressForm(
            name="Ada Sample", line1="200 Example Ave", city="New York", region="NY", postcode="10009"
        ),
        "country": "United States",
    }
    return AddressView.model_validate(fields | said)


def choice_view(**said: object) -> ChoiceView:
    """A sold-out candle, and another that may come instead."""
    fields = {
        "store": "moss",
        "order_number": "8492",
        "item": Item(title="Beeswax candle", variant="Fir, 220 g"),
        "similar": Item(title="Beeswax candle", variant="Cedar, 220 g"),
        "price_note": "It costs you nothing more.",
        "refund": "$24.00",
    }
    return ChoiceView.model_validate(fields | said)


def purchase_view(**said: object) -> SupplierView:
    """Two candles for one door."""
    fields = {
        "store": "moss",
        "reference": "PO-8492-1",
        "lines": [SupplierLine(sku="BWX-220-FIR", title="Beeswax candle", quantity=2)],
        "ship_to": ["Ada Sample", "200 Example Ave, Apt 4B", "New York, NY 10009", "United States"],
    }
    return SupplierView.model_validate(fields | said)


def stocked(desk: MemoryDesk) -> dict[Purpose, str]:
    """One open link of each purpose."""
    desk.orders["8492"] = order(parcel())
    desk.addresses["8492"] = address_view()
    desk.choices["8492"] = choice_view()
    desk.purchases["PO-8492-1"] = purchase_view()
    return {
        "tracking": desk.link("tracking", "8492"),
        "address": desk.link("address", "8492"),
        "choice": desk.link("choice", "8492"),
        "supplier": desk.link("supplier", "PO-8492-1"),
    }
