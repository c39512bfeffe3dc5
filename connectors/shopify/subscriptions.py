"""Which webhooks Shopify sends us. It deletes a subscription after eight deliveries in a row have failed."""

from typing import Annotated, Literal, get_args

from pydantic import AwareDatetime, Field

from connectors.shopify import operations_webhooks as operations
from connectors.shopify.admin import Admin
from connectors.shopify.doubt import since
from connectors.shopify.mapping import to_id
from connectors.shopify.orders import raise_rejection
from connectors.shopify.wire import Connection, UserError, Wire
from hub.sdk import Http
from hub.sdk.commerce import Record

Topic = Literal[
    "orders/paid",
    "orders/updated",
    "orders/cancelled",
    "orders/risk_assessment_changed",
    "fulfillments/update",
]
"""The topics this connector reads."""

TOPICS: list[Topic] = list(get_args(Topic))

OF_PARCELS: Topic = "fulfillments/update"
"""What only a tracker needs to be told of."""


class WantedSubscriptions(Record):
    """Which webhooks are to come to which address of ours. Without `parcels` those of a parcel's way are left out,
    as where another service is the tracker."""

    uri: Annotated[str, Field(pattern=r"^https://\S+$")]
    topics: Annotated[list[Topic], Field(min_length=1)] = TOPICS
    parcels: bool = True

    def wanted(self) -> list[Topic]:
        """The topics that are to come."""
        return [topic for topic in self.topics if self.parcels or topic != OF_PARCELS]


class Subscription(Record):
    """One topic that comes. `since` is when it was subscribed to: lately, if it had to be repaired. A `filter` keeps
    some of its deliveries away."""

    id: str
    topic: str
    since: AwareDatetime
    filter: str = ""


class Subscriptions(Record):
    """What comes to an address, and which of the wanted topics do not."""

    uri: str
    found: list[Subscription]
    missing: list[str]


class SubscriptionNode(Wire):
    """A subscription of this app; those from the app's own configuration are not listed."""

    id: str
    topic: str
    uri: str
    filter: str | None = None
    created_at: AwareDatetime


class SubscriptionsAnswer(Wire):
    """Data of FarosSubscriptions."""

    webhook_subscriptions: Connection[SubscriptionNode]


class SubscribePayload(Wire):
    """The subscription, or why not."""

    webhook_subscription: SubscriptionNode | None
    user_errors: list[UserError]


class SubscribeAnswer(Wire):
    """Data of FarosSubscribe."""

    webhook_subscription_create: SubscribePayload


class Subscribing:
    """The subscriptions of this app in one shop, during one call."""

    def __init__(self, admin: Admin, http: Http) -> None:
        self._admin = admin
        self._http = http

    async def read(self, wanted: WantedSubscriptions) -> Subscriptions:
        """What there is, in the order of the wanted topics."""
        nodes: list[SubscriptionNode] = []
        after: str | None = None
        while True:
            variables = {"uri": wanted.uri, "after": after}
            answer = await self._admin.run(
                self._http, operations.SUBSCRIPTIONS, variables, SubscriptionsAnswer
            )
            page = answer.webhook_subscriptions
            nodes += [n for n in page.nodes if n.uri == wanted.uri]
            if not page.page_info.has_next_page:
                return _compared(wanted, nodes)
            after = page.page_info.end_cursor

    async def repair(self, wanted: WantedSubscriptions) -> Subscriptions:
        """Subscribe to what is missing, and read again."""
        missing = (await self.read(wanted)).missing
        for place, topic in enumerate(missing):
            with since(f"Subscribed to {place} topics" if place else ""):
                await self._subscribe(topic, wanted)
        with since("Subscribed to what was missing" if missing else ""):
            return await self.read(wanted)

    async def _subscribe(self, topic: str, wanted: WantedSubscriptions) -> None:
        subscription = {"uri": wanted.uri, "format": "JSON"}
        variables = {"topic": to_enum(topic), "subscription": subscription}
        answer = await self._admin.run(self._http, operations.SUBSCRIBE, variables, SubscribeAnswer)
        errors = answer.webhook_subscription_create.user_errors
        # Another worker may have repaired it since we looked.
        if errors and topic in (await self.read(wanted)).missing:
            raise_rejection(errors)


def to_enum(topic: str) -> str:
    """A topic as GraphQL writes it: `orders/paid` is ORDERS_PAID."""
    return topic.replace("/", "_").upper()


def _compared(wanted: WantedSubscriptions, nodes: list[SubscriptionNode]) -> Subscriptions:
    by_topic = {n.topic: n for n in nodes}
    found = [
        Subscription(id=to_id(n.id), topic=topic, since=n.created_at, filter=n.filter or "")
        for topic in wanted.wanted()
        if (n := by_topic.get(to_enum(topic)))
    ]
    missing = [topic for topic in wanted.wanted() if to_enum(topic) not in by_topic]
    return Subscriptions(uri=wanted.uri, found=found, missing=missing)
