"""A double of Lob's verifications: questions are checked against the official schema, and it knows a few buildings.

With the live key it looks addresses up; with the test key it knows only Lob's own examples, as the real service does.
"""

import base64
import binascii
import json
import re
from collections import deque
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.lob.sandbox_answers import Street, intl_verification, nothing_verified, us_verification
from hub.sdk.commerce import Address, AddressQuestion
from hub.sdk.testing import Sandbox, route

LIVE_KEY = "live_sandbox"
TEST_KEY = "test_sandbox"
SCHEMA = "schema/1.22.0.json"
VERSIONS = ("2019-06-01", "2020-02-11")

BUILDINGS: Mapping[str, frozenset[str] | None] = {
    "388 TOWNSEND ST": frozenset({"1", "2", "20"}),
    "200 EXAMPLE AVE": frozenset({"4B", "5A", "5B"}),
    "1120 MARKET ST": None,
    "245 BEACON ST": None,
    "77 LAKE SHORE DR": None,
    "600 CONGRESS AVE": None,
    "15 PINE ST": None,
    "900 GRAND CONCOURSE": None,
}
"""Houses with several units, and the units they have; None where every unit is known."""

MISSPELT = {"TOWNSND": "TOWNSEND", "EXAMPEL": "EXAMPLE"}
"""What the service puts right by itself."""

US_EXAMPLES = {
    **dict.fromkeys(
        (
            "commercial highrise", "residential highrise", "residential house", "po box", "rural route",
            "puerto rico", "military", "department of state", "deliverable",
        ),
        "deliverable",
    ),
    "missing unit": "deliverable_missing_unit",
    "incorrect unit": "deliverable_incorrect_unit",
    "unnecessary unit": "deliverable_unnecessary_unit",
    "undeliverable block match": "undeliverable",
    "undeliverable no match": "undeliverable",
}  # fmt: skip
"""What the test key is told of each example; any other line is not verified."""

INTL_EXAMPLES = {
    "deliverable": ("deliverable", "LV4"),
    "deliverable missing info": ("deliverable_missing_info", "LM2"),
    "undeliverable": ("undeliverable", "LU1"),
    "no match": ("no_match", "LU1"),
}

REFUSALS = {"feature_limit_reached": 403, "unauthorized": 403, "internal_server_error": 500}
"""What `refuse` can ask for, with its status."""

EXAMPLE_HOUSE = Street("1", "", "TELEGRAPH HILL", "BLVD", "")
_SHORT = {"STREET": "ST", "AVENUE": "AVE", "ROAD": "RD", "BOULEVARD": "BLVD", "DRIVE": "DR"}
_BEFORE = {"NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W"}
_UNIT = re.compile(r"\s+(?:APT|APARTMENT|UNIT|STE|SUITE|#)\s*#?\s*(\w+)$")


class LobSandbox(Sandbox):
    """Lob with deterministic answers. `tell` puts words on the next verification."""

    def __init__(self) -> None:
        super().__init__()
        self.told: deque[dict[str, Any]] = deque()

    def settings(self) -> dict[str, Any]:
        """A key that verifies."""
        return {"api_key": LIVE_KEY}

    def tell(self, **words: Any) -> None:
        """Put these fields on the next verification, such as `deliverability="no_match"`."""
        self.told.append(words)

    def examples(self) -> Mapping[str, BaseModel]:
        """One input for each action."""
        house = {"line1": "1 Example Street", "city": "San Francisco", "region": "CA", "postcode": "94107"}
        address = Address.model_validate({"name": "Ada Sample", "country": "US", **house})
        return {"verify_address": AddressQuestion(address=address)}

    def statuses(self) -> Mapping[str, str]:
        """Where Lob says whether an address can be delivered to."""
        return {"verify_address": "deliverability"}

    @route("POST", "/us_verifications")
    async def verify_us(self, request: Request) -> Response:
        """Verify a US address."""
        asked = await self._read(request, "us_verifications_writable")
        if isinstance(asked, Response):
            return asked
        if _key(request) == TEST_KEY:
            word = US_EXAMPLES.get(asked.get("primary_line", asked.get("address", "")).lower())
            found = us_verification(word, EXAMPLE_HOUSE, asked) if word else nothing_verified()
        else:
            street = _street(asked.get("primary_line") or asked["address"], asked.get("secondary_line", ""))
            found = us_verification(_us_word(street), street, asked)
        return self._answer(found)

    @route("POST", "/intl_verifications")
    async def verify_intl(self, request: Request) -> Response:
        """Verify an address of another country."""
        asked = await self._read(request, "intl_verification_writable")
        if isinstance(asked, Response):
            return asked
        line = str(asked.get("primary_line", asked.get("address", "")))
        if _key(request) == TEST_KEY:
            word, status = INTL_EXAMPLES.get(line.lower(), ("", ""))
        else:
            word, status = ("no_match", "LU1") if "NOWHERE" in line.upper() else ("deliverable", "LV4")
        return self._answer(intl_verification(word, status, "SUBBUILDING" if word else "", asked))

    def _answer(self, found: dict[str, Any]) -> Response:
        if self.told:
            found |= self.told.popleft()
        return JSONResponse(found, 200, _limits(self.now().timestamp()))

    async def _read(self, request: Request, schema: str) -> dict[str, Any] | Response:
        if refused := self._unwelcome(request):
            return refused
        body = await request.body()
        media_type = request.headers.get("content-type", "").partition(";")[0]
        try:
            asked = dict(parse_qsl(body.decode())) if "urlencoded" in media_type else json.loads(body)
        except ValueError:
            return _refuse(400, "bad_request", "The body could not be parsed.")
        if not isinstance(asked, dict):
            return _refuse(422, "invalid", "The body is no object.")
        if problem := _problem(schema, asked):
            return _refuse(422, "invalid", problem)
        return asked

    def _unwelcome(self, request: Request) -> Response | None:
        if _key(request) not in (LIVE_KEY, TEST_KEY):
            return _refuse(401, "invalid_api_key", "Your API key is not valid.")
        if request.headers.get("lob-version", VERSIONS[-1]) not in VERSIONS:
            return _refuse(422, "unsupported_lob_version", "There is no such version.")
        if self.take_refusal("429", "slow-down"):
            limits = _limits(self.now().timestamp(), remaining=0)
            return _refuse(429, "rate_limit_exceeded", "Rate limit exceeded. Please wait 5 seconds.", limits)
        if code := self.take_refusal(*REFUSALS):
            return _refuse(REFUSALS[code], code, "The sandbox was told to refuse this.")
        return None


@cache
def validator(name: str) -> Draft202012Validator:
    """Checks one of the shapes in Lob's OpenAPI."""
    schema = json.loads(files("connectors.lob").joinpath(SCHEMA).read_bytes())
    return Draft202012Validator({**schema, "$ref": f"#/$defs/{name}"})


def _problem(schema: str, asked: dict[str, Any]) -> str | None:
    if not asked.keys() & {"primary_line", "address"}:
        return "primary_line is required or address is required"
    if "address" in asked and asked.keys() - {"address", "country"}:
        return "address cannot be combined with other fields"
    problem = next(validator(schema).iter_errors(asked), None)
    return problem.message[:200] if problem else None


def _us_word(street: Street) -> str:
    if "NOWHERE" in street.name or not (street.number or street.name.startswith("PO BOX")):
        return "undeliverable"
    if street.line not in BUILDINGS:
        return "deliverable"
    if not street.unit:
        return "deliverable_missing_unit"
    units = BUILDINGS[street.line]
    return "deliverable" if units is None or street.unit in units else "deliverable_incorrect_unit"


def _street(line1: str, line2: str) -> Street:
    """The street taken apart, in capitals, abbreviated and put right."""
    whole = " ".join(f"{line1} {line2}".upper().replace(",", " ").replace(".", " ").split())
    unit = ""
    if found := _UNIT.search(whole):
        unit, whole = found[1], whole[: found.start()]
    words = [MISSPELT.get(word, word) for word in whole.split()]
    number = words.pop(0) if words and words[0][:1].isdigit() else ""
    before = _BEFORE[words.pop(0)] if len(words) > 2 and words[0] in _BEFORE else ""
    last = _SHORT.get(words[-1], words[-1]) if len(words) > 1 else ""
    suffix = last if last in _SHORT.values() else ""
    return Street(number, before, " ".join(words[:-1] if suffix else words), suffix, unit)


def _key(request: Request) -> str:
    """The API key: the user of HTTP Basic, with no password."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _limits(now: float, remaining: int = 149) -> dict[str, str]:
    limits = {"ratelimit-limit": "150", "ratelimit-remaining": str(remaining)}
    return {**limits, "ratelimit-reset": str(int(now) + 5)}


def _refuse(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    error = {"message": message, "status_code": status, "code": code}
    return JSONResponse({"error": error}, status, headers)
