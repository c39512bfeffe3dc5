"""A double of AfterShip's Tracking API 2026-07: it follows parcels, and its carriers say what you have them say."""

import json
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from pydantic import BaseModel, SecretStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.aftership.connector import SIGNATURE, UPDATE
from connectors.aftership.sandbox_questions import Unanswerable, answer_list
from connectors.aftership.sandbox_trackings import TRACKED, Account, unknown_names
from connectors.aftership.schema import VERSION, validator
from connectors.aftership.trackings import PATH
from hub.sdk import Delivery
from hub.sdk.parcels import ParcelRef, TrackParcel
from hub.sdk.testing import Sandbox, route

KEY = "asat_sandbox"
SECRET = SecretStr("aftership-sandbox-secret")

CREATE, COMPLETE = "CreateTrackingRequest", "MarkTrackingCompletedByIdRequest"

_DETECTED = {
    r"1Z[0-9A-Z]{16}": "ups",
    r"9[2-5]\d{20}": "usps",
    r"\d{12}|\d{15}": "fedex",
    r"\d{10}": "dhl",
    r"\d{14}": "dpd",
    r"YT\d{16}": "yunexpress",
    r"[A-Z]{2}\d{9}CN": "china-post",
}
"""Carriers by what their numbers look like; a number that looks like none of them needs a slug."""

_SLUGS = {*_DETECTED.values(), "4px", "cainiao", "dhl-germany", "gls", "postnl", "royal-mail", "yanwen"}

_NEEDED = {"postnl": "destination_postal_code"}
"""What a carrier cannot be asked without."""

_TYPES = {401: "Unauthorized", 404: "NotFound", 429: "TooManyRequests"}

_COMPLETED = {"DELIVERED": "Delivered_001", "LOST": "Exception_013", "RETURNED_TO_SENDER": "Exception_011"}


class AfterShipSandbox(Sandbox):
    """One account. `add_checkpoint` lets a carrier speak, and `update` gives the webhook that tells of it."""

    def __init__(self) -> None:
        super().__init__()
        self.account = Account()
        bought = datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)
        tracking = self.account.add({"tracking_number": TRACKED, "order_number": "1001"}, "ups", bought)
        for hours, tag, city in ((1, "InfoReceived", None), (20, "InTransit", "Louisville")):
            at = bought + timedelta(hours=hours)
            said = {"tag": tag, "city": city, "country_region": "USA", "message": f"{tag} at UPS"}
            self.account.add_checkpoint(tracking, at, **said)

    def settings(self) -> dict[str, Any]:
        """A key and the secret of its webhooks."""
        return {"api_key": KEY, "webhook_secrets": [SECRET.get_secret_value()]}

    def unsettled(self) -> Mapping[str, Any]:
        """How many parcels it follows, and how much carriers have said of them."""
        found = self.account.trackings.values()
        return {"trackings": len(found), "checkpoints": sum(len(t["checkpoints"]) for t in found)}

    def add_checkpoint(self, number: str, tag: str, *, slug: str = "", **said: Any) -> dict[str, Any]:
        """A carrier says something of a parcel, which is followed from now on if it was not: the fields of a
        checkpoint, of which only the tag must be given."""
        found = self.account.get(number, slug) or self._follow({"tracking_number": number}, slug)
        self.account.add_checkpoint(found, self.now(), tag=tag, **said)
        return found

    def update(self, number: str, *, slug: str = "", event: str = UPDATE) -> Delivery:
        """The webhook that tells where a parcel is."""
        tracking = self.account.get(number, slug)
        if tracking is None:
            raise LookupError("This account does not follow such a parcel.")
        return self.sign(orjson.dumps(self._news(tracking, event)))

    def sign(self, body: bytes, topic: str = "", headers: Mapping[str, str] | None = None) -> Delivery:
        """A webhook as AfterShip sends it; its kind is in the body only."""
        signed = {
            SIGNATURE.header: SIGNATURE.of(SECRET, body),
            "as-webhook-version": VERSION,
            "user-agent": "AfterShipTrackingWebhook/1.0",
            "content-type": "application/json",
        }
        return Delivery({**signed, **(headers or {})}, body, self.now())

    # What the standard tests need to know.

    def examples(self) -> Mapping[str, BaseModel]:
        """One input for each action."""
        new = TrackParcel(
            tracking_number="YT2610400012345678",
            carrier="yunexpress",
            order_number="1002",
            destination="US",
            postcode="10001",
        )
        return {"track_parcel": new, "get_tracking": ParcelRef(tracking_number=TRACKED, carrier="ups")}

    def provocations(self) -> Mapping[str, Mapping[str, BaseModel]]:
        """A number nobody follows is not found."""
        return {"get_tracking": {"not-found": ParcelRef(tracking_number="1Z999AA19999999999")}}

    def deliveries(self) -> Mapping[str, Any]:
        """One webhook body."""
        return {UPDATE: self._news(next(iter(self.account.trackings.values())), UPDATE)}

    def statuses(self) -> Mapping[str, str]:
        """Where a parcel's tag stands on the wire."""
        return {
            "track_parcel": "data.tag",
            "get_tracking": "data.trackings.0.tag",
            "tracking_updated": "msg.tag",
        }

    def seed(self) -> None:
        """Two hundred and fifty parcels moved within the last hour."""
        for place in range(250):
            at = self.now() - timedelta(minutes=3, seconds=10 * place)
            tracking = self.account.add({"tracking_number": f"YT{place:016}"}, "yunexpress", at)
            self.account.add_checkpoint(tracking, at, tag="InTransit")

    # The API.

    @route("POST", PATH)
    async def create(self, request: Request) -> Response:
        """Follow a parcel, unless it is followed with this carrier already."""
        asked = await self._read(request, CREATE)
        if isinstance(asked, Response):
            return asked
        number = (asked.get("tracking_number") or "").strip()
        slug = asked.get("slug") or _detect(number)
        problem = _problem(asked, number, slug)
        if problem is None and self.take_refusal("rejected"):
            problem = (4012, "The sandbox was told not to know this courier.")
        if problem is None and self.account.get(number, slug):
            problem = (4003, "Tracking already exists.")
        if problem is not None:
            return _refuse(400, *problem)
        self.changes += 1
        return _answer(self._follow({**asked, "tracking_number": number}, slug), 201)

    @route("GET", PATH)
    async def list_trackings(self, request: Request) -> Response:
        """The trackings that were asked for, a page at a time."""
        if refused := self._unwelcome(request):
            return refused
        try:
            return _answer(answer_list(list(self.account.trackings.values()), request.query_params))
        except Unanswerable as error:
            return _refuse(400, 4008, str(error))

    @route("GET", PATH + "/{id}")
    async def retrieve(self, request: Request) -> Response:
        """One tracking by AfterShip's own id."""
        if refused := self._unwelcome(request):
            return refused
        found = self.account.trackings.get(request.path_params["id"])
        return _answer(found) if found else _refuse(404, 4004, "Tracking does not exist.")

    @route("POST", PATH + "/{id}/mark-as-completed")
    async def complete(self, request: Request) -> Response:
        """Somebody of the account says how it ended; that is a checkpoint no carrier made."""
        asked = await self._read(request, COMPLETE)
        if isinstance(asked, Response):
            return asked
        found = self.account.trackings.get(request.path_params["id"])
        if found is None:
            return _refuse(404, 4004, "Tracking does not exist.")
        if asked.get("reason") not in _COMPLETED:
            return _refuse(400, 4008, "The value of reason is invalid.")
        subtag = _COMPLETED[asked["reason"]]
        said = {"tag": subtag.partition("_")[0], "subtag": subtag, "source": "user"}
        self.account.add_checkpoint(found, self.now(), **said)
        self.changes += 1
        return _answer(found | {"active": False})

    # Addresses for people and other processes.

    @route("POST", "/_sandbox/checkpoints")
    async def speak(self, request: Request) -> Any:
        """A carrier says something: `{"tracking_number": …, "tag": …}`, a `slug`, and any field of a checkpoint."""
        said = await request.json()
        if unknown := unknown_names({n: v for n, v in said.items() if n != "tracking_number"}, "Checkpoint"):
            return 422, {"error": f"A checkpoint has no {', '.join(unknown)}."}
        return 201, self.add_checkpoint(said.pop("tracking_number"), said.pop("tag"), **said)

    @route("POST", "/_sandbox/webhook")
    async def webhook(self, request: Request) -> Any:
        """The signed webhook about a parcel, for whoever wants to deliver it: `{"tracking_number": …}`."""
        wanted = await request.json()
        try:
            told = self.update(wanted.pop("tracking_number"), **wanted)
        except LookupError as error:
            return 404, {"error": str(error)}
        return 200, {"headers": dict(told.headers), "body": told.body.decode()}

    # Behind the counter.

    def _follow(self, asked: dict[str, Any], slug: str) -> dict[str, Any]:
        slug = slug or _detect(asked["tracking_number"]) or "unrecognized"
        return self.account.add(asked, slug, self.now())

    def _news(self, tracking: dict[str, Any], event: str) -> dict[str, Any]:
        told = {"event": event, "event_id": str(uuid.uuid4()), "is_tracking_first_tag": True}
        return {**told, "msg": tracking, "ts": int(self.now().timestamp())}

    def _unwelcome(self, request: Request) -> Response | None:
        if request.headers.get("as-api-key") != KEY:
            return _refuse(401, 401, "The API key is invalid.")
        if self.take_refusal("429", "slow-down"):
            reset = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(self.now().timestamp()) + 1)}
            return _refuse(429, 429, "You have exceeded the API call rate limit.", reset)
        return None

    async def _read(self, request: Request, model: str) -> dict[str, Any] | Response:
        if refused := self._unwelcome(request):
            return refused
        try:
            asked = json.loads(await request.body())
        except ValueError:
            asked = None
        is_json = request.headers.get("content-type", "").partition(";")[0] == "application/json"
        if not is_json or not isinstance(asked, dict):
            return _refuse(400, 4001, "Invalid JSON data.")
        if unknown := unknown_names(asked, model):
            return _refuse(400, 4008, f"Unknown: {', '.join(unknown)}.")
        if wrong := next(validator(model).iter_errors(asked), None):
            return _refuse(400, 4008, f"The value of {'.'.join(map(str, wrong.path))} is invalid.")
        return asked


def _problem(asked: Mapping[str, Any], number: str, slug: str) -> tuple[int, str] | None:
    """What is wrong with a new tracking: AfterShip's code and words."""
    country, needed = asked.get("destination_country_region"), _NEEDED.get(slug, "")
    problems = {
        (4007, "tracking_number is required."): not number,
        (4005, "The value of tracking_number is invalid."): not re.fullmatch(r"[A-Za-z0-9 -]{4,100}", number),
        (4010, "The value of slug is invalid."): not re.fullmatch(r"[a-z0-9-]*", slug),
        (4012, "Courier is not recognized."): slug not in _SLUGS,
        (4011, f"Missing required field: {needed}."): needed and not asked.get(needed),
        (4008, "destination_country_region is invalid."): country and not re.fullmatch("[A-Z]{3}", country),
    }
    return next((said for said, wrong in problems.items() if wrong), None)


def _detect(number: str) -> str:
    return next((slug for form, slug in _DETECTED.items() if re.fullmatch(form, number)), "")


def _answer(data: Any, status: int = 200) -> Response:
    return JSONResponse({"meta": {"code": status}, "data": data}, status, {"x-ratelimit-remaining": "5"})


def _refuse(status: int, code: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    meta = {"code": code, "type": _TYPES.get(status, "BadRequest"), "message": message}
    return JSONResponse({"meta": meta, "data": {}}, status, headers)
