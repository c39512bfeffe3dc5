"""The documents that call an order off or give money back."""

from connectors.shopify.operations import Operation

_PAID_WITH = "{ presentmentMoney { amount currencyCode } }"
"""What the customer paid and gets back, in the customer's own currency."""

CANCELLABLE = Operation(
    "FarosCancellable",
    "order",
    """query FarosCancellable($id: ID!) {
  order(id: $id) { cancelledAt fulfillments(first: 50) { id status } }
}""",
)

CANCEL = Operation(
    "FarosCancel",
    "orderCancel",
    """mutation FarosCancel(
  $id: ID!, $reason: OrderCancelReason!, $restock: Boolean!, $refund: OrderCancelRefundMethodInput,
  $notify: Boolean!, $note: String
) {
  orderCancel(
    orderId: $id, reason: $reason, restock: $restock, refundMethod: $refund,
    notifyCustomer: $notify, staffNote: $note
  ) {
    job { id done }
    orderCancelUserErrors { field message code }
  }
}""",
)

CANCELLED = Operation(
    "FarosCancelled",
    "order",
    """query FarosCancelled($id: ID!, $job: ID!) {
  job(id: $job) { id done }
  order(id: $id) { cancelledAt }
}""",
)

REFUNDABLE = Operation(
    "FarosRefundable",
    "order",
    f"""query FarosRefundable($id: ID!, $lines: [RefundLineItemInput!], $all: Boolean!, $shipping: Boolean!) {{
  order(id: $id) {{
    displayFinancialStatus
    refunds(first: 50) {{ id note }}
    suggestedRefund(refundLineItems: $lines, suggestFullRefund: $all, refundShipping: $shipping) {{
      amountSet {_PAID_WITH}
      maximumRefundableSet {_PAID_WITH}
      shipping {{ amountSet {_PAID_WITH} }}
      refundLineItems {{ quantity lineItem {{ id }} }}
      suggestedTransactions {{
        gateway amountSet {_PAID_WITH} maximumRefundableSet {_PAID_WITH} parentTransaction {{ id }}
      }}
    }}
  }}
}}""",
)

_REFUNDED = f"""{{
    id
    transactions(first: 20) {{ nodes {{ id status amountSet {_PAID_WITH} }} pageInfo {{ hasNextPage endCursor }} }}
  }}"""

REFUNDED = Operation(
    "FarosRefunded",
    "refund",
    f"""query FarosRefunded($id: ID!) {{
  refund(id: $id) {_REFUNDED}
}}""",
)

REFUND = Operation(
    "FarosRefund",
    "refundCreate",
    f"""mutation FarosRefund($input: RefundInput!, $key: String!) {{
  refundCreate(input: $input) @idempotent(key: $key) {{
    refund {_REFUNDED}
    userErrors {{ field message }}
  }}
}}""",
)

MONEY = (CANCELLABLE, CANCEL, CANCELLED, REFUNDABLE, REFUNDED, REFUND)
"""Every document here."""
