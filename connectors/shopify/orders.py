"""What is done with a shop's orders: read, tag, note, and look for paid ones that no webhook told of."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from connectors.shopify import mapping, operations
from connectors.shopify.admin import Admin
from connectors.shopify.wire import ChangedNode, LineNode, LinesAnswer, OrderAnswer, OrdersAnswer, UserError
from connectors.shopify.wire_fulfilment import NoteAnswer, NoteWriteAnswer, TagsAnswer
from hub.sdk import Http, NotDone, OrderPaid, Page, Refused, Unreadable
from hub.sdk.commerce import Accepted, AddNote, ChangeAddress, Order, OrderTags, TagOrder

FIRST_LOOK = timedelta(hours=1)
"""How far back the first poll of a connection looks."""

INDEX_LAG = timedelta(minutes=2)
"""Shopify's search lags behind its orders; what changed more recently is left to the next poll."""

PAID = ("paid", "partly_refunded")


class Orders:
    """The orders of one shop during one call."""

    def __init__(self, admin: Admin, http: Http) -> None:
        self._admin = admin
        self._http = http

    async def read(self, order_id: str) -> Order:
        """The order and all its lines, which Shopify gives in pages."""
        gid = checked_gid(order_id)
        found = await self._admin.run(self._http, operations.ORDER, {"id": gid}, OrderAnswer, optional=True)
        node = found.order
        if node is None:
            raise Refused("not-found", "The shop has no such order, or the app may not read orders so old.")
        lines: list[LineNode] = list(node.line_items.nodes)
        page = node.line_items.page_info
        while page.has_next_page:
            variables = {"id": gid, "after": page.end_cursor}
            more = await self._admin.run(
                self._http, operations.ORDER_LINES, variables, LinesAnswer, optional=True
            )
            if more.order is None or more.order.updated_at != node.updated_at:
                raise NotDone("The order changed while it was being read.", retry_after=1)
            lines += more.order.line_items.nodes
            page = more.order.line_items.page_info
        return mapping.to_order(node, lines)

    async def tag(self, wanted: TagOrder) -> OrderTags:
        """Adding a tag twice is adding it once: Shopify keeps them as a set."""
        variables = {"id": checked_gid(wanted.id), "tags": wanted.tags}
        answer = await self._admin.run(self._http, operations.TAGS_ADD, variables, TagsAnswer)
        raise_refusal(answer.tags_add.user_errors)
        if answer.tags_add.node is None:
            raise Unreadable("Shopify neither tagged the order nor said why.")
        return OrderTags(id=wanted.id, tags=answer.tags_add.node.tags)

    async def note(self, wanted: AddNote) -> Accepted:
        """Read, add the line, write; a line that is there already is not added again."""
        gid = checked_gid(wanted.id)
        found = await self._admin.run(self._http, operations.NOTE, {"id": gid}, NoteAnswer)
        if found.order is None:
            raise Refused("not-found", "The shop has no such order.")
        before = found.order.note or ""
        if f"\n{wanted.text}\n" in f"\n{before}\n":
            return Accepted(reference=wanted.id)
        note = f"{before}\n{wanted.text}" if before else wanted.text
        variables = {"input": {"id": gid, "note": note}}
        answer = await self._admin.run(self._http, operations.NOTE_WRITE, variables, NoteWriteAnswer)
        raise_refusal(answer.order_update.user_errors)
        return Accepted(reference=wanted.id)

    async def change_address(self, wanted: ChangeAddress) -> Accepted:
        """Writing the same address twice leaves what once leaves."""
        change = {"id": checked_gid(wanted.id), "shippingAddress": mapping.write_address(wanted.address)}
        answer = await self._admin.run(
            self._http, operations.ADDRESS_WRITE, {"input": change}, NoteWriteAnswer
        )
        raise_refusal(answer.order_update.user_errors)
        return Accepted(reference=wanted.id)

    async def paid_since(self, cursor: str | None, now: datetime) -> Page[OrderPaid]:
        """One page of a window that is over. An order that changes meanwhile leaves it, and is in a later
        one.

        The cursor is `since`, or `since until after` in the middle of a window.
        """
        parts = (cursor or (now - FIRST_LOOK).astimezone(UTC).isoformat()).split(" ")
        if len(parts) == 3:
            since, until, after = parts[0], parts[1], parts[2]
        else:
            since, until, after = parts[0], (now - INDEX_LAG).astimezone(UTC).isoformat(), ""
        if not after and datetime.fromisoformat(until) <= datetime.fromisoformat(since):
            return Page([], since)
        query = f"updated_at:>='{since}' AND updated_at:<'{until}'"
        found = await self._admin.run(
            self._http,
            operations.ORDERS_UPDATED,
            {"query": query, "after": after or None},
            OrdersAnswer,
            optional=True,
        )
        page = found.orders.page_info
        events = [_paid(n) for n in found.orders.nodes if _is_paid(n)]
        if page.has_next_page:
            return Page(events, f"{since} {until} {page.end_cursor}", more=True)
        return Page(events, until)


def checked_gid(order_id: str) -> str:
    """The global id of an order; what is not a number is no order's id."""
    if not (order_id.isascii() and order_id.isdecimal()):
        raise Refused("not-found", "A Shopify order's id is a number.")
    return mapping.order_gid(order_id)


def raise_refusal(errors: Iterable[UserError]) -> None:
    """Mutations without codes say by the field what is wrong: the id, or what was to be written."""
    for error in errors:
        if error.field and error.field[-1] == "id":
            raise Refused("not-found", "The shop has no such order.")
        raise Refused("rejected", f"Shopify rejects {'.'.join(error.field or ['the change'])}.")


def raise_rejection(errors: Iterable[UserError]) -> None:
    """For what was read just before, so that it is there: any error means that the change is not wanted. A message
    may quote data, so only the fields are told."""
    if fields := [".".join(e.field or ["the change"]) for e in errors]:
        raise Refused("rejected", f"Shopify rejects {', '.join(fields)}.")


def _is_paid(node: ChangedNode) -> bool:
    status = mapping.known(mapping.PAYMENT, node.display_financial_status, "displayFinancialStatus")
    return status in PAID and node.cancelled_at is None


def _paid(node: ChangedNode) -> OrderPaid:
    return OrderPaid(
        order_id=node.legacy_resource_id,
        number=mapping.to_number(node.name),
        updated_at=node.updated_at,
        created_at=node.created_at,
        customer=node.email or (node.customer.legacy_resource_id if node.customer else ""),
    )
