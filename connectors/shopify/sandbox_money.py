"""What the sandbox answers about money: how much could be refunded, refunds by key, and orders called off."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import orjson
from graphql import GraphQLError

from connectors.shopify.sandbox_graphql import IDEMPOTENT
from connectors.shopify.sandbox_nodes import money, number, refund_node, user_error
from connectors.shopify.sandbox_records import CancelJob, RefundRecord
from connectors.shopify.sandbox_state import OrderSeed

if TYPE_CHECKING:
    from connectors.shopify.sandbox import ShopifySandbox

Node = dict[str, Any]


class MoneyAnswers:
    """The root fields about refunds and cancellations."""

    def __init__(self, sandbox: "ShopifySandbox") -> None:
        self.sandbox = sandbox
        self.state = sandbox.state
        self.answered: dict[str, tuple[bytes, RefundRecord]] = {}
        """What was refunded under each key, and the input that asked for it."""

    def root(self) -> dict[str, Callable[[Node], Any]]:
        """Queries and mutations in one tree."""
        return {
            "refund": self.refund,
            "refundCreate": self.create,
            "orderCancel": self.cancel,
            "job": self.job,
        }

    def payments(self, order: OrderSeed) -> dict[str, tuple[str, Decimal]]:
        """The gateway of each payment, by its id, and what can still go back by it."""
        split = (
            ("gift_card", order.by_gift_card),
            ("shopify_payments", (order.paid or Decimal(0)) - order.by_gift_card),
        )
        found = {}
        for place, (gateway, paid) in enumerate(split, 1):
            gid = f"gid://shopify/OrderTransaction/{order.id}{place}"
            refunds = [r for r in self.state.refunds[order.id] if r.amount()]
            gone = sum((p[2] for r in refunds for p in r.parts if p[1] == gid), Decimal(0))
            if paid > 0:
                found[gid] = (gateway, paid - gone)
        return found

    def suggested(self, order: OrderSeed, given: Node) -> Node:
        """What Shopify would refund: never more than is left of what was paid."""
        units = _all_units(order) if given["suggestFullRefund"] else _units(given)
        most = self.state.refundable(order)
        shipping = (
            order.shipping_price - order.shipping_refunded if given.get("refundShipping") else Decimal(0)
        )
        amount = min(_price(order, units) + shipping, most)
        transactions, left = [], amount
        for gid, (gateway, there) in self.payments(order).items():
            if part := min(left, there):
                parent = {"id": gid}
                transactions.append(
                    {
                        "gateway": gateway,
                        "kind": "SUGGESTED_REFUND",
                        "amountSet": money(part, order.currency),
                        "maximumRefundableSet": money(there, order.currency),
                        "parentTransaction": parent,
                    }
                )
                left -= part
        lines = [
            {"quantity": q, "lineItem": {"id": f"gid://shopify/LineItem/{i}"}} for i, q in units.items() if q
        ]
        return {
            "amountSet": money(amount, order.currency),
            "maximumRefundableSet": money(most, order.currency),
            "shipping": {"amountSet": money(shipping, order.currency)},
            "refundLineItems": lines,
            "suggestedTransactions": transactions,
        }

    def refund(self, given: Node) -> Node | None:
        """A refund, or null."""
        for order_id, refunds in self.state.refunds.items():
            for found in refunds:
                if found.id == given["id"]:
                    return refund_node(found, self.state.orders[order_id])
        return None

    def create(self, given: Node) -> Node:
        """Without a key nothing is done; with one that was used the answer is the one given then."""
        key = str(given.get(IDEMPOTENT) or "")
        if not key.strip():
            message = "The @idempotent directive is required for this mutation but was not provided."
            raise GraphQLError(message, extensions={"code": "BAD_REQUEST"})
        asked = orjson.dumps(given["input"], default=str, option=orjson.OPT_SORT_KEYS)
        if key in self.answered:
            before, made = self.answered[key]
            if before != asked:
                code = "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
                raise GraphQLError("The key was used with other parameters.", extensions={"code": code})
            return {"refund": refund_node(made, self.state.orders[made.order]), "userErrors": []}
        order = self.state.find(given["input"]["orderId"])
        if order is None:
            return {"refund": None, "userErrors": [user_error(["orderId"], "Order does not exist")]}
        if found := self._why_not(order, given["input"]):
            return {"refund": None, "userErrors": [user_error(*found)]}
        made = self._refund(order, given["input"])
        self.answered[key] = (asked, made)
        return {"refund": refund_node(made, order), "userErrors": []}

    def cancel(self, given: Node) -> Node:
        """Shopify takes the wish, and a job carries it out."""
        order = self.state.find(given["orderId"])
        if order is None:
            return _not_cancelled("NOT_FOUND", "orderId")
        refused = self.sandbox.take_refusal("not-cancellable")
        if refused or order.cancelled_at or any(p.is_live() for p in self.state.parcels_of(order.id)):
            return _not_cancelled("INVALID", "orderId")
        if len(given.get("staffNote") or "") > 255:
            return _not_cancelled("INVALID", "staffNote")
        method = given.get("refundMethod") or {}
        job = CancelJob(
            id=f"gid://shopify/Job/{uuid5(NAMESPACE_URL, f'{order.id}/{len(self.state.jobs)}')}",
            order=order.id,
            refund=bool(method.get("originalPaymentMethodsRefund")),
            looks=self.sandbox.job_looks,
            fails=self.sandbox.job_fails,
        )
        self.state.jobs[job.id] = job
        self.sandbox.changes += 1
        return {"job": {"id": job.id, "done": False}, "orderCancelUserErrors": []}

    def job(self, given: Node) -> Node | None:
        """A job, or null. Each look brings it nearer to its end."""
        job = self.state.jobs.get(given["id"])
        if job is None:
            return None
        job.looks -= 1
        order = self.state.orders[job.order]
        if job.looks == 0 and not job.fails and order.cancelled_at is None:
            if job.refund and (left := self.state.refundable(order)) > 0:
                self._record(order, None, {}, Decimal(0), self._spread(order, left))
            order.cancelled_at = order.updated_at = self.sandbox.now()
            self.state.cancel(order.id)
        return {"id": job.id, "done": job.looks <= 0}

    def finish(self) -> None:
        """Every job runs to its end."""
        for job in self.state.jobs.values():
            while job.looks > 0:
                self.job({"id": job.id})

    def _why_not(self, order: OrderSeed, wanted: Node) -> tuple[list[str], str] | None:
        """Shopify's refusal: the field, and what is wrong with it."""
        payments = self.payments(order)
        parts = wanted.get("transactions") or []
        lines = wanted.get("refundLineItems") or []
        if self.sandbox.take_refusal("rejected") or not (parts or lines or wanted.get("shipping")):
            return ["base"], "Refund is invalid"
        if wanted.get("currency") not in (None, order.currency):
            return ["currency"], "Currency must be the presentment currency"
        if any(_is_bad_line(order, line) for line in lines):
            return ["refundLineItems"], "Refund line items is invalid"
        if any(p["kind"] != "REFUND" or p.get("parentId") not in payments for p in parts):
            return ["transactions"], "Transactions is invalid"
        amount = sum((Decimal(p["amount"]) for p in parts), Decimal(0))
        is_over = any(Decimal(p["amount"]) > payments[p["parentId"]][1] for p in parts)
        if (is_over or amount > self.state.refundable(order)) and not wanted.get("allowOverRefunding"):
            return ["transactions"], "Refund amount is more than what was paid"
        return None

    def _refund(self, order: OrderSeed, wanted: Node) -> RefundRecord:
        units = _units(wanted)
        shipping = wanted.get("shipping") or {}
        left = order.shipping_price - order.shipping_refunded
        ship = left if shipping.get("fullRefund") else Decimal(shipping.get("amount") or 0)
        parts = [(p["parentId"], Decimal(p["amount"])) for p in wanted.get("transactions") or []]
        made = self._record(order, wanted.get("note"), units, ship, parts)
        for line_id, quantity in units.items():
            self.state.take_off(order, line_id, quantity)
        order.shipping_refunded += ship
        order.updated_at = self.sandbox.now()
        self.sandbox.changes += 1
        return made

    def _record(
        self,
        order: OrderSeed,
        note: str | None,
        units: dict[int, int],
        shipping: Decimal,
        parts: list[tuple[str, Decimal]],
    ) -> RefundRecord:
        made = RefundRecord(
            id=self.state.gid("Refund"),
            order=order.id,
            note=note,
            units=units,
            shipping=shipping,
            parts=[(self.state.gid("OrderTransaction"), parent, amount) for parent, amount in parts],
            status=self.sandbox.refund_status,
        )
        self.state.refunds[order.id].append(made)
        if parts:
            is_all = self.state.refundable(order) <= 0
            order.financial_status = "REFUNDED" if is_all else "PARTIALLY_REFUNDED"
        return made

    def _spread(self, order: OrderSeed, amount: Decimal) -> list[tuple[str, Decimal]]:
        parts = []
        for gid, (_, there) in self.payments(order).items():
            parts.append((gid, min(amount, there)))
            amount -= min(amount, there)
        return parts


def _all_units(order: OrderSeed) -> dict[int, int]:
    return {line.id: line.left() for line in order.lines}


def _units(given: Node) -> dict[int, int]:
    return {int(number(x["lineItemId"])): x["quantity"] for x in given.get("refundLineItems") or []}


def _price(order: OrderSeed, units: dict[int, int]) -> Decimal:
    return sum((line.price * units.get(line.id, 0) for line in order.lines), Decimal(0))


def _is_bad_line(order: OrderSeed, wanted: Node) -> bool:
    """No such line, more units than are left, or stock that is to go back to nowhere."""
    line = order.line(int(number(wanted["lineItemId"])))
    if line is None or not 0 < wanted["quantity"] <= line.left():
        return True
    restock = wanted.get("restockType") or "NO_RESTOCK"
    return restock == "LEGACY_RESTOCK" or (restock != "NO_RESTOCK" and not wanted.get("locationId"))


def _not_cancelled(code: str, field: str) -> Node:
    error = user_error([field], code.replace("_", " ").capitalize()) | {"code": code}
    return {"job": None, "orderCancelUserErrors": [error]}
