"""What a form sent: bounded before it is read, read without guessing, and every mistake beside its field."""

import asyncio
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from hub.fulfilment.carrier_table import CARRIERS, named_in
from hub.fulfilment.carriers import detect
from hub.pages.views import AddressForm, AddressView, Choice, ChoiceView, SupplierAnswer, SupplierWord

LARGEST = 8_192
"""Bytes of a form; the longest address is a twentieth."""
READING = 10.0
"""Seconds a form may take to arrive."""
MOST_FIELDS = 20
MEDIA_TYPE = re.compile(r'application/x-www-form-urlencoded(?:\s*;\s*charset="?utf-8"?)?', re.IGNORECASE)

_LONGEST = {"name": 80, "line1": 100, "line2": 100, "city": 60, "region": 60, "postcode": 16}
_NEEDED = {
    "name": "Please write the name of whoever receives the parcel.",
    "line1": "Please write the street and house number.",
    "city": "Please write the town or city.",
    "postcode": "Please write the postcode.",
}
_TOO_LONG = "This is too long for a parcel's label."
_ODD = "This contains a sign that does not fit on a label."


class Unacceptable(Exception):
    """The request carries no form that can be read; `status` is the answer."""

    def __init__(self, status: int) -> None:
        self.status = status


T = TypeVar("T")


@dataclass(frozen=True)
class Filled(Generic[T]):
    """A form as it was filled in: what was typed, the mistakes by field, and its meaning where there are none."""

    typed: Mapping[str, str]
    mistakes: Mapping[str, str] = field(default_factory=dict)
    meaning: T | None = None


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, each at most once. Nothing but an urlencoded form in UTF-8 is taken."""
    if not MEDIA_TYPE.fullmatch(request.headers.get("content-type", "").strip()):
        raise Unacceptable(415)
    if "content-encoding" in request.headers:
        raise Unacceptable(415)
    body = await _body(request)
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise Unacceptable(400) from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Unacceptable(400)
    return fields


async def _body(request: Request) -> bytes:
    body = b""
    try:
        async with asyncio.timeout(READING):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST:
                    raise Unacceptable(413)
    except (TimeoutError, ClientDisconnect):
        raise Unacceptable(408) from None
    return body


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _is_odd(text: str) -> bool:
    # Controls, invisible marks that turn text around, surrogates, private signs.
    return any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") for sign in text)


def fill_address(fields: Mapping[str, str], view: AddressView) -> Filled[AddressForm]:
    """An address that could be printed. Whether it exists is the verifier's question."""
    typed = {name: _tidy(fields.get(name, "")) for name in _LONGEST}
    mistakes: dict[str, str] = {}
    for name, text in typed.items():
        needed = name in _NEEDED and (name != "postcode" or view.needs_postcode)
        if needed and not text:
            mistakes[name] = _NEEDED[name]
        elif len(text) > _LONGEST[name]:
            mistakes[name] = _TOO_LONG
        elif _is_odd(text):
            mistakes[name] = _ODD
    return Filled(typed, mistakes, None if mistakes else AddressForm(**typed))


def fill_choice(fields: Mapping[str, str], view: ChoiceView) -> Filled[Choice]:
    """One of what was offered."""
    match fields.get("choice", ""):
        case "similar" if view.similar is not None:
            return Filled({"choice": "similar"}, meaning="similar")
        case "refund":
            return Filled({"choice": "refund"}, meaning="refund")
        case _:
            return Filled({}, {"choice": "Please choose one of the two."})


def fill_answer(fields: Mapping[str, str]) -> Filled[SupplierAnswer]:
    """A supplier's answer. A number with a wrong check digit is asked about once; `sure` says that it is right."""
    typed = {
        name: _tidy(fields.get(name, ""))[:120] for name in ("answer", "tracking_number", "carrier", "sure")
    }
    answer = _word(typed["answer"])
    if answer is None:
        return Filled(typed, {"answer": "Please choose one."})
    if answer != "shipped":
        return Filled(typed, meaning=SupplierAnswer(answer=answer))
    mistakes = _parcel_mistakes(typed)
    if mistakes:
        return Filled(typed, mistakes)
    number = detect(typed["tracking_number"]).number
    parcel = SupplierAnswer(answer="shipped", tracking_number=number, carrier=typed["carrier"])
    return Filled(typed, meaning=parcel)


def _word(text: str) -> SupplierWord | None:
    match text:
        case "accepted" | "out-of-stock" | "shipped":
            return text
        case _:
            return None


def _parcel_mistakes(typed: Mapping[str, str]) -> dict[str, str]:
    mistakes: dict[str, str] = {}
    found = detect(typed["tracking_number"])
    # Only a carrier that was named: of plain digits half look like somebody's number with a slip in it.
    slipped = [slug for slug in found.mistyped if slug in named_in(typed["carrier"])]
    if not re.fullmatch(r"(?=.*\d)[A-Z0-9]{6,40}", found.number):
        mistakes["tracking_number"] = "Please write the tracking number: letters and digits."
    elif slipped and typed["sure"] != "yes":
        names = " or ".join(CARRIERS[slug].name for slug in slipped)
        mistakes["tracking_number"] = f"This looks like a number of {names} with a wrong sign in it."
    if not typed["carrier"] or len(typed["carrier"]) > 60 or _is_odd(typed["carrier"]):
        mistakes["carrier"] = "Please write the carrier's name."
    return mistakes
