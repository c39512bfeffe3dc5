"""ShopifySandbox: a double of one shop's Admin API that runs the very documents it is sent on the official
schema."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import orjson
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from connectors.shopify.sandbox_answers import Answers
from connectors.shopify.sandbox_bucket import Bucket
from connectors.shopify.sandbox_examples import examples, of_parcels, provocations
from connectors.shopify.sandbox_graphql import MAX_COST, Node, check, count_objects, execute
from connectors.shopify.sandbox_records import ParcelEvent, ParcelRecord, Variant
from connectors.shopify.sandbox_state import Hold, LineSeed, OrderSeed
from connectors.shopify.sandbox_story import by_order
from connectors.shopify.sandbox_telling import TellingShop
from connectors.shopify.sandbox_webhook import fulfilment_body, order_body
from connectors.shopify.schema import VERSIONS
from hub.sdk.testing import Sandbox, route

Reply = Response | tuple[int, Any]

FIRST_ORDER = 5_830_112_419_001
"""The id of an order that is always there: paid, and waiting to be sent."""

SENT_ORDER = 5_830_112_418_001
"""The id of another: sent in a parcel, to be paid on delivery."""

SENT_NUMBER = "1Z999AA10123456784"
"""The number of that parcel."""


class ShopifySandbox(TellingShop):
    """One shop, which opens with two old orders: #1000, and #0999, which has left.

    Feed it with `add_order`; turn its knobs, which are its public attributes, to make it difficult.
    """

    access_token = "shpat_sandbox_0f3c"
    client_id = "sandbox-app"

    def __init__(self, *, grants: bool = False) -> None:
        """With `grants` its settings have no access token, so one has to be asked for first."""
        super().__init__()
        self.has_grants = grants
        self.bucket = Bucket()
        self.withheld: set[str] = set()
        """Fields such as `Order.email` that this app is not approved to read."""
        self.granted: dict[str, float] = {}
        """Tokens given out by the grant, and until when they are good by the bucket's clock."""
        self.grants = 0
        self.job_looks = 1
        """How often one has to look at an order that is being cancelled until it is."""
        self.job_fails = False
        """Whether cancelling ends without having cancelled."""
        self.refund_status = "SUCCESS"
        """What becomes of a refund's money; PENDING is what slow payment providers say."""
        self.tax_on_edits = Decimal(0)
        """What an edit costs the customer in taxes."""
        self._answers = Answers(self)
        self._open()

    def _open(self) -> None:
        """What the shop has on its first day."""
        long_ago = datetime(2026, 1, 2, tzinfo=UTC)
        self.add_variant("GLW-SERUM-30", "24.00", "Glow serum")
        self.add_variant("GLW-SERUM-50", "32.00", "Glow serum, large")
        self.add_order(
            id=FIRST_ORDER, name="#1000", created_at=long_ago, lines=[LineSeed(id=FIRST_ORDER + 1)]
        )
        line = LineSeed(id=SENT_ORDER + 1)
        self.add_order(
            id=SENT_ORDER, name="#0999", created_at=long_ago, financial_status="PENDING", lines=[line]
        )
        self.send_parcel(SENT_ORDER, SENT_NUMBER, id=SENT_ORDER + 2)

    def settings(self) -> dict[str, Any]:
        if self.has_grants:
            return {"shop": self.shop, "client_id": self.client_id, "client_secret": self.client_secret}
        return {
            "shop": self.shop,
            "access_token": self.access_token,
            "webhook_secrets": [self.client_secret],
        }

    def reset(self) -> None:
        self.__init__(grants=self.has_grants)  # type: ignore[misc]  # a double forgets by starting over

    def unsettled(self) -> Mapping[str, Any]:
        orders = self.state.orders.values()
        return {
            "orders": len(orders),
            "holds": sum(len(part.holds) for parts in self.state.fulfilment.values() for part in parts),
            "tags": sum(len(o.tags) for o in orders),
            "note lines": sum(len((o.note or "").splitlines()) for o in orders),
            "parcels": len(self.state.parcels),
            "refunds": sum(map(len, self.state.refunds.values())),
            "cancelled": sum(o.cancelled_at is not None for o in orders),
            "edits": sum(map(len, self.state.edits.values())),
            "subscriptions": len(self.state.subscriptions),
            "by order": by_order(self.state),
        }

    # What the standard tests need.

    def variants(self) -> Mapping[str, Callable[[], Sandbox]]:
        return {"access token": ShopifySandbox, "client credentials": partial(ShopifySandbox, grants=True)}

    def examples(self) -> Mapping[str, BaseModel]:
        orders = examples(str(FIRST_ORDER), str(SENT_ORDER + 2))
        return {**orders, **of_parcels(str(SENT_ORDER), SENT_NUMBER)}

    def provocations(self) -> Mapping[str, Mapping[str, BaseModel]]:
        return provocations(str(FIRST_ORDER), str(SENT_ORDER))

    def deliveries(self) -> Mapping[str, Any]:
        body = order_body(self.state.orders[FIRST_ORDER])
        risk = orjson.loads(self.risk_webhook(FIRST_ORDER).body)
        orders = ("orders/paid", "orders/updated", "orders/cancelled")
        moving = replace(self.state.parcel_with(SENT_NUMBER), displayed="IN_TRANSIT")
        parcel = fulfilment_body(moving, self.state.orders[SENT_ORDER])
        return dict.fromkeys(orders, body) | {
            "orders/risk_assessment_changed": risk,
            "fulfillments/update": parcel,
        }

    def statuses(self) -> Mapping[str, str]:
        displayed = "data.order.fulfillments.0.displayStatus"
        return {
            "track_parcel": displayed,
            "get_tracking": displayed,
            "tracking_updated": "shipment_status",
            "get_order": "data.order.displayFinancialStatus",
            "get_fulfilment": "data.order.fulfillmentOrders.nodes.0.status",
            "refund_order": "data.order.displayFinancialStatus",
        }

    def exempt(self) -> Mapping[str, str]:
        reason = (
            "The first answer here is the token's, which has no status; the variant with a token keeps it."
        )
        return {"statuses": reason} if self.has_grants else {}

    def seed(self) -> None:
        for place in range(60):
            at = self.now() - timedelta(minutes=3, seconds=30 * (60 - place))
            self.add_order(created_at=at, financial_status="PENDING" if place % 10 == 0 else "PAID")

    # The shop's own doings.

    def add_order(self, **fields: Any) -> OrderSeed:
        """Somebody buys: the fields of `OrderSeed`, each with a default."""
        return self.state.add(OrderSeed(**fields), self.now())

    def change_order(self, order_id: int, **fields: Any) -> OrderSeed:
        """Staff or the buyer change an order. Its fulfilment orders stay, unless it is cancelled."""
        order = self.state.orders[order_id]
        for name, value in OrderSeed(**fields).model_dump(include=set(fields), round_trip=True).items():
            setattr(order, name, value)
        if "updated_at" not in fields:
            order.updated_at = self.now()
        self.state.number(order)
        if "lines" in fields:
            self.state.assign(order)
        if fields.get("cancelled_at"):
            self.state.cancel(order_id)
        return order

    def add_variant(self, sku: str, price: str, title: str = "") -> Variant:
        """The shop takes an article into its range; nothing keeps it from giving two the same SKU."""
        variant = Variant(self.state.gid("ProductVariant"), sku, title or sku, Decimal(price))
        self.state.variants.append(variant)
        return variant

    def send_parcel(self, order_id: int, tracking_number: str, id: int | None = None) -> ParcelRecord:
        """Staff send all that waits of an order, in one parcel for each location; the last of them is given."""
        return self.state.send(self.state.orders[order_id], tracking_number, self.now(), id)

    def carrier_says(self, tracking_number: str, status: str, **said: Any) -> ParcelEvent:
        """Shopify hears from the carrier of a parcel; `said` is what else a `ParcelEvent` has. It happened now if
        nothing else is said, to the whole second as Shopify keeps it."""
        parcel = self.state.parcel_with(tracking_number)
        now = self.now().replace(microsecond=0)
        known: dict[str, Any] = {"id": self.state.gid("FulfillmentEvent"), "happened_at": now, **said}
        event = ParcelEvent(status=status, **known)
        parcel.events.append(event)
        parcel.updated_at = self.now()
        return event

    def finish_jobs(self) -> None:
        """Time passes, until every order that is being cancelled is."""
        self._answers.money.finish()

    def add_foreign_hold(self, order_id: int, reason: str = "OTHER", app: str = "another-app") -> None:
        """Another app or a person holds every part of an order."""
        for part in self.state.fulfilment[order_id]:
            part.holds.append(Hold(id=self.state.gid("FulfillmentHold"), app=app, handle="", reason=reason))
            part.status = "ON_HOLD"

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
        if self.take_refusal("slow-down") or not self.bucket.take(checked.cost):
            error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return {"errors": [error], "extensions": {"cost": self.bucket.cost(checked.cost, None)}}
        body = execute(version, checked.document, self._answers.root(), request, self.withheld)
        actual = min(count_objects(body.get("data")), checked.cost)
        self.bucket.give_back(checked.cost - actual)
        return body | {"extensions": {"cost": self.bucket.cost(checked.cost, actual)}}

    # Addresses for people and other processes.

    @route("POST", "/_sandbox/orders")
    async def buy(self, request: Request) -> Reply:
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

    @route("POST", "/_sandbox/parcels/{number}")
    async def move(self, request: Request) -> Reply:
        """A carrier says something of a parcel: `{"status": "IN_TRANSIT", "message": "Departed"}`."""
        said = await request.json()
        event = self.carrier_says(request.path_params["number"], said["status"], message=said.get("message"))
        return 201, {"id": event.id, "status": event.status, "happened_at": event.happened_at.isoformat()}

    @route("POST", "/_sandbox/parcels/{number}/webhook")
    async def parcel_news(self, request: Request) -> Reply:
        """The signed webhook about a parcel, for whoever wants to deliver it."""
        delivery = self.parcel_webhook(request.path_params["number"])
        return 200, {"headers": dict(delivery.headers), "body": delivery.body.decode()}
