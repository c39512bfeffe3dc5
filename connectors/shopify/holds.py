"""Holds: keep every location of an order from sending, and take back our own hold only."""

from collections.abc import Awaitable, Callable, Iterable

from connectors.shopify import operations
from connectors.shopify.admin import Admin
from connectors.shopify.fulfilment import Fulfilment, FulfilmentOrder, to_fulfilment
from connectors.shopify.mapping import HOLD_REASON
from connectors.shopify.orders import checked_gid
from connectors.shopify.wire import UserError
from connectors.shopify.wire_fulfilment import (
    FulfilmentAnswer,
    FulfilmentOrderNode,
    HoldAnswer,
    ReleaseAnswer,
)
from hub.sdk import Http, NotDone, Refused, Unanswered, Unauthorised, Unreadable
from hub.sdk.commerce import HoldOrder, OrderHolds, ReleaseOrder

ALREADY_OURS = "DUPLICATE_FULFILLMENT_HOLD_HANDLE"
CHANGED = "FULFILLMENT_ORDER_NOT_FOUND"


class Holds:
    """The holds on one shop's orders during one call.

    Shopify holds fulfilment orders, of which an order has one per location; their ids change, so they are
    read before each change.
    """

    def __init__(self, admin: Admin, http: Http) -> None:
        self._admin = admin
        self._http = http

    async def read(self, order_id: str) -> Fulfilment:
        """All fulfilment orders of an order."""
        gid = checked_gid(order_id)
        nodes: list[FulfilmentOrderNode] = []
        after: str | None = None
        while True:
            variables = {"id": gid, "after": after}
            answer = await self._admin.run(self._http, operations.FULFILMENT, variables, FulfilmentAnswer)
            if answer.order is None:
                raise Refused("not-found", "The shop has no such order.")
            found = answer.order.fulfillment_orders
            nodes += found.nodes
            if not found.page_info.has_next_page:
                return to_fulfilment(order_id, nodes)
            after = found.page_info.end_cursor

    async def place(self, wanted: HoldOrder) -> OrderHolds:
        """Hold whatever can still be held. What a location has sent or begun to send is beyond a hold."""
        fulfilment = await self.read(wanted.id)
        ahead = [o for o in fulfilment.orders if o.can_be_held and not _our_holds(o, wanted.handle)]
        if not ahead and wanted.handle not in fulfilment.our_handles():
            raise Refused("not-holdable", "Nothing of the order waits to be sent.")

        async def hold(order: FulfilmentOrder) -> None:
            await self._hold(order, wanted)

        await _each(ahead, hold)
        return OrderHolds(id=wanted.id, handles=sorted({*fulfilment.our_handles(), wanted.handle}))

    async def release(self, wanted: ReleaseOrder) -> OrderHolds:
        """Release by hold id. Without ids Shopify would release every hold, other apps' and people's too."""
        fulfilment = await self.read(wanted.id)
        ahead = [o for o in fulfilment.orders if _our_holds(o, wanted.handle)]

        async def release(order: FulfilmentOrder) -> None:
            await self._release(order, _our_holds(order, wanted.handle))

        await _each(ahead, release)
        return OrderHolds(id=wanted.id, handles=[h for h in fulfilment.our_handles() if h != wanted.handle])

    async def _hold(self, order: FulfilmentOrder, wanted: HoldOrder) -> None:
        hold = {"reason": HOLD_REASON[wanted.reason], "reasonNotes": wanted.note, "handle": wanted.handle}
        variables = {"id": order.id, "hold": hold}
        answer = await self._admin.run(self._http, operations.HOLD, variables, HoldAnswer)
        codes = _codes(answer.fulfillment_order_hold.user_errors) - {ALREADY_OURS}
        if CHANGED in codes:
            raise NotDone("The order's fulfilment changed meanwhile.", retry_after=1)
        if codes:
            raise Refused("not-holdable", f"Shopify says {', '.join(sorted(codes))}.")

    async def _release(self, order: FulfilmentOrder, hold_ids: list[str]) -> None:
        variables = {"id": order.id, "holdIds": hold_ids}
        answer = await self._admin.run(self._http, operations.RELEASE, variables, ReleaseAnswer)
        codes = _codes(answer.fulfillment_order_release_hold.user_errors)
        if CHANGED in codes:
            raise NotDone("The order's fulfilment changed meanwhile.", retry_after=1)
        if "INVALID_ACCESS" in codes:
            raise Unauthorised("Shopify does not let this app release holds: check its scopes.")
        if codes:
            raise Unreadable(f"Shopify says {', '.join(sorted(codes))} to a release.")


async def _each(
    orders: Iterable[FulfilmentOrder], change: Callable[[FulfilmentOrder], Awaitable[None]]
) -> None:
    """Change one after the other; once one is changed, a later failure no longer means that nothing was
    done."""
    for place, order in enumerate(orders):
        try:
            await change(order)
        except (NotDone, Refused, Unauthorised) as error:
            if place:
                raise Unanswered(f"Done at {place} of the order's locations; then: {error}") from error
            raise


def _our_holds(order: FulfilmentOrder, handle: str) -> list[str]:
    return [h.id for h in order.holds if h.is_ours and h.handle == handle]


def _codes(errors: Iterable[UserError]) -> set[str]:
    return {e.code or "UNKNOWN" for e in errors}
