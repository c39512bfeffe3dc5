"""The documents about what leaves in parcels: what waits, what was sent, its tracking and its way."""

from connectors.shopify.operations import Operation

FULFILLABLE = Operation(
    "FarosFulfillable",
    "order",
    """query FarosFulfillable($id: ID!, $after: String) {
  order(id: $id) {
    legacyResourceId
    fulfillments(first: 50) { id status trackingInfo(first: 5) { number } }
    fulfillmentOrders(first: 10, after: $after) {
      nodes {
        id status requestStatus
        supportedActions { action }
        assignedLocation { name }
        fulfillmentHolds { id handle reason heldByRequestingApp }
        lineItems(first: 20) {
          nodes { id remainingQuantity lineItem { id } }
          pageInfo { hasNextPage endCursor }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}""",
)

WAITING_LINES = Operation(
    "FarosWaitingLines",
    "fulfillmentOrder",
    """query FarosWaitingLines($id: ID!, $after: String) {
  fulfillmentOrder(id: $id) {
    lineItems(first: 100, after: $after) {
      nodes { id remainingQuantity lineItem { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
}""",
)

SENT_LINES = Operation(
    "FarosSentLines",
    "fulfillment",
    """query FarosSentLines($id: ID!, $after: String) {
  fulfillment(id: $id) {
    fulfillmentLineItems(first: 100, after: $after) {
      nodes { quantity lineItem { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
}""",
)

FULFIL = Operation(
    "FarosFulfil",
    "fulfillmentCreate",
    """mutation FarosFulfil($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { id status trackingInfo(first: 5) { number } }
    userErrors { field message }
  }
}""",
)

TRACKING = Operation(
    "FarosTracking",
    "fulfillment",
    """query FarosTracking($id: ID!) {
  fulfillment(id: $id) { id status trackingInfo(first: 10) { number company url } }
}""",
)

TRACKING_WRITE = Operation(
    "FarosTrackingWrite",
    "fulfillmentTrackingInfoUpdate",
    """mutation FarosTrackingWrite($id: ID!, $tracking: FulfillmentTrackingInput!, $notify: Boolean!) {
  fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $tracking, notifyCustomer: $notify) {
    fulfillment { id status trackingInfo(first: 10) { number company url } }
    userErrors { field message }
  }
}""",
)

FOLLOWED = Operation(
    "FarosParcelsOfOrder",
    "order",
    """query FarosParcelsOfOrder($id: ID!) {
  order(id: $id) {
    fulfillments(first: 50) {
      id status displayStatus inTransitAt deliveredAt estimatedDeliveryAt updatedAt
      trackingInfo(first: 10) { number company }
    }
  }
}""",
)

EVENTS = Operation(
    "FarosParcelEvents",
    "fulfillment",
    """query FarosParcelEvents($id: ID!, $after: String) {
  fulfillment(id: $id) {
    status displayStatus
    events(first: 100, after: $after) {
      nodes { id status happenedAt message city province country }
      pageInfo { hasNextPage endCursor }
    }
  }
}""",
)

EVENT_ADD = Operation(
    "FarosParcelEventAdd",
    "fulfillmentEventCreate",
    """mutation FarosParcelEventAdd($event: FulfillmentEventInput!) {
  fulfillmentEventCreate(fulfillmentEvent: $event) {
    fulfillmentEvent { id status happenedAt }
    userErrors { field message }
  }
}""",
)

PARCELS = (
    FULFILLABLE, WAITING_LINES, SENT_LINES, FULFIL, TRACKING, TRACKING_WRITE, FOLLOWED, EVENTS, EVENT_ADD,
)  # fmt: skip
"""Every document here."""
