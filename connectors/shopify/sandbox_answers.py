"""What the sandbox answers to each root field: the reads, and the changes with Shopify's own refusals."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from connectors.shopify.sandbox_edits import EditAnswers
from connectors.shopify.sandbox_money import MoneyAnswers
from connectors.shopify.sandbox_nodes import connection, found_orders, fulfilment_node, order_node
from connectors.shopify.sandbox_nodes import user_error as _error
from connectors.shopify.sandbox_parcels import ParcelAnswers
from connectors.shopify.sandbox_state import OUR_APP, AddressSeed, FulfilmentOrderState, Hold, OrderSeed
from connectors.shopify.sandbox_subscriptions import SubscriptionAnswers
from connectors.shopify.schema import VERSIONS

if TYPE_CHECKING:
    from connectors.shopify.sandbox import ShopifySandbox

Node = dict[str, Any]
MAX_HOLDS = 10


class Answers:
    """The root fields of one sandbox."""

    def __init__(self, sandbox: "ShopifySandbox") -> None:
        self.sandbox = sandbox
        self.state = sandbox.state
        self.money = MoneyAnswers(sandbox)
        self.others = (ParcelAnswers(sandbox), EditAnswers(sandbox), SubscriptionAnswers(sandbox), self.money)

    def root(self) -> dict[str, Any]:
        """Queries and mutations in one tree; the schema keeps them apart."""
        answers: dict[str, Callable[[Node], Any]] = {
            "shop": self.shop,
            "publicApiVersions": self.versions,
            "order": self.order,
            "orders": self.orders,
            "tagsAdd": self.tags_add,
            "orderUpdate": self.order_update,
            "fulfillmentOrderHold": self.hold,
            "fulfillmentOrderReleaseHold": self.release,
        }
        for subject in self.others:
            answers |= subject.root()
        return dict(answers)

    def shop(self, _: Node) -> Node:
        """The shop."""
        name = self.sandbox.shop
        return {"name": name.capitalize(), "myshopifyDomain": f"{name}.myshopify.com", "currencyCode": "USD"}

    def versions(self, _: Node) -> list[Node]:
        """Those that the sandbox has a schema of."""
        return [{"handle": v, "displayName": v, "supported": True} for v in VERSIONS]

    def order(self, given: Node) -> Node | None:
        """An order, or null."""
        found = self._find(given["id"])
        if found is None:
            return None
        return order_node(found, self.state) | {"suggestedRefund": lambda g: self.money.suggested(found, g)}

    def orders(self, given: Node) -> Node:
        """A page of a search."""
        found = found_orders(self.state, given.get("query") or "")
        return connection(lambda: [order_node(o, self.state) for o in found])(given)

    def tags_add(self, given: Node) -> Node:
        """Tags are a set that ignores case."""
        order = self._find(given["id"])
        if order is None:
            return {"node": None, "userErrors": [_error(["id"], "Order does not exist")]}
        too_long = any(len(t) > 40 for t in given["tags"])
        if self.sandbox.take_refusal("rejected") or too_long:
            return {"node": None, "userErrors": [_error(["tags"], "Tags is invalid")]}
        known = {t.lower() for t in order.tags}
        added = {t.strip().lower(): t.strip() for t in given["tags"] if t.strip().lower() not in known}
        if added:
            order.tags = [*order.tags, *added.values()]
            self._changed(order)
        return {"node": order_node(order, self.state), "userErrors": []}

    def order_update(self, given: Node) -> Node:
        """Replaces the note or the shipping address; the sandbox changes nothing else."""
        change = dict(given["input"])
        order = self._find(change.pop("id"))
        if order is None:
            return {"order": None, "userErrors": [_error(["id"], "Order does not exist")]}
        if unknown := set(change) - {"note", "shippingAddress"}:
            raise LookupError(f"The sandbox cannot change {', '.join(sorted(unknown))}.")
        if "shippingAddress" in change:
            return self._change_address(order, change["shippingAddress"])
        if self.sandbox.take_refusal("rejected") or len(change["note"]) > 5000:
            return {"order": None, "userErrors": [_error(["note"], "Note is too long")]}
        if order.note != change["note"]:
            order.note = change["note"]
            self._changed(order)
        return {"order": order_node(order, self.state), "userErrors": []}

    def _change_address(self, order: OrderSeed, wanted: Node) -> Node:
        """The fields that are given replace the old ones. A street and a country are wanted, as Shopify wants them."""
        missing = next((f for f in ("address1", "city", "countryCode") if not wanted.get(f)), None)
        if missing or self.sandbox.take_refusal("rejected"):
            error = _error(["shippingAddress", missing or "address1"], "can't be blank")
            return {"order": None, "userErrors": [error]}
        names = f"{wanted.get('firstName') or ''} {wanted.get('lastName') or ''}".strip()
        changed = AddressSeed(
            name=names,
            company=wanted.get("company") or None,
            address1=wanted["address1"],
            address2=wanted.get("address2") or None,
            city=wanted["city"],
            province_code=wanted.get("provinceCode") or None,
            zip=wanted.get("zip") or None,
            country_code=wanted["countryCode"],
            phone=wanted.get("phone") or None,
        )
        if order.shipping_address != changed:
            order.shipping_address = changed
            self._changed(order)
        return {"order": order_node(order, self.state), "userErrors": []}

    def hold(self, given: Node) -> Node:
        """At most ten holds an app, each with its own handle; a hold of part of the lines is not played
        here."""
        wanted = given["fulfillmentHold"]
        found = self.state.find_fulfilment(given["id"])
        if found is None:
            return _not_held("FULFILLMENT_ORDER_NOT_FOUND", ["id"])
        order, part = found
        if part.status not in ("OPEN", "SCHEDULED", "ON_HOLD"):
            return _not_held("TAKEN", ["id"])
        if wanted.get("fulfillmentOrderLineItems"):
            if part.holds:
                return _not_held("FULFILLMENT_ORDER_NOT_SPLITTABLE", ["fulfillmentHold"])
            raise LookupError("The sandbox does not hold single lines.")
        handle = wanted.get("handle") or ""
        ours = [h for h in part.holds if h.app == OUR_APP]
        if any(h.handle == handle for h in ours):
            return _not_held("DUPLICATE_FULFILLMENT_HOLD_HANDLE", ["fulfillmentHold", "handle"])
        if self.sandbox.take_refusal("not-holdable") or len(ours) >= MAX_HOLDS:
            return _not_held("FULFILLMENT_ORDER_HOLD_LIMIT_REACHED", ["id"])
        hold = Hold(
            id=self.state.gid("FulfillmentHold"),
            app=OUR_APP,
            handle=handle,
            reason=wanted["reason"],
            notes=wanted.get("reasonNotes"),
        )
        part.holds.append(hold)
        part.status = "ON_HOLD"
        self._changed(order)
        return _held(part, hold.id)

    def release(self, given: Node) -> Node:
        """Without ids every hold goes, whoever made it; while any is left the order stays on hold."""
        found = self.state.find_fulfilment(given["id"])
        if found is None:
            error = _error(["id"], "Fulfillment order not found") | {"code": "FULFILLMENT_ORDER_NOT_FOUND"}
            return {"fulfillmentOrder": None, "userErrors": [error]}
        order, part = found
        ids = given.get("holdIds")
        left = [h for h in part.holds if ids and h.id not in ids]
        if len(left) < len(part.holds):
            part.holds = left
            part.status = "ON_HOLD" if left else "OPEN"
            self._changed(order)
        return {"fulfillmentOrder": fulfilment_node(part), "userErrors": []}

    def _find(self, gid: str) -> OrderSeed | None:
        if self.sandbox.take_refusal("not-found"):
            return None
        return self.state.find(gid)

    def _changed(self, order: OrderSeed) -> None:
        order.updated_at = self.sandbox.now()
        self.sandbox.changes += 1


def _not_held(code: str, field: list[str]) -> Node:
    error = _error(field, code.replace("_", " ").capitalize()) | {"code": code}
    return {"fulfillmentHold": None, "fulfillmentOrder": None, "userErrors": [error]}


def _held(part: FulfilmentOrderState, hold_id: str) -> Node:
    node = fulfilment_node(part)
    hold = next(h for h in node["fulfillmentHolds"] if h["id"] == hold_id)
    return {"fulfillmentHold": hold, "fulfillmentOrder": node, "userErrors": []}
