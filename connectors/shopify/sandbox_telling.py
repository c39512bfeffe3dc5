"""What the sandbox tells of its own accord: the signed webhooks about its orders and parcels."""

from collections.abc import Mapping
from uuid import NAMESPACE_URL, uuid5

import orjson
from pydantic import SecretStr

from connectors.shopify.deliveries import SIGNATURE
from connectors.shopify.sandbox_state import ShopState
from connectors.shopify.sandbox_webhook import fulfilment_body, order_body
from connectors.shopify.schema import VERSIONS
from hub.sdk import Delivery
from hub.sdk.testing import Sandbox


class TellingShop(Sandbox):
    """A shop that tells. It sends nothing by itself: whoever plays takes a delivery and brings it to the hub."""

    shop = "glow"
    client_secret = "sandbox-app-secret"

    def __init__(self) -> None:
        super().__init__()
        self.state = ShopState()
        self.serves = ""
        """The version it says it served, whatever was asked, as when a version goes out of support."""
        self._deliveries = 0

    def order_paid_webhook(self, order_id: int) -> Delivery:
        """What Shopify sends when an order is paid; each call is a new delivery of the same fact."""
        return self.order_webhook(order_id, "orders/paid")

    def order_webhook(self, order_id: int, topic: str) -> Delivery:
        """A webhook about an order; the body is the same for every topic."""
        order = self.state.orders[order_id]
        extra = {"x-shopify-order-id": str(order.id), "x-shopify-test": str(order.test).lower()}
        return self.sign(orjson.dumps(order_body(order)), topic, extra)

    def risk_webhook(self, order_id: int, level: str = "low") -> Delivery:
        """What Shopify sends when a fraud analysis has come in."""
        body = {
            "provider_id": None,
            "provider_title": "Shopify",
            "risk_level": level,
            "created_at": self.now().isoformat(),
            "order_id": order_id,
            "admin_graphql_api_order_id": f"gid://shopify/Order/{order_id}",
        }
        return self.sign(orjson.dumps(body), "orders/risk_assessment_changed")

    def parcel_webhook(self, tracking_number: str) -> Delivery:
        """What Shopify sends when anything about a parcel has changed."""
        parcel = self.state.parcel_with(tracking_number)
        body = fulfilment_body(parcel, self.state.orders[parcel.order])
        return self.sign(orjson.dumps(body), "fulfillments/update")

    def sign(self, body: bytes, topic: str = "", headers: Mapping[str, str] | None = None) -> Delivery:
        self._deliveries += 1
        delivery_id = str(uuid5(NAMESPACE_URL, f"{topic}/{self._deliveries}"))
        sent = {
            "content-type": "application/json",
            "user-agent": "Shopify-Captain-Hook",
            "x-shopify-topic": topic or "orders/paid",
            "x-shopify-hmac-sha256": SIGNATURE.of(SecretStr(self.client_secret), body),
            "x-shopify-shop-domain": f"{self.shop}.myshopify.com",
            "x-shopify-api-version": self.serves or VERSIONS[0],
            "x-shopify-webhook-id": delivery_id,
            "x-shopify-event-id": str(uuid5(NAMESPACE_URL, f"event/{delivery_id}")),
            "x-shopify-triggered-at": self.now().isoformat(),
        }
        return Delivery(sent | {k.lower(): v for k, v in (headers or {}).items()}, body, self.now())
