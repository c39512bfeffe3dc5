"""Shopify's JSON around cancelling and refunding; statuses stay text here."""

from pydantic import AwareDatetime

from connectors.shopify.wire import Amount, Connection, UserError, Wire
from connectors.shopify.wire_parcels import LineId


class PaidWith(Wire):
    """An amount in the customer's currency, which is the one that refunds are made in."""

    presentment_money: Amount


class FulfilmentId(Wire):
    """A parcel and whether it left."""

    id: str
    status: str


class CancellableNode(Wire):
    """As much of an order as decides whether it can be called off."""

    cancelled_at: AwareDatetime | None
    fulfillments: list[FulfilmentId]


class CancellableAnswer(Wire):
    """Data of FarosCancellable."""

    order: CancellableNode | None


class JobNode(Wire):
    """Work that Shopify does after it has answered; `done` says that it ended, not that it succeeded."""

    id: str
    done: bool


class CancelPayload(Wire):
    """The job that cancels, or why there is none."""

    job: JobNode | None
    order_cancel_user_errors: list[UserError]


class CancelAnswer(Wire):
    """Data of FarosCancel."""

    order_cancel: CancelPayload


class CancelledNode(Wire):
    """When an order was cancelled."""

    cancelled_at: AwareDatetime | None


class CancelledAnswer(Wire):
    """Data of FarosCancelled."""

    job: JobNode | None
    order: CancelledNode | None


class TransactionId(Wire):
    """A payment."""

    id: str


class SuggestedTransaction(Wire):
    """How much Shopify would give back by which payment, and how much could go back by it."""

    gateway: str | None
    amount_set: PaidWith
    maximum_refundable_set: PaidWith | None
    parent_transaction: TransactionId | None


class SuggestedLine(Wire):
    """Units of a line that can be refunded."""

    quantity: int
    line_item: LineId


class SuggestedShipping(Wire):
    """Shipping that can be refunded."""

    amount_set: PaidWith


class SuggestedRefund(Wire):
    """What Shopify reckons the refund to be."""

    amount_set: PaidWith
    maximum_refundable_set: PaidWith
    shipping: SuggestedShipping
    refund_line_items: list[SuggestedLine]
    suggested_transactions: list[SuggestedTransaction]


class RefundHead(Wire):
    """A refund that was made before; its note carries our reference, if it was ours."""

    id: str
    note: str | None


class RefundableNode(Wire):
    """An order as far as its money goes."""

    display_financial_status: str | None
    refunds: list[RefundHead]
    suggested_refund: SuggestedRefund | None


class RefundableAnswer(Wire):
    """Data of FarosRefundable."""

    order: RefundableNode | None


class RefundTransaction(Wire):
    """One payment's part of a refund."""

    status: str
    amount_set: PaidWith


class RefundNode(Wire):
    """A refund with its transactions."""

    id: str
    transactions: Connection[RefundTransaction]


class RefundedAnswer(Wire):
    """Data of FarosRefunded."""

    refund: RefundNode | None


class RefundPayload(Wire):
    """The refund that was made, or why not."""

    refund: RefundNode | None
    user_errors: list[UserError]


class RefundAnswer(Wire):
    """Data of FarosRefund."""

    refund_create: RefundPayload
