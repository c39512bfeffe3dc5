"""EasyPost's words to a verdict, and when an address counts as corrected. Pure."""

from typing import Any

from connectors.easypost.wire import WireAddress
from hub.sdk.commerce import Address, AddressVerdict
from hub.sdk.postal import street_words, words

SECONDARY = "E.SECONDARY_INFORMATION."
"""The building exists; the apartment or unit is missing or wrong. Comes with `success: true`."""

UNDELIVERABLE = frozenset(
    {
        "E.ADDRESS.DELIVERY.INVALID",
        "E.ADDRESS.INSUFFICIENT",
        "E.ADDRESS.INVALID",
        "E.ADDRESS.MULTIPLE",
        "E.ADDRESS.NOT_FOUND",
        "E.BOX_NUMBER.INVALID",
        "E.BOX_NUMBER.MISSING",
        "E.CITY_STATE.INVALID",
        "E.HOUSE_NUMBER.INVALID",
        "E.HOUSE_NUMBER.MISSING",
        "E.PO_BOX.INTERNATIONAL",
        "E.STATE.INVALID",
        "E.STREET.INVALID",
        "E.STREET.MISSING",
        "E.ZIP.INVALID",
        "E.ZIP.NOT_FOUND",
    }
)
"""The customer can mend it."""

NOT_TOLD = frozenset(
    {
        "ADDRESS.VERIFY.INTL_NOT_ENABLED",
        "ADDRESS.VERIFY.UNAVAILABLE",
        "ADDRESS.VERIFY.UPSTREAM_UNAVAILABLE",
        "E.COUNTRY.UNSUPPORTED",
        "E.ENGINE.UNAVAILABLE",
        "E.QUERY.UNANSWERABLE",
        "E.TIMED_OUT",
        "E.TIME_ZONE.UNAVAILABLE",
    }
)
"""The service's own trouble, or a country it does not cover: never a reason to ask the customer."""

# USPS writes addresses with these abbreviations; spelling a word out is no mistake of the customer's.
_SHORT = {
    "STREET": "ST", "AVENUE": "AVE", "AV": "AVE", "BOULEVARD": "BLVD", "ROAD": "RD", "DRIVE": "DR",
    "LANE": "LN", "COURT": "CT", "PLACE": "PL", "SQUARE": "SQ", "TERRACE": "TER", "PARKWAY": "PKWY",
    "HIGHWAY": "HWY", "CIRCLE": "CIR", "TRAIL": "TRL", "TURNPIKE": "TPKE", "PLAZA": "PLZ", "NORTH": "N",
    "SOUTH": "S", "EAST": "E", "WEST": "W", "NORTHEAST": "NE", "NORTHWEST": "NW", "SOUTHEAST": "SE",
    "SOUTHWEST": "SW", "SAINT": "ST", "MOUNT": "MT", "FORT": "FT",
}  # fmt: skip


def write_question(address: Address) -> dict[str, Any]:
    """Only what is needed to verify: no name, no phone number."""
    return {
        "address": {
            "company": address.company,
            "street1": address.line1,
            "street2": address.line2,
            "city": address.city,
            "state": address.region,
            "zip": address.postcode,
            "country": address.country,
        },
        "verify": True,
    }


def read_verdict(found: WireAddress, asked: Address) -> AddressVerdict:
    """Any error code counts, whatever `success` says: a missing apartment comes with `success: true`."""
    delivery, zip4 = found.verifications.delivery, found.verifications.zip4
    errors = delivery.errors + (zip4.errors if zip4 else [])
    codes = list(dict.fromkeys(error.code for error in errors))
    if codes or not delivery.success:
        return read_codes(codes)
    suggestion = _suggestion(found, asked)
    if _essence(suggestion) != _essence(asked):
        return AddressVerdict(
            verdict="corrected", reason="EasyPost knows it differently.", suggestion=suggestion
        )
    return AddressVerdict(verdict="deliverable")


def read_codes(codes: list[str]) -> AddressVerdict:
    """What error codes mean, the customer's mistakes first; a code nobody knows needs a person to look."""
    if any(code in UNDELIVERABLE for code in codes):
        return AddressVerdict(verdict="undeliverable", reason="No mail can be delivered there.", codes=codes)
    if any(code.startswith(SECONDARY) for code in codes):
        reason = "The apartment or unit is missing or wrong."
        return AddressVerdict(verdict="missing_secondary", reason=reason, codes=codes)
    if codes and all(code in NOT_TOLD for code in codes):
        return AddressVerdict(verdict="unverifiable", reason="EasyPost could not tell.", codes=codes)
    reason = "Needs review: EasyPost gave a reason this hub does not know."
    return AddressVerdict(verdict="unverifiable", reason=reason, codes=codes)


def _suggestion(found: WireAddress, asked: Address) -> Address:
    """The customer's own name and phone at the address EasyPost knows."""
    return Address(
        name=asked.name,
        company=asked.company,
        line1=found.street1 or "",
        line2=found.street2 or "",
        city=found.city or "",
        region=found.state or "",
        postcode=found.zip or "",
        country=found.country or asked.country,
        phone=asked.phone,
    )


def _essence(address: Address) -> tuple[object, ...]:
    """What makes two addresses the same place: not case, abbreviations, ZIP+4, or which line has the unit."""
    street = tuple(_SHORT.get(word, word) for word in street_words(address.line1, address.line2))
    city = tuple(_SHORT.get(word, word) for word in words(address.city))
    postcode = address.postcode.upper().replace(" ", "")
    if address.country == "US":
        postcode = postcode[:5]
    return street, city, address.region.upper(), postcode, address.country
