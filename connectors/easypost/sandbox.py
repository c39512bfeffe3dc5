"""A double of EasyPost's addresses: it knows a few buildings, and tells from the address what is wrong with it."""

import base64
import binascii
import json
import re
import uuid
from collections import deque
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hub.sdk.commerce import Address, AddressQuestion
from hub.sdk.testing import Sandbox, route

KEY = "EZTK-sandbox"

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

MISSPELT = {"TOWNSND ST": "TOWNSEND ST", "EXAMPEL": "EXAMPLE"}
"""What the service puts right by itself."""

_FIELDS = frozenset(
    [
        "name",
        "company",
        "street1",
        "street2",
        "city",
        "state",
        "zip",
        "country",
        "phone",
        "email",
        "residential",
        "carrier_facility",
        "federal_tax_id",
        "state_tax_id",
    ]
)
_SHORT = {"STREET": "ST", "AVENUE": "AVE", "ROAD": "RD", "BOULEVARD": "BLVD", "DRIVE": "DR"}
_UNIT = re.compile(r"\s+(?:APT|APARTMENT|UNIT|STE|SUITE|#)\s*#?\s*(\w+)$")


class EasyPostSandbox(Sandbox):
    """EasyPost with deterministic answers. `tell` puts an error code on the next address."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: dict[str, dict[str, Any]] = {}
        self.told: deque[tuple[str, bool]] = deque()

    def settings(self) -> dict[str, Any]:
        """A test key."""
        return {"api_key": KEY}

    def tell(self, code: str, success: bool = False) -> None:
        """Put this error code on the next address, with or without `success`."""
        self.told.append((code, success))

    def examples(self) -> Mapping[str, BaseModel]:
        """One input for each action."""
        address = Address(
            name="Ada Sample",
            line1="1 Example Street",
            city="San Francisco",
            region="CA",
            postcode="94107",
            country="US",
        )
        return {"verify_address": AddressQuestion(address=address)}

    def exempt(self) -> Mapping[str, str]:
        """Why a rule cannot be kept."""
        return {
            "statuses": "EasyPost's list of codes is open: an unknown one is said to be unverifiable, for a person."
        }

    @route("POST", "/v2/addresses")
    async def create(self, request: Request) -> Any:
        """Remember an address; `verify` and `verify_strict` verify it by being there, whatever they say."""
        asked = await self._read(request)
        if isinstance(asked, Response):
            return asked
        strict = "verify_strict" in asked
        address = self._remember(asked["address"], strict or "verify" in asked)
        if strict and not address["verifications"]["delivery"]["success"]:
            return _refuse(422, "ADDRESS.VERIFY.FAILURE", "Unable to verify address.")
        return _answer(201, address)

    @route("POST", "/v2/addresses/create_and_verify")
    async def create_and_verify(self, request: Request) -> Any:
        """Remember and verify an address, or refuse it."""
        asked = await self._read(request)
        if isinstance(asked, Response):
            return asked
        address = self._remember(asked["address"], True)
        if not address["verifications"]["delivery"]["success"]:
            return _refuse(422, "ADDRESS.VERIFY.FAILURE", "Unable to verify address.")
        return _answer(200, {"address": address})

    @route("GET", "/v2/addresses")
    async def list_addresses(self, request: Request) -> Any:
        """The newest addresses."""
        if refused := self._unwelcome(request):
            return refused
        size = int(request.query_params.get("page_size", "20"))
        newest = list(reversed(self.addresses.values()))
        return _answer(200, {"addresses": newest[:size], "has_more": len(newest) > size})

    @route("GET", "/v2/addresses/{id}")
    async def retrieve(self, request: Request) -> Any:
        """One address."""
        if refused := self._unwelcome(request):
            return refused
        address = self.addresses.get(request.path_params["id"])
        return _answer(200, address) if address else _refuse(404, "NOT_FOUND", "There is no such address.")

    async def _read(self, request: Request) -> dict[str, Any] | Response:
        if refused := self._unwelcome(request):
            return refused
        try:
            asked = json.loads(await request.body())
        except ValueError:
            return _refuse(400, "MALFORMED", "The body is not JSON.")
        if not isinstance(asked, dict) or not isinstance(asked.get("address"), dict):
            return _refuse(422, "PARAMETER.REQUIRED", "Missing required parameter: address.")
        if unknown := set(asked["address"]) - _FIELDS:
            return _refuse(422, "PARAMETER.INVALID", f"Unknown: {', '.join(sorted(unknown))}.")
        if not asked["address"].get("street1"):
            return _refuse(422, "PARAMETER.REQUIRED", "Missing required parameter: street1.")
        return asked

    def _unwelcome(self, request: Request) -> Response | None:
        if _key(request.headers.get("authorization", "")) != KEY:
            return _refuse(401, "APIKEY.INVALID", "The API key is not valid.")
        if self.take_refusal("429", "slow-down"):
            return _refuse(429, "RATE_LIMITED", "Too many requests.")
        return None

    def _remember(self, asked: dict[str, Any], verify: bool) -> dict[str, Any]:
        address: dict[str, Any] = dict.fromkeys(_FIELDS) | asked
        verifications: dict[str, Any] = {}
        if verify:
            written, code, success = self._verify(address)
            address |= written
            errors = [{"code": code, "field": "address", "message": code, "suggestion": None}] if code else []
            verifications = {"delivery": {"success": success, "errors": errors, "details": {}}}
            if address["country"] == "US":
                verifications["zip4"] = {"success": success, "errors": [], "details": None}
        moment = self.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        address |= {"id": f"adr_{uuid.uuid4().hex}", "object": "Address", "mode": "test"}
        address |= {"created_at": moment, "updated_at": moment, "verifications": verifications}
        self.addresses[address["id"]] = address
        return address

    def _verify(self, address: dict[str, Any]) -> tuple[dict[str, Any], str, bool]:
        """The address as the service writes it, the error code or nothing, and `success`."""
        if self.told:
            code, success = self.told.popleft()
            return {}, code, success
        if address["country"] != "US":
            return {}, "E.COUNTRY.UNSUPPORTED", False
        if not re.fullmatch(r"\d{5}(-\d{4})?", address["zip"] or ""):
            return {}, "E.ZIP.INVALID", False
        street, unit = _normalise(address["street1"], address["street2"] or "")
        if not re.match(r"\d|PO BOX", street):
            return {}, "E.HOUSE_NUMBER.MISSING", False
        if "NOWHERE" in street:
            return {}, "E.ADDRESS.NOT_FOUND", False
        written = {
            "street1": f"{street} APT {unit}" if unit else street,
            "street2": "",
            "city": (address["city"] or "").upper(),
            "state": (address["state"] or "").upper(),
            "zip": f"{address['zip'][:5]}-0001",
            "residential": True,
        }
        if street in BUILDINGS and not _is_unit(street, unit):
            return written, f"E.SECONDARY_INFORMATION.{'INVALID' if unit else 'MISSING'}", True
        return written, "", True


def _normalise(street1: str, street2: str) -> tuple[str, str]:
    """The street in capitals, abbreviated and put right, and the unit apart."""
    whole = " ".join(f"{street1} {street2}".upper().replace(",", " ").replace(".", " ").split())
    unit = ""
    if found := _UNIT.search(whole):
        unit, whole = found[1], whole[: found.start()]
    street = " ".join(_SHORT.get(word, word) for word in whole.split())
    for wrong, right in MISSPELT.items():
        street = street.replace(wrong, right)
    return street, unit


def _key(authorization: str) -> str:
    """The API key out of either way to send it: Bearer, or Basic with the key as user."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return value
    try:
        return base64.b64decode(value).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _answer(status: int, body: Any) -> Response:
    headers = {"x-ep-request-uuid": str(uuid.uuid4()), "x-version-label": "sandbox"}
    return JSONResponse(body, status, headers)


def _refuse(status: int, code: str, message: str) -> Response:
    return _answer(status, {"error": {"code": code, "message": message, "errors": []}})


def _is_unit(street: str, unit: str) -> bool:
    units = BUILDINGS[street]
    return bool(unit) and (units is None or unit in units)
