"""A double of Klaviyo: bodies are checked against the official schema, and repeated events vanish silently."""

import json
import re
import uuid
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hub.sdk.commerce import Customer, CustomerEvent, Money
from hub.sdk.messages import CustomerMessage, Sender
from hub.sdk.testing import Sandbox, route

KEY = "pk_sandbox"
REVISION = "2026-07-15"
MEDIA_TYPE = "application/vnd.api+json"
_IDENTIFIERS = ("id", "email", "phone_number", "external_id", "anonymous_id")


class KlaviyoSandbox(Sandbox):
    """Klaviyo. `events` holds what it recorded; a repeated unique_id of one profile and metric is not recorded."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[dict[str, Any]] = []
        self.profiles: dict[str, dict[str, Any]] = {}
        self._seen: set[tuple[str, str, str]] = set()

    def settings(self) -> dict[str, Any]:
        """A private key."""
        return {"api_key": KEY}

    def unsettled(self) -> Mapping[str, Any]:
        """How many events of which metric were recorded."""
        metrics = [_metric(event) for event in self.events]
        return {"events": {metric: metrics.count(metric) for metric in sorted(set(metrics))}}

    def examples(self) -> Mapping[str, BaseModel]:
        """One input for each action."""
        event = CustomerEvent(
            unique_id="order-1001-shipped",
            metric="Order Shipped",
            customer=Customer(id="77", first_name="Ada", email="ada@example.com", phone="+15005550006"),
            value=Money.model_validate({"amount": "21.50", "currency": "USD"}),
            properties={"order": "1001"},
        )
        message = CustomerMessage(
            unique_id="1001/tracking-added/email",
            notice="tracking-added",
            channel="email",
            to=event.customer,
            sender=Sender(name="Brand", email="hello@brand.example"),
            subject="Your order is on its way",
            text="Follow it here: https://track.brand.example/t/abc",
            properties={"order_number": "1001", "tracking_url": "https://track.brand.example/t/abc"},
        )
        return {"record_event": event, "send_message": message}

    def provocations(self) -> Mapping[str, Mapping[str, BaseModel]]:
        """A customer without an address cannot be written to."""
        message = self.examples()["send_message"].model_copy(update={"to": Customer(id="77")})
        return {"send_message": {"unreachable": message}}

    @route("POST", "/api/events")
    async def create_event(self, request: Request) -> Any:
        """Take an event; 202 says no more than that it was taken."""
        body = await self._read(request, "EventCreateQueryV2")
        if isinstance(body, Response):
            return body
        attributes = body["data"]["attributes"]
        profile = attributes["profile"]["data"]
        known_by = {**profile["attributes"], "id": profile.get("id")}
        if problem := _profile_problem(known_by) or _event_problem(attributes):
            return _refuse(400, "invalid", *problem)
        # Without a unique_id it is the second of `time`: two events in one second would be one.
        moment = attributes.get("time") or self.now().replace(microsecond=0).isoformat()
        person = next(str(known_by[name]) for name in _IDENTIFIERS if known_by.get(name))
        seen = (person, _metric(attributes), attributes.get("unique_id") or moment)
        if seen not in self._seen:
            self._seen.add(seen)
            self.events.append(attributes)
            self.changes += 1
        return Response(status_code=202, headers=_limits(350, 3500))

    @route("POST", "/api/profile-import")
    async def import_profile(self, request: Request) -> Any:
        """Create or change a profile."""
        body = await self._read(request, "ProfileUpsertQuery")
        if isinstance(body, Response):
            return body
        attributes = body["data"]["attributes"]
        known_by = {**attributes, "id": body["data"].get("id")}
        if problem := _profile_problem(known_by):
            return _refuse(400, "invalid", *problem)
        person = next(str(known_by[name]) for name in _IDENTIFIERS if known_by.get(name))
        status = 200 if person in self.profiles else 201
        profile = self.profiles.setdefault(person, {"id": f"01{uuid.uuid4().hex[:24].upper()}"})
        profile.update(attributes)
        self.changes += 1
        answer = {"type": "profile", "id": profile["id"], "attributes": attributes, "links": {"self": "/"}}
        return JSONResponse({"data": answer}, status, _limits(75, 750), MEDIA_TYPE)

    @route("GET", "/api/accounts")
    async def accounts(self, request: Request) -> Any:
        """The one account."""
        return self._unwelcome(request) or JSONResponse({"data": []}, 200, _limits(1, 15), MEDIA_TYPE)

    async def _read(self, request: Request, schema: str) -> dict[str, Any] | Response:
        if refused := self._unwelcome(request):
            return refused
        if request.headers.get("content-type", "").partition(";")[0] != MEDIA_TYPE:
            return _refuse(415, "unsupported_media_type", f"Send {MEDIA_TYPE}.")
        try:
            body: dict[str, Any] = json.loads(await request.body())
        except ValueError:
            return _refuse(400, "invalid", "The body is not JSON.")
        if problem := next(_validator(schema).iter_errors(body), None):
            pointer = "/" + "/".join(map(str, problem.absolute_path))
            return _refuse(400, "invalid", problem.message[:200], pointer)
        if self.take_refusal("rejected"):
            return _refuse(400, "invalid", "The sandbox was told to refuse this.", "/data/attributes")
        return body

    def _unwelcome(self, request: Request) -> Response | None:
        if request.headers.get("authorization") != f"Klaviyo-API-Key {KEY}":
            return _refuse(401, "not_authenticated", "The API key is not valid.")
        if request.headers.get("revision") != REVISION:
            return _refuse(400, "invalid", f"This double speaks revision {REVISION}.")
        if self.take_refusal("429", "slow-down"):
            return _refuse(429, "throttled", "Request was throttled.", retry_after="1")
        return None


@cache
def _validator(name: str) -> Draft202012Validator:
    schema = json.loads(files("connectors.klaviyo").joinpath(f"schema/{REVISION}.json").read_bytes())
    return Draft202012Validator({**schema, "$ref": f"#/$defs/{name}"})


def _metric(attributes: dict[str, Any]) -> str:
    return str(attributes["metric"]["data"]["attributes"]["name"])


def _profile_problem(known_by: Mapping[str, Any]) -> tuple[str, str] | None:
    """What the schema cannot say of a profile: a message and where."""
    where = "/data/attributes/profile/data/attributes"
    if not any(known_by.get(name) for name in _IDENTIFIERS):
        return "One of id, email, phone_number, external_id or anonymous_id is required.", where
    phone = known_by.get("phone_number")
    if phone and not re.fullmatch(r"\+[1-9]\d{6,14}", phone):
        return "Invalid phone number format; use E.164.", f"{where}/phone_number"
    return None


def _event_problem(attributes: dict[str, Any]) -> tuple[str, str] | None:
    """What the schema cannot say of an event."""
    if len(_metric(attributes)) >= 128:
        return "A metric's name has fewer than 128 characters.", "/data/attributes/metric"
    if len(attributes["properties"]) > 400:
        return "An event has at most 400 properties.", "/data/attributes/properties"
    return None


def _limits(burst: int, steady: int) -> dict[str, str]:
    return {
        "ratelimit-limit": f"{burst}, {steady};w=60",
        "ratelimit-remaining": str(steady),
        "ratelimit-reset": "1",
    }


def _refuse(
    status: int, code: str, detail: str, pointer: str = "/data", retry_after: str | None = None
) -> Response:
    error = {"id": str(uuid.uuid4()), "status": status, "code": code, "title": code, "detail": detail}
    headers = {"retry-after": retry_after} if retry_after else {}
    body = {"errors": [{**error, "source": {"pointer": pointer}, "links": {}}]}
    return JSONResponse(body, status, headers, MEDIA_TYPE)
