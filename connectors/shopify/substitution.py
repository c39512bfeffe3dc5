"""Replace an article of an order by another: one order edit, never at a higher price, and not twice.

Until an edit is committed nothing has changed for anybody: a session that is left alone vanishes.
"""

from collections.abc import AsyncIterator
from decimal import ROUND_DOWN, Decimal
from typing import Any

from connectors.shopify import operations_edit as operations
from connectors.shopify.admin import Admin
from connectors.shopify.doubt import since
from connectors.shopify.mapping import to_id
from connectors.shopify.orders import checked_gid, raise_rejection
from connectors.shopify.wire_edit import (
    AddAnswer,
    AddedLine,
    BeginAnswer,
    BegunOrder,
    CommitAnswer,
    DiscountAnswer,
    EditableAnswer,
    EditableLine,
    EditsAnswer,
    QuantityAnswer,
    Sales,
    StagedLine,
    VariantsAnswer,
)
from hub.sdk import Http, Refused, Unanswered, Unreadable
from hub.sdk.commerce import Money
from hub.sdk.parcels import SubstitutedLine, SubstituteLine


class Substitution:
    """The replacing of articles in one shop's orders during one call."""

    def __init__(self, admin: Admin, http: Http) -> None:
        self._admin = admin
        self._http = http

    async def make(self, wanted: SubstituteLine) -> SubstitutedLine:
        """Edit the order, unless an edit of it did just this before."""
        gid = checked_gid(wanted.id)
        if done := await self._finished(gid, wanted):
            return done
        line = await self._line(gid, wanted)
        variant = await self._variant(wanted.sku)
        edit = await self._begin(gid)
        staged = _staged(edit, wanted)
        added = await self._add(edit, variant, wanted)
        await self._discount(edit, added, _dearer(added, line))
        await self._take_out(edit, staged, wanted)
        commit = {"edit": edit.id, "note": wanted.note or None}
        answer = await self._admin.run(self._http, operations.EDIT_COMMIT, commit, CommitAnswer)
        raise_rejection(answer.order_edit_commit.user_errors)
        with since("The order was edited"):
            if done := await self._finished(gid, wanted):
                return done
        raise Unanswered("Shopify committed the edit, and does not show it yet.")

    async def _finished(self, gid: str, wanted: SubstituteLine) -> SubstitutedLine | None:
        """The edit in which these units left and as many of the new article came."""
        after: str | None = None
        while True:
            variables = {"id": gid, "after": after}
            answer = await self._admin.run(self._http, operations.EDITS, variables, EditsAnswer)
            if answer.order is None:
                raise Refused("not-found", "The shop has no such order.")
            found = answer.order.agreements
            for agreement in found.nodes:
                if agreement.sales and (done := _read_edit(agreement.sales, wanted)):
                    return done
            if not found.page_info.has_next_page:
                return None
            after = found.page_info.end_cursor

    async def _line(self, gid: str, wanted: SubstituteLine) -> EditableLine:
        async for line in self._lines(gid):
            if to_id(line.id) != wanted.line_id:
                continue
            if line.unfulfilled_quantity < wanted.quantity:
                raise Refused("not-editable", "Fewer units of the line are still to be sent.")
            return line
        raise Refused("not-found", "The order has no such line.")

    async def _lines(self, gid: str) -> AsyncIterator[EditableLine]:
        after: str | None = None
        while True:
            variables = {"id": gid, "after": after}
            answer = await self._admin.run(self._http, operations.EDITABLE, variables, EditableAnswer)
            if answer.order is None:
                raise Refused("not-found", "The shop has no such order.")
            if answer.order.cancelled_at or not answer.order.merchant_editable:
                raise Refused("not-editable", "Shopify does not let the order be edited.")
            for line in answer.order.line_items.nodes:
                yield line
            page = answer.order.line_items.page_info
            if not page.has_next_page:
                return
            after = page.end_cursor

    async def _variant(self, sku: str) -> str:
        """Shopify's search is no exact match, and a shop may give one SKU to several articles."""
        quoted = sku.replace("\\", "\\\\").replace("'", "\\'")
        variables = {"query": f"sku:'{quoted}'"}
        answer = await self._admin.run(self._http, operations.VARIANTS, variables, VariantsAnswer)
        found = [v.id for v in answer.product_variants.nodes if (v.sku or "").strip() == sku.strip()]
        if len(found) != 1:
            raise Refused("unknown-sku", f"The shop has {len(found) or 'no'} articles with this SKU.")
        return found[0]

    async def _begin(self, gid: str) -> BegunOrder:
        answer = await self._admin.run(self._http, operations.EDIT_BEGIN, {"id": gid}, BeginAnswer)
        begun = answer.order_edit_begin
        if begun.user_errors or begun.calculated_order is None:
            raise Refused("not-editable", "Shopify does not let the order be edited.")
        return begun.calculated_order

    async def _add(self, edit: BegunOrder, variant: str, wanted: SubstituteLine) -> AddedLine:
        variables = {"edit": edit.id, "variant": variant, "quantity": wanted.quantity}
        answer = await self._admin.run(self._http, operations.EDIT_ADD, variables, AddAnswer)
        raise_rejection(answer.order_edit_add_variant.user_errors)
        if answer.order_edit_add_variant.calculated_line_item is None:
            raise Unreadable("Shopify neither added the article nor said why.")
        return answer.order_edit_add_variant.calculated_line_item

    async def _discount(self, edit: BegunOrder, added: AddedLine, off: Decimal) -> None:
        """Take the difference off each unit; the total is compared afterwards, so nothing rests on this alone."""
        if off <= 0:
            return
        currency = added.discounted_unit_price_set.presentment_money.currency_code
        discount = {"fixedValue": {"amount": str(off), "currencyCode": currency}}
        variables: dict[str, Any] = {"edit": edit.id, "line": added.id, "discount": discount}
        answer = await self._admin.run(self._http, operations.EDIT_DISCOUNT, variables, DiscountAnswer)
        raise_rejection(answer.order_edit_add_line_item_discount.user_errors)

    async def _take_out(self, edit: BegunOrder, staged: StagedLine, wanted: SubstituteLine) -> None:
        """Take the old units out; refuse an edit after which the customer would pay more, taxes included."""
        variables = {"edit": edit.id, "line": staged.id, "quantity": staged.quantity - wanted.quantity}
        answer = await self._admin.run(self._http, operations.EDIT_QUANTITY, variables, QuantityAnswer)
        raise_rejection(answer.order_edit_set_quantity.user_errors)
        after = answer.order_edit_set_quantity.calculated_order
        if after is None:
            raise Unreadable("Shopify neither took out the old units nor said why.")
        before = edit.total_price_set.presentment_money.amount
        if after.total_price_set.presentment_money.amount > before:
            raise Refused("rejected", "The customer would have to pay more, in spite of a discount.")


def _staged(edit: BegunOrder, wanted: SubstituteLine) -> StagedLine:
    """The line as the edit knows it: under another kind of id with the same number."""
    for line in edit.line_items.nodes:
        if to_id(line.id) == wanted.line_id and line.editable_quantity >= wanted.quantity:
            return line
    raise Refused("not-editable", "Shopify does not let so many units of the line be edited.")


def _dearer(added: AddedLine, line: EditableLine) -> Decimal:
    """By how much a new unit costs more than an old one did after all discounts, rounded for the customer."""
    new = added.discounted_unit_price_set.presentment_money.amount
    old = line.discounted_unit_price_after_all_discounts_set.presentment_money.amount
    return new - old.quantize(new, rounding=ROUND_DOWN)


def _read_edit(sales: Sales, wanted: SubstituteLine) -> SubstitutedLine | None:
    """Whether an edit is this substitution. What the line cost less is owed, as far as the customer has paid."""
    old = new = None
    for sale in sales.nodes:
        if sale.line_item is None or abs(sale.quantity or 0) != wanted.quantity:
            continue
        if sale.action_type == "RETURN" and to_id(sale.line_item.id) == wanted.line_id:
            old = sale
        elif sale.action_type == "ORDER" and (sale.line_item.sku or "").strip() == wanted.sku.strip():
            new = sale
    if old is None or new is None or new.line_item is None:
        return None
    paid = old.total_amount.presentment_money
    less = abs(paid.amount) - abs(new.total_amount.presentment_money.amount)
    owed = Money(amount=less, currency=paid.currency_code) if less > 0 else None
    return SubstitutedLine(id=wanted.id, line_id=to_id(new.line_item.id), sku=wanted.sku, owed=owed)
