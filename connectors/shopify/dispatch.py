"""What leaves in a parcel is told to Shopify once: it reads what was told before, and tells only the rest."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from connectors.shopify import operations_parcels as operations
from connectors.shopify.admin import Admin
from connectors.shopify.carriers import to_company
from connectors.shopify.doubt import since
from connectors.shopify.fulfilment import (
    Fulfilment,
    FulfilmentOrder,
    SentParcel,
    has_left,
    plan,
    to_order_part,
    to_parcels,
)
from connectors.shopify.mapping import to_gid, to_id
from connectors.shopify.orders import checked_gid, raise_rejection
from connectors.shopify.wire import Connection
from connectors.shopify.wire_parcels import (
    FulfilAnswer,
    FulfillableAnswer,
    ParcelNode,
    SentAnswer,
    SentLineNode,
    WaitingAnswer,
    WaitingLineNode,
    WaitingOrderNode,
)
from hub.sdk import Http, NotDone, Refused, Unanswered, Unreadable
from hub.sdk.parcels import ChangeTracking, Fulfilled, FulfilOrder, ShippedLine

MOST_PARCELS = 50
"""How many parcels of one order are looked at; Shopify gives no second page of them."""


class Dispatch:
    """What was sent and what waits of one shop's orders, during one call."""

    def __init__(self, admin: Admin, http: Http) -> None:
        self._admin = admin
        self._http = http

    async def read(self, order_id: str) -> Fulfilment:
        """An order's fulfilment orders with their lines, and its parcels."""
        gid = checked_gid(order_id)
        parts: list[FulfilmentOrder] = []
        parcels: list[ParcelNode] = []
        after: str | None = None
        while True:
            variables = {"id": gid, "after": after}
            answer = await self._admin.run(self._http, operations.FULFILLABLE, variables, FulfillableAnswer)
            if answer.order is None:
                raise Refused("not-found", "The shop has no such order.")
            parcels = answer.order.fulfillments
            found = answer.order.fulfillment_orders
            parts += [to_order_part(n, await self._waiting(n)) for n in found.nodes]
            if not found.page_info.has_next_page:
                return Fulfilment(id=order_id, orders=parts, parcels=to_parcels(parcels))
            after = found.page_info.end_cursor

    async def send(self, wanted: FulfilOrder) -> Fulfilled:
        """Tell Shopify of a parcel. One fulfilment order after the other, since one call must not cross locations."""
        if not wanted.tracking_number.strip():
            raise Refused("rejected", "Without a tracking number a parcel cannot be told from another.")
        fulfilment = await self.read(wanted.id)
        if len(fulfilment.parcels) >= MOST_PARCELS:
            raise Refused("not-fulfillable", "The order has too many parcels to tell whether this is one.")
        told = fulfilment.parcels_with(wanted.tracking_number)
        ids = [p.id for p in told]
        untold = await self._untold(wanted.lines, told)
        # Part of it may be there from an attempt that broke off: then a refusal of the rest is no refusal of all.
        with since(f"Shopify knows {len(ids)} parts of the parcel" if ids else ""):
            parts = plan(fulfilment, untold)
        for order, lines in parts:
            with since(f"Shopify knows {len(ids)} parts of the parcel" if ids else ""):
                ids.append(await self._create(order, lines, wanted))
        ids.sort(key=int)
        return Fulfilled(id=ids[0], ids=ids, tracking_numbers=[wanted.tracking_number])

    async def _waiting(self, node: WaitingOrderNode) -> list[WaitingLineNode]:
        """All lines of a fulfilment order; the first page came with it."""
        lines, page = list(node.line_items.nodes), node.line_items.page_info
        while page.has_next_page:
            variables = {"id": node.id, "after": page.end_cursor}
            more = await self._admin.run(self._http, operations.WAITING_LINES, variables, WaitingAnswer)
            if more.fulfillment_order is None:
                raise NotDone("The order's fulfilment changed while it was being read.", retry_after=1)
            lines += more.fulfillment_order.line_items.nodes
            page = more.fulfillment_order.line_items.page_info
        return lines

    async def _untold(self, lines: Iterable[ShippedLine], told: Iterable[SentParcel]) -> dict[str, int]:
        """The units that no parcel with this number carries yet."""
        units: Counter[str] = Counter()
        for line in lines:
            units[line.line_id] += line.quantity
        for parcel in told:
            for sent in await self._sent(parcel.id):
                units[to_id(sent.line_item.id)] -= sent.quantity or 0
        return {line_id: left for line_id, left in units.items() if left > 0}

    async def _sent(self, parcel_id: str) -> list[SentLineNode]:
        lines: list[SentLineNode] = []
        after: str | None = None
        while True:
            variables = {"id": to_gid("Fulfillment", parcel_id), "after": after}
            answer = await self._admin.run(self._http, operations.SENT_LINES, variables, SentAnswer)
            if answer.fulfillment is None:
                raise NotDone("A parcel of the order vanished while it was being read.", retry_after=1)
            page: Connection[SentLineNode] = answer.fulfillment.fulfillment_line_items
            lines += page.nodes
            if not page.page_info.has_next_page:
                return lines
            after = page.page_info.end_cursor

    async def _create(self, order: FulfilmentOrder, lines: dict[str, int], wanted: FulfilOrder) -> str:
        units = [{"id": line_id, "quantity": quantity} for line_id, quantity in lines.items()]
        parcel = {
            "lineItemsByFulfillmentOrder": [
                {"fulfillmentOrderId": order.id, "fulfillmentOrderLineItems": units}
            ],
            "trackingInfo": tracking_input(wanted),
            "notifyCustomer": wanted.notify_customer,
        }
        answer = await self._admin.run(self._http, operations.FULFIL, {"fulfillment": parcel}, FulfilAnswer)
        raise_rejection(answer.fulfillment_create.user_errors)
        made = answer.fulfillment_create.fulfillment
        if made is None:
            raise Unreadable("Shopify neither made the fulfilment nor said why.")
        if not has_left(made.status):
            raise Unanswered(f"Shopify made the fulfilment, and says {made.status} of it.")
        return to_id(made.id)


def tracking_input(wanted: FulfilOrder | ChangeTracking) -> dict[str, Any]:
    """Number, carrier and link as Shopify takes them; what we do not know is left out, so that Shopify finds it out."""
    known = {
        "number": wanted.tracking_number,
        "company": to_company(wanted.carrier),
        "url": wanted.tracking_url,
    }
    return {name: text for name, text in known.items() if text}
