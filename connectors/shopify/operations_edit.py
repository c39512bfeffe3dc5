"""The documents that replace one article of an order by another."""

from connectors.shopify.operations import Operation

_PRICE = "{ presentmentMoney { amount currencyCode } }"

EDITABLE = Operation(
    "FarosEditable",
    "order",
    f"""query FarosEditable($id: ID!, $after: String) {{
  order(id: $id) {{
    cancelledAt merchantEditable
    lineItems(first: 100, after: $after) {{
      nodes {{ id unfulfilledQuantity discountedUnitPriceAfterAllDiscountsSet {_PRICE} }}
      pageInfo {{ hasNextPage endCursor }}
    }}
  }}
}}""",
)

EDITS = Operation(
    "FarosEdits",
    "order",
    f"""query FarosEdits($id: ID!, $after: String) {{
  order(id: $id) {{
    agreements(first: 20, after: $after, reverse: true) {{
      nodes {{
        reason
        ... on OrderEditAgreement {{
          sales(first: 6) {{
            nodes {{ actionType quantity totalAmount {_PRICE} ... on ProductSale {{ lineItem {{ id sku }} }} }}
          }}
        }}
        ... on OrderAgreement {{ happenedAt }}
      }}
      pageInfo {{ hasNextPage endCursor }}
    }}
  }}
}}""",
)

VARIANTS = Operation(
    "FarosVariants",
    "productVariants",
    "query FarosVariants($query: String!) { productVariants(first: 10, query: $query) { nodes { id sku } } }",
)

EDIT_BEGIN = Operation(
    "FarosEditBegin",
    "orderEditBegin",
    f"""mutation FarosEditBegin($id: ID!) {{
  orderEditBegin(id: $id) {{
    calculatedOrder {{
      id totalPriceSet {_PRICE}
      lineItems(first: 100) {{ nodes {{ id quantity editableQuantity }} }}
    }}
    userErrors {{ field message }}
  }}
}}""",
)

EDIT_ADD = Operation(
    "FarosEditAdd",
    "orderEditAddVariant",
    f"""mutation FarosEditAdd($edit: ID!, $variant: ID!, $quantity: Int!) {{
  orderEditAddVariant(id: $edit, variantId: $variant, quantity: $quantity, allowDuplicates: true) {{
    calculatedLineItem {{ id discountedUnitPriceSet {_PRICE} }}
    userErrors {{ field message }}
  }}
}}""",
)

EDIT_DISCOUNT = Operation(
    "FarosEditDiscount",
    "orderEditAddLineItemDiscount",
    """mutation FarosEditDiscount($edit: ID!, $line: ID!, $discount: OrderEditAppliedDiscountInput!) {
  orderEditAddLineItemDiscount(id: $edit, lineItemId: $line, discount: $discount) {
    calculatedOrder { id }
    userErrors { field message }
  }
}""",
)

EDIT_QUANTITY = Operation(
    "FarosEditQuantity",
    "orderEditSetQuantity",
    f"""mutation FarosEditQuantity($edit: ID!, $line: ID!, $quantity: Int!) {{
  orderEditSetQuantity(id: $edit, lineItemId: $line, quantity: $quantity, restock: false) {{
    calculatedOrder {{ id totalPriceSet {_PRICE} }}
    userErrors {{ field message }}
  }}
}}""",
)

EDIT_COMMIT = Operation(
    "FarosEditCommit",
    "orderEditCommit",
    """mutation FarosEditCommit($edit: ID!, $note: String) {
  orderEditCommit(id: $edit, notifyCustomer: false, staffNote: $note) {
    order { id }
    userErrors { field message }
  }
}""",
)

EDITING = (EDITABLE, EDITS, VARIANTS, EDIT_BEGIN, EDIT_ADD, EDIT_DISCOUNT, EDIT_QUANTITY, EDIT_COMMIT)
"""Every document here."""
