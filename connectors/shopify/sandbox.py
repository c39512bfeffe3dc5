"""ShopifySandbox: a double of one shop's Admin API that runs the very documents it is sent on the official
schema."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs
from uuid import NAMESPACE_URL, uuid5

import orjson
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response

from connectors.shopify.deliveries import SIGNATURE
from connectors.shopify.sandbox_answers import Answers
from connectors.shopify.sandbox_graphql import MAX_COST, Node, check, count_objects, execute
from connectors.shopify.sandbox_state import Hold, OrderSeed, ShopState
from connectors.shopify.sandbox_webhook import order_body
from connectors.shopify.schema import VERSIONS
from hub.sdk import Delivery
from hub.sdk.testing import Sandbox, route

Reply = Response | tuple[int, Any]


class ShopifySandbox(Sandbox):
    """One shop. Feed it with `add_order`; turn its knobs (`bucket`, `withheld`, `serves`) to make it
    difficult."""

    shop = "glow"
    access_token = "shpat_sandbox_0f3c"
    client_id = "sandbox-app"
    client_secret = "sandbox-app-secret"

    def __init__(self) -> None:
        self.state = ShopState()
        self.bucket = Bucket()
        self.withheld: set[str] = set()
        """Fields such as `Order.email` that this app is not approved to read."""
        self.serves = ""
        """The version it says it served, whatever was asked: what happens when a version goes out of
        support."""
        self.granted: dict[str, float] = {}
        """Tokens given out by the grant, and until when they are good by the bucket's clock."""
        self.grants = 0
        self._answers = Answers(self)
        self._deliveries = 0
        super().__init__()

    def settings(self) -> dict[str, Any]:
        return {
            "shop": self.shop,
            "access_token": self.access_token,
            "webhook_secrets": [self.client_secret],
        }

    def grant_settings(self) -> dict[str, Any]:
        """Settings that work too, but have to ask for a token first."""
        app = {"client_id": self.client_id, "client_secret": self.client_secret}
        return {"shop": self.shop, "webhook_secrets": [self.client_secret]} | app

    def unsettled(self) -> Mapping[str, Any]:
        holds = sum(len(part.holds) for parts in self.state.fulfilment.values() for part in parts)
        return {"orders": len(self.state.orders), "holds": holds, "tokens": len(self.granted)}

    # The shop's own doings.

    def add_order(self, **fields: Any) -> OrderSeed:
        """Somebody buys: the fields of `OrderSeed`, each with a default."""
        return self.state.add(OrderSeed(**fields), self.now())

    def change_order(self, order_id: int, **fields: Any) -> OrderSeed:
        """Staff or the buyer change an order."""
        order = self.state.orders[order_id]
        for name, value in OrderSeed(**fields).model_dump(include=set(fields), round_trip=True).items():
            setattr(order, name, value)
        order.updated_at = fields.get("updated_at") or self.now()
        return order

    def add_foreign_hold(self, order_id: int, reason: str = "OTHER", app: str = "another-app") -> None:
        """Another app or a person holds every part of an order."""
        for part in self.state.fulfilment[order_id]:
            part.holds.append(Hold(id=self.state.gid("FulfillmentHold"), app=app, handle="", reason=reason))
            part.status = "ON_HOLD"

    # Its webhooks.

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

    # Its HTTP addresses.

    @route("POST", "/admin/oauth/access_token")
    async def grant(self, request: Request) -> Reply:
        """The client-credentials grant."""
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        if form.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        if (form.get("client_id"), form.get("client_secret")) != (self.client_id, self.client_secret):
            return 401, {"error": "invalid_client"}
        self.grants += 1
        token = f"shpca_sandbox_{self.grants}"
        self.granted[token] = self.bucket.clock() + 86_399
        return 200, {"access_token": token, "scope": "write_orders", "expires_in": 86_399}

    @route("POST", "/admin/api/{version}/graphql.json")
    async def graphql(self, request: Request) -> Reply:
        """The Admin API. A version no longer supported falls forward, silently but for a header."""
        version = request.path_params["version"]
        if version > VERSIONS[-1]:
            return 404, {"errors": "Not Found"}
        version = version if version in VERSIONS else VERSIONS[0]
        if not self._is_known(request.headers.get("x-shopify-access-token", "")):
            return 401, {
                "errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"
            }
        body = self._answer(version, await request.json())
        headers = {"x-shopify-api-version": self.serves or version}
        return Response(orjson.dumps(body, default=str), 200, headers, media_type="application/json")

    def _is_known(self, token: str) -> bool:
        return token == self.access_token or self.granted.get(token, 0) > self.bucket.clock()

    def _answer(self, version: str, request: Node) -> Node:
        checked = check(version, request.get("query") or "")
        if checked.document is None:
            return {"errors": list(checked.errors)}
        if checked.cost > MAX_COST:
            message = (
                f"Query cost is {checked.cost}, which exceeds the single query max cost limit ({MAX_COST})."
            )
            return {"errors": [{"message": message, "extensions": {"code": "MAX_COST_EXCEEDED"}}]}
        if not self.bucket.take(checked.cost):
            error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return {"errors": [error], "extensions": {"cost": self.bucket.cost(checked.cost, None)}}
        body = execute(version, checked.document, self._answers.root(), request, self.withheld)
        actual = min(count_objects(body.get("data")), checked.cost)
        self.bucket.give_back(checked.cost - actual)
        return body | {"extensions": {"cost": self.bucket.cost(checked.cost, actual)}}

    # Addresses for people and other processes.

    @route("POST", "/_sandbox/orders")
    async def seed(self, request: Request) -> Reply:
        """Somebody buys: the JSON of an `OrderSeed`."""
        order = self.add_order(**await request.json())
        return 201, order.model_dump(mode="json")

    @route("POST", "/_sandbox/orders/{order_id:int}")
    async def change(self, request: Request) -> Reply:
        """An order changes: some fields of an `OrderSeed`."""
        order = self.change_order(request.path_params["order_id"], **await request.json())
        return 200, order.model_dump(mode="json")

    @route("POST", "/_sandbox/orders/{order_id:int}/webhook")
    async def webhook(self, request: Request) -> Reply:
        """The signed webhook about an order, for whoever wants to deliver it: `{"topic": "orders/paid"}`."""
        wanted = await request.json()
        delivery = self.order_webhook(request.path_params["order_id"], wanted.get("topic", "orders/paid"))
        return 200, {"headers": dict(delivery.headers), "body": delivery.body.decode()}


class Bucket:
    """The leaky bucket of one app in one shop. By the process's clock, not the trade's: it is about real
    traffic."""

    def __init__(self, maximum: float = 40_000, restore: float = 2_000) -> None:
        self.clock: Callable[[], float] = time.monotonic
        self.maximum = maximum
        self.restore = restore
        self.available = maximum
        self._at = self.clock()

    def shrink(self, *, maximum: float, available: float, restore: float) -> None:
        """Turn it into another shop's bucket, filled this far."""
        self.maximum, self.available, self.restore = maximum, available, restore
        self._at = self.clock()

    def take(self, points: float) -> bool:
        """Take points out, if there are enough."""
        now = self.clock()
        self.available = min(self.maximum, self.available + (now - self._at) * self.restore)
        self._at = now
        if points > self.available:
            return False
        self.available -= points
        return True

    def give_back(self, points: float) -> None:
        """What was asked for and not used."""
        self.available = min(self.maximum, self.available + points)

    def cost(self, requested: int, actual: int | None) -> Node:
        """The cost block of an answer."""
        status = {
            "maximumAvailable": self.maximum,
            "currentlyAvailable": int(self.available),
            "restoreRate": self.restore,
        }
        return {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": status}
