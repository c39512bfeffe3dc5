"""A double of Postscript, written from what its documentation says: subscribers, consent, and messages sent twice
when asked twice."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hub.sdk.commerce import Customer
from hub.sdk.messages import CustomerMessage, Sender
from hub.sdk.testing import Sandbox, route

KEY = "sk_sandbox"
ADA = "+15005550006"
CATEGORIES = ("promotional", "transactional", "conversational")
_FILTERS = ("phone_number", "email", "shopify_customer_id", "id")
_REQUEST_FIELDS = frozenset(
    ("body", "subscriber_id", "phone", "country", "category", "scheduled_at", "media_url")
)


class PostscriptSandbox(Sandbox):
    """Postscript. `messages` holds what reached phones; the same request twice is two messages."""

    def __init__(self) -> None:
        super().__init__()
        self.subscribers: dict[str, dict[str, Any]] = {}
        self.messages: list[dict[str, Any]] = []
        self.subscribe(ADA)

    def settings(self) -> dict[str, Any]:
        """A shop's private key."""
        return {"api_key": KEY}

    def unsettled(self) -> Mapping[str, Any]:
        """How many messages went to how many numbers, and how many people are subscribed."""
        numbers = {message["phone"] for message in self.messages}
        counts = {"messages": len(self.messages), "numbers": len(numbers)}
        return {**counts, "subscribers": len(self.subscribers)}

    def subscribe(
        self, phone: str, *, transactional: bool = True, promotional: bool = True
    ) -> dict[str, Any]:
        """Somebody agrees to these messages, or takes it back."""
        moment = self.now().isoformat()
        known = self.subscribers.get(phone, {"id": f"s_{len(self.subscribers) + 1:06}", "created_at": moment})
        kinds = {"promotional": promotional, "transactional": transactional}
        self.subscribers[phone] = {
            **known,
            "phone_number": phone,
            "email": None,
            "shopify_customer_id": None,
            "subscriptions": {kind: {"can_send": can} for kind, can in kinds.items()},
            "tags": [],
            "properties": {},
            "updated_at": moment,
        }
        return self.subscribers[phone]

    def examples(self) -> Mapping[str, BaseModel]:
        """One input for each action."""
        message = CustomerMessage(
            unique_id="1001/tracking-added/sms",
            notice="tracking-added",
            channel="sms",
            to=Customer(id="77", first_name="Ada", phone=ADA),
            sender=Sender(name="Brand"),
            text="Brand: your order 1001 is on its way. https://track.brand.example/t/abc",
        )
        return {"send_message": message}

    def provocations(self) -> Mapping[str, Mapping[str, BaseModel]]:
        """Whoever is not subscribed cannot be written to."""
        message = self.examples()["send_message"]
        stranger = message.model_copy(update={"to": Customer(id="78", phone="+15005550009")})
        return {"send_message": {"unreachable": stranger}}

    # The API.

    @route("GET", "/api/v2/me")
    async def me(self, request: Request) -> Any:
        """Whose key it is."""
        return self._unwelcome(request) or (200, {"shop": {"id": "shop_1", "name": "Brand"}})

    @route("GET", "/api/v2/subscribers")
    async def list_subscribers(self, request: Request) -> Any:
        """Subscribers, filtered by equality."""
        if refused := self._unwelcome(request):
            return refused
        wanted = {k: v for k, v in request.query_params.items() if k != "page"}
        if any(name.removesuffix("__eq") not in _FILTERS or not name.endswith("__eq") for name in wanted):
            return 400, {"error": "There is no such filter."}
        filters = {name.removesuffix("__eq"): value for name, value in wanted.items()}
        found = [s for s in self.subscribers.values() if all(str(s[n]) == v for n, v in filters.items())]
        return 200, {"page_info": {"page": 1, "total_pages": 1}, "subscribers": found}

    @route("POST", "/api/v2/message_requests")
    async def send(self, request: Request) -> Any:
        """Take a message for a subscriber who agreed to its category."""
        if refused := self._unwelcome(request):
            return refused
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return 400, {"error": "Send JSON."}
        try:
            body = json.loads(await request.body())
        except ValueError:
            return 400, {"error": "The body is not JSON."}
        if problem := _problem(body) or self.take_refusal("rejected"):
            return 400, {"error": problem}
        subscriber = self._whom(body)
        if subscriber is None:
            return 404, {
                "error_code": 2001,
                "error_message": "There is no such subscriber.",
                "success": False,
            }
        category = body.get("category", "promotional")
        if not subscriber["subscriptions"].get(category, {"can_send": True})["can_send"]:
            return 400, {"error": "The subscriber has not agreed to this."}
        return 202, self._take(body, category, subscriber)

    @route("GET", "/api/v2/message_requests/{id}")
    async def get_request(self, request: Request) -> Any:
        """One message by the id that its answer gave."""
        if refused := self._unwelcome(request):
            return refused
        found = [m for m in self.messages if m["id"] == request.path_params["id"]]
        return (200, found[0]) if found else (404, {"error": "Not found."})

    # Addresses for people and other processes.

    @route("GET", "/_sandbox/messages")
    async def sent(self, request: Request) -> Any:
        """Every message that reached a phone, oldest first."""
        return 200, self.messages

    @route("POST", "/_sandbox/subscribers")
    async def agree(self, request: Request) -> Any:
        """Somebody agrees, or takes it back: `{"phone": "+1…", "transactional": true}`."""
        wanted = await request.json()
        kinds = {kind: bool(wanted[kind]) for kind in ("transactional", "promotional") if kind in wanted}
        return 201, self.subscribe(wanted["phone"], **kinds)

    def _unwelcome(self, request: Request) -> Response | None:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return JSONResponse({"error": "Unauthorized"}, 401)
        if self.take_refusal("no-plan"):
            denied = {"loc": ["header"], "msg": "Your plan has no API access.", "type": "v2.access_denied"}
            return JSONResponse({"errors": [denied]}, 403)
        if self.take_refusal("429", "slow-down"):
            body = {"error_code": 3002, "error_message": "Rate limit exceeded", "success": False}
            return JSONResponse(body, 429)
        return None

    def _whom(self, body: dict[str, Any]) -> dict[str, Any] | None:
        if "phone" in body:
            return self.subscribers.get(body["phone"])
        everybody = self.subscribers.values()
        return next((s for s in everybody if s["id"] == body["subscriber_id"]), None)

    def _take(self, body: dict[str, Any], category: str, subscriber: dict[str, Any]) -> dict[str, Any]:
        moment = self.now().isoformat()
        message = {
            "id": f"mr_{len(self.messages) + 1:06}",
            "status": "processing",
            "body": body["body"],
            "category": category,
            "phone": subscriber["phone_number"],
            "subscriber_id": subscriber["id"],
            "scheduled_at": body.get("scheduled_at"),
            "created_at": moment,
            "updated_at": moment,
            "sent_message": None,
        }
        self.messages.append(message)
        self.changes += 1
        return message


def _problem(body: Any) -> str | None:
    """The first thing wrong with a message request."""
    if not isinstance(body, dict) or not isinstance(body.get("body"), str) or not body["body"]:
        return "body is required."
    if unknown := set(body) - _REQUEST_FIELDS:
        return f"Unknown: {', '.join(sorted(unknown))}."
    if ("subscriber_id" in body) == ("phone" in body):
        return "Give either subscriber_id or phone."
    if body.get("category", "promotional") not in CATEGORIES:
        return "There is no such category."
    return None
