"""An address as Lob wants to be asked for it, and what Lob would refuse to be asked. Pure."""

import re

from hub.sdk.commerce import Address, AddressVerdict

US = frozenset({"US", "AS", "FM", "GU", "MH", "MP", "PR", "PW", "VI"})
"""The United States and what their postal service delivers to; Lob verifies these as US addresses."""

_ZIP = re.compile(r"\d{5}(-?\d{4})?")


def is_us(address: Address) -> bool:
    """Which of Lob's two verifiers knows this country."""
    return address.country in US


def spoilt(address: Address) -> AddressVerdict | None:
    """What no post office could deliver and Lob refuses to look up: a ZIP code that is none, or no place at all."""
    if not is_us(address):
        return None
    if address.postcode and not _ZIP.fullmatch(address.postcode.strip()):
        return _undeliverable("The ZIP code is not a US one.", "zip_code.invalid")
    if not address.postcode and not (address.city and region_of(address)):
        return _undeliverable("There is neither a ZIP code nor both a city and a state.", "zip_code.missing")
    return None


def write_question(address: Address) -> dict[str, str]:
    """Only what is needed to verify: no name, no phone number, no empty fields."""
    place = {"city": address.city, "primary_line": address.line1, "secondary_line": address.line2}
    if is_us(address):
        place |= {"state": region_of(address), "zip_code": address.postcode.strip()}
    else:
        place |= {
            "state": address.region,
            "postal_code": address.postcode,
            "country": address.country,
        }
    return {name: value for name, value in place.items() if value}


def region_of(address: Address) -> str:
    """The state; for a territory that is written as a country of its own, that country is its state."""
    return address.region if address.country == "US" else address.country


def _undeliverable(reason: str, code: str) -> AddressVerdict:
    return AddressVerdict(verdict="undeliverable", reason=reason, codes=[code])
