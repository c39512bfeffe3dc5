"""What the sandbox answers about articles and order edits: nothing of an edit is seen until it is committed."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from connectors.shopify.sandbox_nodes import connection, money, number, user_error
from connectors.shopify.sandbox_records import EditRecord, EditSession, SaleRecord, StagedUnit
from connectors.shopify.sandbox_state import OVER, LineSeed, OrderSeed

if TYPE_CHECKING:
    from connectors.shopify.sandbox import ShopifySandbox

Node = dict[str, Any]


class EditAnswers:
    """The root fields about articles and order edits."""

    def __init__(self, sandbox: "ShopifySandbox") -> None:
        self.sandbox = sandbox
        self.state = sandbox.state

    def root(self) -> dict[str, Callable[[Node], Any]]:
        """Queries and mutations in one tree."""
        return {
            "productVariants": self.variants,
            "orderEditBegin": self.begin,
            "orderEditAddVariant": self.add,
            "orderEditAddLineItemDiscount": self.discount,
            "orderEditSetQuantity": self.set_quantity,
            "orderEditCommit": self.commit,
        }

    def variants(self, given: Node) -> Node:
        """Search by SKU, which ignores case and finds what begins with it, too."""
        found = re.fullmatch(r"sku:'(.*)'", given.get("query") or "")
        if not found:
            raise ValueError(f"The sandbox cannot search for {given.get('query')}.")
        wanted = found[1].replace("\\'", "'").replace("\\\\", "\\").lower()
        nodes = [
            {"id": v.id, "sku": v.sku, "title": v.title, "price": f"{v.price:.2f}"}
            for v in self.state.variants
            if v.sku.lower().startswith(wanted)
        ]
        return connection(lambda: nodes)(given)

    def begin(self, given: Node) -> Node:
        """Open a session. What was cancelled or has wholly left cannot be edited."""
        order = self.state.find(given["id"])
        refused = self.sandbox.take_refusal("not-editable")
        if refused or order is None or order.cancelled_at or not self._is_waiting(order):
            error = user_error(["id"], "The order cannot be edited.")
            return {"calculatedOrder": None, "userErrors": [error]}
        session = EditSession(id=self.state.gid("CalculatedOrder"), order=order.id)
        self.state.sessions[session.id] = session
        return {"calculatedOrder": self._calculated(session), "userErrors": []}

    def add(self, given: Node) -> Node:
        """Add an article at its price today."""
        session = self.state.sessions.get(given["id"])
        variant = next((v for v in self.state.variants if v.id == given["variantId"]), None)
        refused = self.sandbox.take_refusal("rejected")
        if refused or session is None or variant is None or given["quantity"] < 1:
            return {
                "calculatedLineItem": None,
                "userErrors": [user_error(["variantId"], "Variant is invalid")],
            }
        staged = StagedUnit(self.state.gid("CalculatedLineItem"), variant, given["quantity"])
        session.added.append(staged)
        return {
            "calculatedLineItem": self._staged(session, staged),
            "calculatedOrder": self._calculated(session),
            "userErrors": [],
        }

    def discount(self, given: Node) -> Node:
        """Take something off each unit of an added line."""
        session = self.state.sessions.get(given["id"])
        staged = next((s for s in session.added if s.id == given["lineItemId"]), None) if session else None
        off = Decimal((given["discount"].get("fixedValue") or {}).get("amount", 0))
        if session is None or staged is None or not 0 < off <= staged.variant.price:
            return {"calculatedOrder": None, "userErrors": [user_error(["discount"], "Discount is invalid")]}
        staged.off = off
        return {"calculatedOrder": self._calculated(session), "userErrors": []}

    def set_quantity(self, given: Node) -> Node:
        """Only units that have not left can be taken out."""
        session = self.state.sessions.get(given["id"])
        order = self.state.orders[session.order] if session else None
        line = order.line(int(number(given["lineItemId"]))) if order else None
        is_allowed = order is not None and line is not None and self._may_be(order, line, given["quantity"])
        if session is None or line is None or not is_allowed:
            return {"calculatedOrder": None, "userErrors": [user_error(["quantity"], "Quantity is invalid")]}
        session.quantities[line.id] = given["quantity"]
        return {"calculatedOrder": self._calculated(session), "userErrors": []}

    def commit(self, given: Node) -> Node:
        """Make it so. The fulfilment orders are replaced, so that their ids are no longer good; holds stay."""
        session = self.state.sessions.pop(given["id"], None)
        if session is None:
            return {"order": None, "userErrors": [user_error(["id"], "The calculated order does not exist.")]}
        order = self.state.orders[session.order]
        sales = [*self._taken_out(order, session), *self._put_in(order, session)]
        edit = EditRecord(
            self.state.gid("OrderEditAgreement"), given.get("staffNote"), self.sandbox.now(), sales
        )
        self.state.edits[order.id].append(edit)
        for part in self.state.fulfilment[order.id]:
            if part.status not in OVER:
                part.id = self.state.gid("FulfillmentOrder")
        self.state.assign(order)
        order.updated_at = self.sandbox.now()
        self.sandbox.changes += 1
        return {"order": {"id": f"gid://shopify/Order/{order.id}"}, "userErrors": []}

    def _taken_out(self, order: OrderSeed, session: EditSession) -> list[SaleRecord]:
        sales = []
        for line_id, quantity in session.quantities.items():
            line = order.line(line_id)
            assert line is not None
            gone = line.left() - quantity
            line.current_quantity = quantity
            sales.append(SaleRecord(self.state.gid("ProductSale"), line_id, -gone, -line.price * gone))
        return sales

    def _put_in(self, order: OrderSeed, session: EditSession) -> list[SaleRecord]:
        sales = []
        for staged in session.added:
            place = next((x.location for x in order.lines if x.id in session.quantities), "Main warehouse")
            price = staged.variant.price - staged.off
            line = LineSeed(
                id=int(number(self.state.gid("LineItem"))),
                sku=staged.variant.sku,
                title=staged.variant.title,
                quantity=staged.quantity,
                price=price,
                location=place,
            )
            order.lines = [*order.lines, line]
            sale = SaleRecord(
                self.state.gid("ProductSale"), line.id, staged.quantity, price * staged.quantity
            )
            sales.append(sale)
        return sales

    def _is_waiting(self, order: OrderSeed) -> bool:
        return any(w.remaining for line in order.lines for w in self.state.waiting(order.id, line.id))

    def _may_be(self, order: OrderSeed, line: LineSeed, quantity: int) -> bool:
        waiting = sum(w.remaining for w in self.state.waiting(order.id, line.id))
        return line.left() - waiting <= quantity <= line.left()

    def _calculated(self, session: EditSession) -> Node:
        order = self.state.orders[session.order]
        nodes = []
        total = order.shipping_price - order.shipping_refunded
        for line in order.lines:
            quantity = session.quantities.get(line.id, line.left())
            waiting = sum(w.remaining for w in self.state.waiting(order.id, line.id))
            total += line.price * quantity
            nodes.append(
                {
                    "id": f"gid://shopify/CalculatedLineItem/{line.id}",
                    "sku": line.sku,
                    "quantity": quantity,
                    "editableQuantity": waiting - (line.left() - quantity),
                }
            )
        total += sum((s.quantity * (s.variant.price - s.off) for s in session.added), Decimal(0))
        price = money(total + self._tax(session), order.currency)
        return {"id": session.id, "totalPriceSet": price, "lineItems": connection(lambda: nodes)}

    def _tax(self, session: EditSession) -> Decimal:
        """What new articles cost above the old ones in tax, where the shop was told so."""
        return self.sandbox.tax_on_edits if session.added else Decimal(0)

    def _staged(self, session: EditSession, staged: StagedUnit) -> Node:
        order = self.state.orders[session.order]
        price = money(staged.variant.price - staged.off, order.currency)
        return {"id": staged.id, "quantity": staged.quantity, "discountedUnitPriceSet": price}
