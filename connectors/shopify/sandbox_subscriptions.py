"""What the sandbox answers about webhook subscriptions: one for each topic and address."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from connectors.shopify.sandbox_nodes import connection, moment, user_error
from connectors.shopify.sandbox_records import SubscriptionRecord

if TYPE_CHECKING:
    from connectors.shopify.sandbox import ShopifySandbox

Node = dict[str, Any]


class SubscriptionAnswers:
    """The root fields about subscriptions."""

    def __init__(self, sandbox: "ShopifySandbox") -> None:
        self.sandbox = sandbox
        self.state = sandbox.state

    def root(self) -> dict[str, Callable[[Node], Any]]:
        """Queries and mutations in one tree."""
        return {"webhookSubscriptions": self.read, "webhookSubscriptionCreate": self.create}

    def read(self, given: Node) -> Node:
        """Those of this app, or only those to one address."""
        wanted = given.get("uri")
        nodes = [_node(s) for s in self.state.subscriptions if wanted in (None, s.uri)]
        return connection(lambda: nodes)(given)

    def create(self, given: Node) -> Node:
        """Shopify refuses the same topic for the same address, and any address without TLS."""
        uri = given["webhookSubscription"].get("uri") or ""
        is_taken = any(s.topic == given["topic"] and s.uri == uri for s in self.state.subscriptions)
        if self.sandbox.take_refusal("rejected") or is_taken or not uri.startswith("https://"):
            why = "Address for this topic has already been taken" if is_taken else "Address is invalid"
            error = user_error(["webhookSubscription", "uri"], why)
            return {"webhookSubscription": None, "userErrors": [error]}
        made = SubscriptionRecord(
            id=self.state.gid("WebhookSubscription"),
            topic=given["topic"],
            uri=uri,
            created_at=self.sandbox.now(),
            filter=given["webhookSubscription"].get("filter"),
        )
        self.state.subscriptions.append(made)
        self.sandbox.changes += 1
        return {"webhookSubscription": _node(made), "userErrors": []}


def _node(found: SubscriptionRecord) -> Node:
    return {
        "id": found.id,
        "topic": found.topic,
        "uri": found.uri,
        "filter": found.filter,
        "createdAt": moment(found.created_at),
    }
