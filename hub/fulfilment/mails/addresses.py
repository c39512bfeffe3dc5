"""Tracking numbers in the links of a mail: in a carrier's own address, or behind one that only leads there. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from hub.fulfilment.carrier_table import linked_by
from hub.fulfilment.carriers import detect, tidy

_ANY = """
trackingnumber trackingnumbers trackingno trackingnum trackingnos tracknum tracknums tracknumber
tracknumbers trackno trackingcode trackingid tracking trknbr trknbrs tlabels qtctlabels1 piececode
sendungsnummer paketnummer parcelnumber parcelno awb waybill mailnolist consignmentnumber
inquirynumber inquirynumber1 reqcodeno1 searchfor numerodesuivi shipmentnumber barcode nums
trackingnr colisno codigorastreio
"""
_ON_ANY_SITE = frozenset(_ANY.split())
"""Names that mean a tracking number wherever they stand, without dashes and underscores."""
_CARRIERS = """
id code number num no b q idc match ref refnr parcel parcels parcelid shipment shipmentid shipments
p n numer numero codigo colis listno number01 okurijono trackid itemid item consignment consignments itemcode
ids t s txtcode label cons query brtcode formattedparcelcodes sv awbnum awbno parcelnr pknr mailno waybillno
waybillnumber objetos objeto listenumeroslt chrononumbers
"""
_ON_A_CARRIERS = frozenset(_CARRIERS.split())
_SITES = (
    "17track.net", "aftership.com", "parcelsapp.com", "trackingmore.com", "ship24.com", "packagetrackr.com",
    "track123.com", "parcellab.com", "parcelpanel.com", "narvar.com", "sendcloud.sc", "myparcel.me", "parceltrack.de",
    "paketda.de", "track24.net", "postal.ninja", "shipup.co", "malomo.com", "route.com", "trackglobal.com",
)  # fmt: skip
"""Sites that track every carrier's parcels."""
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-]{6,40}")
_INNER = re.compile(r"https?://[^\s<>\"]{4,1500}", re.IGNORECASE)
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Linked:
    """A number that a link carries. `carriers` are those on whose own domain it leads; none for other sites."""

    number: str
    link: str
    carriers: frozenset[str] = frozenset()


def numbers_in(link: str, depth: int = 0) -> list[Linked]:
    """The tracking numbers of a link and of the links wrapped in it."""
    try:
        parts = urlsplit(link.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return []
    if parts.scheme.lower() not in ("http", "https") or not host:
        return []
    carriers = frozenset(linked_by(link))
    is_tracker = bool(carriers) or any(host == site or host.endswith(f".{site}") for site in _SITES)
    pairs = _pairs(parts.query) + _pairs(parts.fragment.partition("?")[2])
    found = [number for name, value in pairs for number in _named(name, value, is_tracker)]
    if is_tracker:
        found += list(_in_path(f"{parts.path}/{parts.fragment}", carriers, link))
    unique = {number: Linked(number, link, carriers) for number in found}
    return [*unique.values(), *_wrapped(link, depth)]


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, max_num_fields=60)
    except ValueError:
        return []


def _named(name: str, value: str, is_tracker: bool) -> Iterator[str]:
    key = re.sub(r"[^a-z0-9]", "", name.lower())
    if key in _ON_ANY_SITE or (is_tracker and key in _ON_A_CARRIERS):
        for piece in re.split(r"[,;|\n]", value)[:20]:
            if is_plausible(piece.strip()) and not is_written_small(piece):
                yield tidy(piece)


def _in_path(path: str, carriers: frozenset[str], link: str) -> Iterator[str]:
    """A number among the folders of a tracker's address; there it must have a form that some carrier has."""
    for whole in unquote(path).split("/"):
        piece = _without_country(whole)
        if _TOKEN.fullmatch(piece) and is_plausible(piece) and (_has_form(piece) or _is_long(piece)):
            yield tidy(piece)


def _without_country(piece: str) -> str:
    """PostNL writes the country and the postcode behind a number: `3SABCD1234567-NL-1012AB`."""
    head, dash, _ = piece.partition("-")
    is_whole = any(one.confidence != "possible" for one in detect(head).candidates)
    return head if dash and is_whole else piece


def _has_form(piece: str) -> bool:
    found = detect(piece)
    return bool(found.candidates or found.mistyped)


def _is_long(piece: str) -> bool:
    """Digits and capitals as only a number has; a page's name has small letters."""
    return len(piece) >= 10 and piece.upper() == piece


def is_plausible(text: str) -> bool:
    """Whether it can be a tracking number at all: 8 to 40 signs, most of them digits or all of them capitals."""
    compact = tidy(text)
    digits = sum(sign.isdigit() for sign in compact)
    if not 8 <= len(compact) <= 40 or not compact.isalnum() or not compact.isascii() or digits < 5:
        return False
    if any(sign.islower() for sign in text) and any(sign.isupper() for sign in text):
        return _has_form(text)
    return digits * 2 >= len(compact) or _has_form(text)


def is_written_small(text: str) -> bool:
    """Whether it has small letters, as a checksum or a session has, and no carrier's form."""
    return any(sign.islower() for sign in text) and not detect(text).candidates


def _wrapped(link: str, depth: int) -> list[Linked]:
    """Shops and mail guards lead over their own site; the address they lead to is often a part of theirs."""
    if depth >= _DEEPEST:
        return []
    inner = unquote(link[8:])
    if "://" not in inner and "http-3A" in inner:
        inner = inner.replace("-", "%").replace("_", "/")
        inner = unquote(inner)
    return [one for match in _INNER.finditer(inner) for one in numbers_in(match[0], depth + 1)]
