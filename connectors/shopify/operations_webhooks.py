"""The documents about which webhooks Shopify sends us."""

from connectors.shopify.operations import Operation

SUBSCRIPTIONS = Operation(
    "FarosSubscriptions",
    "webhookSubscriptions",
    """query FarosSubscriptions($uri: String!, $after: String) {
  webhookSubscriptions(first: 100, after: $after, uri: $uri) {
    nodes { id topic uri filter createdAt }
    pageInfo { hasNextPage endCursor }
  }
}""",
)

SUBSCRIBE = Operation(
    "FarosSubscribe",
    "webhookSubscriptionCreate",
    """mutation FarosSubscribe($topic: WebhookSubscriptionTopic!, $subscription: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) {
    webhookSubscription { id topic uri filter createdAt }
    userErrors { field message }
  }
}""",
)

WEBHOOKS = (SUBSCRIPTIONS, SUBSCRIBE)
"""Every document here."""
