"""Give money back: as much as Shopify reckons, never more than was paid, and once for each reference."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from connectors.shopify import operations_money as operations
from connectors.shopify.admin import Admin
from connectors.shopify.mapping import PAYMENT, known, to_gid, to_id
from connectors.shopify.orders import checked_gid, raise_rejection
from connectors.shopify.wire import Amount
from connectors.shopify.wire_money import (
    RefundableAnswer,
    RefundableNode,
    RefundAnswer,
    RefundedAnswer,
    RefundNode,
    SuggestedRefund,
    SuggestedTransaction,
)
from hub.sdk import Http, Refused, Unreadable
from hub.sdk.commerce import Money
from hub.sdk.parcels import Refund, RefundOrder

State = Literal["done", "pending", "failed"]

STATE: dict[str, State] = {
    "SUCCESS": "done",
    "PENDING": "pending",
    "AWAITING_RESPONSE": "pending",
    "UNKNOWN": "pending",
    "FAILURE": "failed",
    "ERROR": "failed",
}
"""What Shopify says of a refund's transaction: the refund stands as soon as it is taken, the money may come later."""

MOST_REFUNDS = 50
"""How many refunds of one order are looked at; Shopify gives no second page of them."""


@dataclass(frozen=True, slots=True)
class Share:
    """What is to be refunded: units of lines, shipping, and an amount in the customer's currency."""

    units: Mapping[str, int]
    shipping: Decimal
    amount: Decimal
    suggested: SuggestedRefund


class Refunds:
    """The refunds of one shop during one call."""

    def __init__(self, admin: Admin, http: Http) -> None:
        self._admin = admin
        self._http = http

    async def give(self, wanted: RefundOrder, key: str) -> Refund:
        """Refund once. A refund whose note carries our reference is ours: what is left to refund has changed by it, so
        the same request could not be put together again, whatever Shopify still remembers of the key."""
        gid = checked_gid(wanted.id)
        order = await self._ask(gid, {"all": True, "shipping": wanted.shipping})
        known(PAYMENT, order.display_financial_status, "displayFinancialStatus")
        mark = _mark(wanted)
        if made := next((r for r in order.refunds if (r.note or "").endswith(mark)), None):
            return await self._read(made.id)
        if len(order.refunds) >= MOST_REFUNDS:
            raise Refused(
                "rejected", "The order has too many refunds to tell whether this one is among them."
            )
        share = await self._share(gid, order, wanted)
        variables = {"input": _input(gid, share, wanted), "key": key}
        answer = await self._admin.run(self._http, operations.REFUND, variables, RefundAnswer)
        raise_rejection(answer.refund_create.user_errors)
        if answer.refund_create.refund is None:
            raise Unreadable("Shopify neither made the refund nor said why.")
        return to_refund(answer.refund_create.refund)

    async def _ask(self, gid: str, variables: Mapping[str, Any]) -> RefundableNode:
        variables = {"id": gid, "lines": None, **variables}
        answer = await self._admin.run(self._http, operations.REFUNDABLE, variables, RefundableAnswer)
        if answer.order is None:
            raise Refused("not-found", "The shop has no such order.")
        return answer.order

    async def _read(self, refund_gid: str) -> Refund:
        answer = await self._admin.run(self._http, operations.REFUNDED, {"id": refund_gid}, RefundedAnswer)
        if answer.refund is None:
            raise Unreadable("A refund of the order vanished while it was being read.")
        return to_refund(answer.refund)

    async def _share(self, gid: str, order: RefundableNode, wanted: RefundOrder) -> Share:
        whole = order.suggested_refund
        if whole is None or whole.maximum_refundable_set.presentment_money.amount <= 0:
            raise Refused("nothing-to-refund", "Nothing that was paid is left to refund.")
        left = {to_id(x.line_item.id): x.quantity for x in whole.refund_line_items}
        units = _units(wanted)
        if any(quantity > left.get(line_id, 0) for line_id, quantity in units.items()):
            raise Refused("too-much", "More units are to be refunded than are left.")
        if not units or units == left:
            return _capped(whole, left, wanted)
        # Shipping is given back with the last of the order, not with each part.
        lines = _line_inputs(units)
        part = (await self._ask(gid, {"all": False, "shipping": False, "lines": lines})).suggested_refund
        if part is None:
            raise Unreadable("Shopify reckons no refund for lines that it counts as refundable.")
        return _capped(part, units, wanted)


def to_refund(node: RefundNode) -> Refund:
    """Read a refund. It failed if any part failed, is pending while any part is; the amount leaves failed parts out."""
    found = [
        (known(STATE, t.status, "refund's status"), t.amount_set.presentment_money)
        for t in node.transactions.nodes
    ]
    if not found:
        raise Unreadable("A refund of Shopify's has no transaction.")
    states = {state for state, _ in found}
    state: State = "failed" if "failed" in states else "pending" if "pending" in states else "done"
    given = sum((a.amount for s, a in found if s != "failed"), Decimal(0))
    return Refund(
        id=to_id(node.id), amount=Money(amount=given, currency=found[0][1].currency_code), state=state
    )


def _capped(suggested: SuggestedRefund, units: Mapping[str, int], wanted: RefundOrder) -> Share:
    """What Shopify suggests, but no more than the amount wanted. An amount without lines that is not exactly what is
    left is money alone, the goods stay bought: a gesture, or the difference to a cheaper article, which may be more
    than the goods that are left."""
    most = suggested.maximum_refundable_set.presentment_money
    amount = min(suggested.amount_set.presentment_money.amount, most.amount)
    shipping = suggested.shipping.amount_set.presentment_money.amount
    if wanted.amount is not None:
        _check_amount(wanted.amount, most)
        if not wanted.lines and wanted.amount.amount != amount:
            return Share({}, Decimal(0), wanted.amount.amount, suggested)
        if wanted.amount.amount < amount:
            amount, shipping = wanted.amount.amount, Decimal(0)
    if amount <= 0:
        raise Refused("nothing-to-refund", "Nothing was paid for what is to be refunded.")
    return Share(units, shipping, amount, suggested)


def _check_amount(wanted: Money, most: Amount) -> None:
    if wanted.currency != most.currency_code:
        raise Refused("rejected", f"The customer paid in {most.currency_code}, not in {wanted.currency}.")
    if wanted.amount <= 0:
        raise Refused("rejected", "A refund is more than nothing.")
    if wanted.amount > most.amount:
        raise Refused("too-much", "More is to be refunded than is left of what was paid.")


def _input(gid: str, share: Share, wanted: RefundOrder) -> dict[str, Any]:
    paid = share.suggested.amount_set.presentment_money
    given: dict[str, Any] = {
        "orderId": gid,
        "currency": paid.currency_code,
        "note": f"{wanted.note} {_mark(wanted)}".strip(),
        "notify": wanted.notify_customer,
        "refundLineItems": _line_inputs(share.units),
        "transactions": _transactions(gid, share),
    }
    return given | ({"shipping": {"amount": str(share.shipping)}} if share.shipping > 0 else {})


def _transactions(gid: str, share: Share) -> list[dict[str, Any]]:
    """Spread the amount over the payments in Shopify's order, each up to what Shopify suggests for it; money alone, up
    to what can go back by it."""
    left = share.amount
    parts = []
    for suggested in share.suggested.suggested_transactions:
        paid = (
            suggested.amount_set if share.units else suggested.maximum_refundable_set or suggested.amount_set
        )
        if part := min(left, paid.presentment_money.amount):
            parts.append(_transaction(gid, suggested, part))
            left -= part
    if left > 0:
        raise Refused("rejected", "Shopify names no payment by which all of it could go back.")
    return parts


def _transaction(gid: str, suggested: SuggestedTransaction, amount: Decimal) -> dict[str, Any]:
    if suggested.parent_transaction is None or suggested.gateway is None:
        raise Refused("rejected", "Shopify names no payment by which the money could go back.")
    return {
        "orderId": gid,
        "parentId": suggested.parent_transaction.id,
        "gateway": suggested.gateway,
        "kind": "REFUND",
        "amount": str(amount),
    }


def _units(wanted: RefundOrder) -> dict[str, int]:
    units: dict[str, int] = {}
    for line in wanted.lines:
        units[line.line_id] = units.get(line.line_id, 0) + line.quantity
    return units


def _line_inputs(units: Mapping[str, int]) -> list[dict[str, Any]]:
    """Nothing goes back on the shelf: what a supplier ships was never on ours."""
    return [
        {"lineItemId": to_gid("LineItem", line_id), "quantity": quantity, "restockType": "NO_RESTOCK"}
        for line_id, quantity in units.items()
    ]


def _mark(wanted: RefundOrder) -> str:
    """How our refund's note ends; staff see it, the customer does not."""
    return f"({wanted.reference})"
