"""The desk on the hub's own database: an answer, its event and the use of its link are one commit."""

from collections.abc import Awaitable, Callable
from typing import Literal, TypeVar

from hub.assembly import Hub
from hub.fulfilment.customer_view import Offered
from hub.fulfilment.links import Purpose, use
from hub.pages.saying import corrected, customer_says, supplier_says
from hub.pages.showing import address_view, choice_view, supplier_view, tracking_view
from hub.pages.views import (
    AddressForm,
    AddressView,
    Choice,
    ChoiceView,
    Done,
    SupplierAnswer,
    SupplierView,
    TrackingView,
)
from hub.pages.visit import Visit, Visitors
from hub.sdk.commerce import Address
from hub.store import purchases, shipments
from hub.store.database import Connection
from hub.store.events import StoreEvent, tell
from hub.store.notices import use_link

V = TypeVar("V")


class HubDesk:
    """`strike` rings for the workers after an answer was committed; a ring that is lost loses nothing."""

    def __init__(self, hub: Hub, strike: Callable[[], None]) -> None:
        self._hub = hub
        self._strike = strike

    async def tracking(self, token: str) -> TrackingView | None:
        """An order and its parcels."""
        async with self._hub.database.connection() as connection:
            visit = await self._visitors(connection).come(token, "tracking")
            if visit is None:
                return None
            return tracking_view(visit, await shipments.of_order(connection, visit.known.id))

    async def address(self, token: str) -> AddressView | Done | None:
        """An address in question."""

        async def show(visit: Visit, visitors: Visitors) -> AddressView | None:
            to = visit.order.ship_to
            return address_view(visit, to) if to else None

        return await self._shown(token, "address", show)

    async def correct_address(self, token: str, form: AddressForm) -> Done | None:
        """The customer's correction."""

        async def make(visit: Visit, visitors: Visitors) -> StoreEvent | None:
            to = visit.order.ship_to
            return _say(visit, visitors, "corrected", corrected(to, form)) if to else None

        return await self._taken(token, "address", "corrected", make)

    async def choice(self, token: str) -> ChoiceView | Done | None:
        """A choice to make."""

        async def show(visit: Visit, visitors: Visitors) -> ChoiceView | None:
            offered = _offered(visit)
            return choice_view(visit, offered) if offered else None

        return await self._shown(token, "choice", show)

    async def choose(self, token: str, choice: Choice) -> Done | None:
        """The customer's choice, one of those that were offered."""

        async def make(visit: Visit, visitors: Visitors) -> StoreEvent | None:
            offered = _offered(visit)
            if offered is None or (choice == "similar" and offered.similar is None):
                return None
            return _say(visit, visitors, choice, None)

        return await self._taken(token, "choice", choice, make)

    async def supplier(self, token: str) -> SupplierView | Done | None:
        """A purchase order to answer."""

        async def show(visit: Visit, visitors: Visitors) -> SupplierView | None:
            purchase = await visitors.purchase(visit)
            if purchase is None:
                return None
            status = await purchases.status_of(visitors.connection, purchase.id)
            return supplier_view(visit, purchase, status)

        return await self._shown(token, "supplier", show)

    async def supplier_says(self, token: str, answer: SupplierAnswer) -> Done | None:
        """The supplier's answer."""

        async def make(visit: Visit, visitors: Visitors) -> StoreEvent | None:
            purchase = await visitors.purchase(visit)
            return supplier_says(visit, purchase, answer, visitors.now) if purchase else None

        return await self._taken(token, "supplier", answer.answer, make)

    def _visitors(self, connection: Connection) -> Visitors:
        return Visitors(connection, self._hub.vault, self._hub.world, self._hub.clock.now())

    async def _shown(
        self, token: str, purpose: Purpose, show: Callable[[Visit, Visitors], Awaitable[V | None]]
    ) -> V | Done | None:
        async with self._hub.database.connection() as connection:
            visitors = self._visitors(connection)
            visit = await visitors.come(token, purpose)
            if visit is None:
                return None
            if visit.link.used_at is not None:
                return visit.done(again=True)
            return await show(visit, visitors) if await visitors.is_asked(visit) else None

    async def _taken(
        self,
        token: str,
        purpose: Purpose,
        answer: str,
        make: Callable[[Visit, Visitors], Awaitable[StoreEvent | None]],
    ) -> Done | None:
        async def work(connection: Connection) -> Done | None:
            visitors = self._visitors(connection)
            visit = await visitors.come(token, purpose, lock=True)
            if visit is None:
                return None
            # A link that stays open after an answer takes another, but not the same one twice.
            if visit.link.used_at is not None or visit.link.answer == answer:
                return visit.done(again=True)
            event = await make(visit, visitors) if await visitors.is_asked(visit) else None
            if event is None:
                return None
            used = use(visit.link, answer, visitors.now)
            await tell(connection, [event], visitors.now)
            await use_link(connection, used.digest, used.answer, used.used_at)
            return visit.done(again=False, answer=answer)

        done = await self._hub.database.repeat(work)
        if done is not None and not done.again:
            self._strike()
        return done


def _say(
    visit: Visit,
    visitors: Visitors,
    answer: Literal["corrected", "similar", "refund"],
    address: Address | None,
) -> StoreEvent:
    return customer_says(visit, answer, address, visitors.now)


def _offered(visit: Visit) -> Offered | None:
    """What was kept with a choice's link."""
    body = visit.kept.body
    return Offered.model_validate_json(visit.asker.open(body)) if body else None
