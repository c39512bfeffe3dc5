"""The GraphQL documents for reading, tagging, noting and holding orders; `documents.py` lists those of all subjects.

Each is as small as its use, and valid on every version in `schema/`.

Shopify bills objects and pages, not scalars; no document here asks for more than 600 points
(the limit is 1000).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """One document and its name; `root` is the field of its answer that a person would name."""

    name: str
    root: str
    text: str


_MONEY = "{ shopMoney { amount currencyCode } }"

_LINES = f"""
      nodes {{
        id sku title variantTitle currentQuantity requiresShipping isGiftCard
        customAttributes {{ key value }}
        discountedUnitPriceAfterAllDiscountsSet {_MONEY}
        priceAfterAllDiscountsBeforeTaxesSet {_MONEY}
        product {{ productType }}
      }}
      pageInfo {{ hasNextPage endCursor }}"""

_FULFILMENT_ORDERS = """
      nodes {
        id status requestStatus
        supportedActions { action }
        assignedLocation { name }
        fulfillmentHolds { id handle reason heldByRequestingApp }
      }
      pageInfo { hasNextPage endCursor }"""

SHOP = Operation(
    "FarosShop",
    "shop",
    "query FarosShop { shop { name myshopifyDomain currencyCode } publicApiVersions { handle supported } }",
)

ORDER = Operation(
    "FarosOrder",
    "order",
    f"""query FarosOrder($id: ID!) {{
  order(id: $id) {{
    legacyResourceId name createdAt updatedAt cancelledAt test sourceIdentifier
    displayFinancialStatus email phone note tags
    currentTotalPriceSet {_MONEY}
    customer {{
      legacyResourceId firstName lastName
      defaultEmailAddress {{ emailAddress }} defaultPhoneNumber {{ phoneNumber marketingState }}
    }}
    shippingAddress {{ name company address1 address2 city provinceCode zip countryCodeV2 phone }}
    shippingLine {{ title }}
    risk {{ recommendation assessments {{ riskLevel facts {{ description sentiment }} }} }}
    lineItems(first: 50) {{{_LINES}
    }}
  }}
}}""",
)

ORDER_LINES = Operation(
    "FarosOrderLines",
    "order",
    f"""query FarosOrderLines($id: ID!, $after: String) {{
  order(id: $id) {{
    updatedAt
    lineItems(first: 80, after: $after) {{{_LINES}
    }}
  }}
}}""",
)

FULFILMENT = Operation(
    "FarosFulfilment",
    "order",
    f"""query FarosFulfilment($id: ID!, $after: String) {{
  order(id: $id) {{
    legacyResourceId
    fulfillmentOrders(first: 20, after: $after) {{{_FULFILMENT_ORDERS}
    }}
  }}
}}""",
)

ORDERS_UPDATED = Operation(
    "FarosOrdersUpdated",
    "orders",
    """query FarosOrdersUpdated($query: String!, $after: String) {
  orders(first: 50, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes {
      legacyResourceId name createdAt updatedAt cancelledAt displayFinancialStatus
      email customer { legacyResourceId }
    }
    pageInfo { hasNextPage endCursor }
  }
}""",
)

NOTE = Operation(
    "FarosNote",
    "order",
    "query FarosNote($id: ID!) { order(id: $id) { note } }",
)

TAGS_ADD = Operation(
    "FarosTagsAdd",
    "tagsAdd",
    """mutation FarosTagsAdd($id: ID!, $tags: [String!]!) {
  tagsAdd(id: $id, tags: $tags) { node { ... on Order { tags } } userErrors { field message } }
}""",
)

NOTE_WRITE = Operation(
    "FarosNoteWrite",
    "orderUpdate",
    """mutation FarosNoteWrite($input: OrderInput!) {
  orderUpdate(input: $input) { order { note } userErrors { field message } }
}""",
)

ADDRESS_WRITE = Operation(
    "FarosAddressWrite",
    "orderUpdate",
    """mutation FarosAddressWrite($input: OrderInput!) {
  orderUpdate(input: $input) { order { id } userErrors { field message } }
}""",
)

HOLD = Operation(
    "FarosHold",
    "fulfillmentOrderHold",
    """mutation FarosHold($id: ID!, $hold: FulfillmentOrderHoldInput!) {
  fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) {
    fulfillmentHold { id handle }
    userErrors { field message code }
  }
}""",
)

RELEASE = Operation(
    "FarosRelease",
    "fulfillmentOrderReleaseHold",
    """mutation FarosRelease($id: ID!, $holdIds: [ID!]!) {
  fulfillmentOrderReleaseHold(id: $id, holdIds: $holdIds) {
    fulfillmentOrder { id status }
    userErrors { field message code }
  }
}""",
)

OPERATIONS = (
    SHOP,
    ORDER,
    ORDER_LINES,
    FULFILMENT,
    ORDERS_UPDATED,
    NOTE,
    TAGS_ADD,
    NOTE_WRITE,
    ADDRESS_WRITE,
    HOLD,
    RELEASE,
)
"""Every document of an order's first half: reading, tags, notes and holds."""
