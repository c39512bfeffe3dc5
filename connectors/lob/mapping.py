"""Lob's words to a verdict. Pure."""

from typing import Literal

from connectors.lob.places import is_same_place
from connectors.lob.wire import WireIntlVerification, WireUsVerification
from hub.sdk import Unreadable
from hub.sdk.commerce import Address, AddressVerdict, AddressVerdictCode

US_WORDS: dict[str, AddressVerdictCode] = {
    "deliverable": "deliverable",
    "deliverable_unnecessary_unit": "deliverable",
    "deliverable_incorrect_unit": "missing_secondary",
    "deliverable_missing_unit": "missing_secondary",
    "undeliverable": "undeliverable",
}
"""What Lob says of a US address. An unnecessary unit is no mistake that keeps a parcel from arriving."""

INTL_WORDS = frozenset({"deliverable", "deliverable_missing_info", "undeliverable", "no_match"})

COVERAGES: dict[str, Literal["units", "streets", "towns"]] = {
    "SUBBUILDING": "units",
    "HOUSENUMBER/BUILDING": "streets",
    "STREET": "streets",
    "LOCALITY": "towns",
    "SPARSE": "towns",
}
"""How deep Lob knows a country. Where it knows towns at best, that it finds no street says nothing."""

STATUSES: dict[str, Literal["verified", "fixed", "incomplete", "unverified"]] = {
    **dict.fromkeys(("LV4", "LV3", "LV2", "LV1"), "verified"),
    **dict.fromkeys(("LF4", "LF3", "LF2", "LF1"), "fixed"),
    **dict.fromkeys(("LM4", "LM3", "LM2"), "incomplete"),
    "LU1": "unverified",
}
"""What Lob did to an address of another country to match it."""

REASONS: dict[AddressVerdictCode, str] = {
    "deliverable": "",
    "missing_secondary": "The apartment or unit is missing or wrong.",
    "corrected": "Lob knows it differently.",
    "undeliverable": "No mail can be delivered there.",
    "unverifiable": "Lob could not tell.",
}


def read_us(found: WireUsVerification, asked: Address) -> AddressVerdict:
    """A US verdict by `deliverability` alone; a test key verifies nothing but its own examples and says nothing."""
    if found.deliverability == "":
        return _verdict("unverifiable", ["not-verified"])
    if found.deliverability not in US_WORDS:
        raise Unreadable(f"Lob says {found.deliverability!r} of an address, which is not known here.")
    verdict = US_WORDS[found.deliverability]
    if verdict != "deliverable":
        return _verdict(verdict, [found.deliverability, *found.deliverability_analysis.dpv_footnotes])
    if found.deliverability == "deliverable" and not is_same_place(found, asked):
        return _verdict("corrected", [], _us_suggestion(found, asked))
    return _verdict("deliverable", [])


def read_intl(found: WireIntlVerification, asked: Address) -> AddressVerdict:
    """A verdict from another country; how deep Lob knows the country decides what its noes are worth."""
    if found.deliverability == found.status == "":
        return _verdict("unverifiable", ["not-verified"])
    known = (found.deliverability in INTL_WORDS, found.status in STATUSES, found.coverage in COVERAGES)
    if not all(known):
        said = f"{found.deliverability!r}, {found.status!r} and {found.coverage!r}"
        raise Unreadable(f"Lob says {said} of an address, of which one is not known here.")
    verdict = _intl_verdict(found)
    suggestion = _intl_suggestion(found, asked) if verdict == "corrected" else None
    good = verdict in ("deliverable", "corrected")
    codes = [] if good else [found.deliverability, found.status, found.coverage]
    return _verdict(verdict, codes, suggestion)


def read_refusal(code: str) -> AddressVerdict:
    """A question that Lob refuses says nothing about the address."""
    return _verdict("unverifiable", [code])


def _intl_verdict(found: WireIntlVerification) -> AddressVerdictCode:
    coverage, status = COVERAGES[found.coverage], STATUSES[found.status]
    if found.deliverability == "deliverable_missing_info":
        # "Most likely deliverable": only where Lob knows units is it surely the unit that is missing.
        return "missing_secondary" if coverage == "units" else "unverifiable"
    if found.deliverability in ("undeliverable", "no_match"):
        return "unverifiable" if coverage == "towns" else "undeliverable"
    if status in ("verified", "fixed"):
        return "corrected" if status == "fixed" else "deliverable"
    return "unverifiable"  # deliverable by one word and not by the other


def _us_suggestion(found: WireUsVerification, asked: Address) -> Address:
    """The customer's own name and phone at the address Lob knows."""
    parts = found.components
    plus_4 = f"-{parts.zip_code_plus_4}" if parts.zip_code_plus_4 else ""
    changes = {"line1": found.primary_line, "line2": found.secondary_line, "city": parts.city}
    changes |= {"region": parts.state, "postcode": parts.zip_code + plus_4}
    return asked.model_copy(update=changes)


def _intl_suggestion(found: WireIntlVerification, asked: Address) -> Address:
    parts = found.components
    changes = {"line1": found.primary_line, "line2": found.secondary_line}
    changes |= {"city": parts.city, "region": parts.state, "postcode": parts.postal_code}
    return asked.model_copy(update={name: value for name, value in changes.items() if value})


def _verdict(
    verdict: AddressVerdictCode, codes: list[str], suggestion: Address | None = None
) -> AddressVerdict:
    return AddressVerdict(verdict=verdict, reason=REASONS[verdict], codes=codes, suggestion=suggestion)
