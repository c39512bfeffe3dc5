"""Shopify's JSON around order edits and articles."""

from pydantic import AwareDatetime

from connectors.shopify.wire import Connection, UserError, Wire
from connectors.shopify.wire_money import PaidWith


class EditableLine(Wire):
    """A line as far as it can be edited: only units that have not left can."""

    id: str
    unfulfilled_quantity: int
    discounted_unit_price_after_all_discounts_set: PaidWith


class EditableNode(Wire):
    """An order as far as it can be edited."""

    cancelled_at: AwareDatetime | None
    merchant_editable: bool
    line_items: Connection[EditableLine]


class EditableAnswer(Wire):
    """Data of FarosEditable."""

    order: EditableNode | None


class SoldLine(Wire):
    """The line that a sale is about."""

    id: str
    sku: str | None


class Sale(Wire):
    """What an edit added to an order (ORDER) or took from it (RETURN); only sales of articles have a line."""

    action_type: str
    quantity: int | None
    total_amount: PaidWith
    line_item: SoldLine | None = None


class Sales(Wire):
    """The sales of one edit."""

    nodes: list[Sale]


class Agreement(Wire):
    """An agreement with the customer: the purchase, an edit, a refund. Only edits are asked for their sales."""

    sales: Sales | None = None


class EditsNode(Wire):
    """An order's agreements, newest first."""

    agreements: Connection[Agreement]


class EditsAnswer(Wire):
    """Data of FarosEdits."""

    order: EditsNode | None


class VariantNode(Wire):
    """An article of the shop."""

    id: str
    sku: str | None


class Variants(Wire):
    """The articles that a search found."""

    nodes: list[VariantNode]


class VariantsAnswer(Wire):
    """Data of FarosVariants."""

    product_variants: Variants


class StagedLine(Wire):
    """A line in an edit. Its quantity counts what has left, too."""

    id: str
    quantity: int
    editable_quantity: int


class StagedLines(Wire):
    """The lines that the order had before the edit."""

    nodes: list[StagedLine]


class BegunOrder(Wire):
    """An edit that has just begun."""

    id: str
    total_price_set: PaidWith
    line_items: StagedLines


class BeginPayload(Wire):
    """The edit, or why there is none."""

    calculated_order: BegunOrder | None
    user_errors: list[UserError]


class BeginAnswer(Wire):
    """Data of FarosEditBegin."""

    order_edit_begin: BeginPayload


class AddedLine(Wire):
    """The line that an edit adds."""

    id: str
    discounted_unit_price_set: PaidWith


class AddPayload(Wire):
    """The added line, or why not."""

    calculated_line_item: AddedLine | None
    user_errors: list[UserError]


class AddAnswer(Wire):
    """Data of FarosEditAdd."""

    order_edit_add_variant: AddPayload


class StepPayload(Wire):
    """A step's refusals."""

    user_errors: list[UserError]


class DiscountAnswer(Wire):
    """Data of FarosEditDiscount."""

    order_edit_add_line_item_discount: StepPayload


class StagedOrder(Wire):
    """What the order would cost."""

    total_price_set: PaidWith


class QuantityPayload(Wire):
    """The order as it would be, or why not."""

    calculated_order: StagedOrder | None
    user_errors: list[UserError]


class QuantityAnswer(Wire):
    """Data of FarosEditQuantity."""

    order_edit_set_quantity: QuantityPayload


class CommitAnswer(Wire):
    """Data of FarosEditCommit."""

    order_edit_commit: StepPayload
