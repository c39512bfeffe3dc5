"""Verifications as Lob writes them: every field its schema asks for, and nothing in them where nothing was verified."""

import uuid
from dataclasses import dataclass
from typing import Any

_NOT_ANALYSED = {
    "dpv_confirmation": "", "dpv_cmra": "", "dpv_vacant": "", "dpv_active": "", "dpv_inactive_reason": "",
    "dpv_throwback": "", "dpv_non_delivery_day_flag": "", "dpv_non_delivery_day_values": "",
    "dpv_no_secure_location": "", "dpv_door_not_accessible": "", "dpv_footnotes": [], "ews_match": False,
    "lacs_indicator": "", "lacs_return_code": "", "suite_return_code": "",
}  # fmt: skip
_NO_PARTS = {
    "primary_number": "", "street_predirection": "", "street_name": "", "street_suffix": "",
    "street_postdirection": "", "secondary_designator": "", "secondary_number": "",
    "pmb_designator": "", "pmb_number": "", "extra_secondary_designator": "",
    "extra_secondary_number": "", "city": "", "state": "", "zip_code": "",
    "zip_code_plus_4": "", "zip_code_type": "", "delivery_point_barcode": "", "address_type": "",
    "record_type": "", "default_building_address": False, "county": "", "county_fips": "", "carrier_route": "",
    "carrier_route_type": "", "po_box_only_flag": "", "latitude": None, "longitude": None,
}  # fmt: skip
_NO_SCORE = {"score": None, "level": ""}
_CONFIRMED = {
    "deliverable": ("Y", ["AA", "BB"]),
    "deliverable_unnecessary_unit": ("S", ["AA", "CC"]),
    "deliverable_incorrect_unit": ("S", ["AA", "CC"]),
    "deliverable_missing_unit": ("D", ["AA", "N1"]),
    "undeliverable": ("N", ["A1"]),
}
"""What the postal service's files say with each of Lob's words: the confirmation and its footnotes."""


@dataclass(frozen=True)
class Street:
    """A street line taken apart, in capitals and abbreviated."""

    number: str
    before: str
    name: str
    suffix: str
    unit: str

    @property
    def line(self) -> str:
        """The building, without a unit."""
        return " ".join(part for part in (self.number, self.before, self.name, self.suffix) if part)


def us_verification(word: str, street: Street, asked: dict[str, Any]) -> dict[str, Any]:
    """A US verification that says this word."""
    unit = f"APT {street.unit}" if street.unit else ""
    line = f"{street.line} {unit}".strip()
    town = {"city": asked.get("city", "").upper(), "state": asked.get("state", "").upper()}
    zip_code = asked.get("zip_code", "")[:5] or "94107"
    confirmed, footnotes = _CONFIRMED[word]
    parts = {
        "primary_number": street.number,
        "street_predirection": street.before,
        "street_name": street.name,
    }
    parts |= {"street_suffix": street.suffix, "secondary_designator": "APT" if unit else ""}
    parts |= {"secondary_number": street.unit, **town, "zip_code": zip_code, "zip_code_plus_4": "0001"}
    parts |= {"zip_code_type": "standard", "record_type": "street", "carrier_route_type": "city_delivery"}
    parts |= {"county_fips": "06075", "po_box_only_flag": "N"}
    analysis = _NOT_ANALYSED | {"dpv_confirmation": confirmed, "dpv_footnotes": footnotes}
    return _verification("us_ver") | {
        "primary_line": line,
        "last_line": f"{town['city']} {town['state']} {zip_code}-0001".strip(),
        "deliverability": word,
        # Lob says true of a building whose unit is missing: whoever reads only this ships to a lobby.
        "valid_address": word != "undeliverable",
        "components": _NO_PARTS | parts,
        "deliverability_analysis": analysis,
        "lob_confidence_score": {"score": 100, "level": "high"} if confirmed == "Y" else dict(_NO_SCORE),
    }


def nothing_verified() -> dict[str, Any]:
    """What a test key is told of an address that is none of Lob's own examples."""
    return _verification("us_ver") | {
        "primary_line": "",
        "last_line": "",
        "deliverability": "",
        "valid_address": False,
        "components": dict(_NO_PARTS),
        "deliverability_analysis": dict(_NOT_ANALYSED),
        "lob_confidence_score": dict(_NO_SCORE),
    }


def intl_verification(word: str, status: str, coverage: str, asked: dict[str, Any]) -> dict[str, Any]:
    """A verification in another country; `word`, `status` and `coverage` are empty where nothing was verified."""
    town = {"city": asked.get("city", ""), "state": asked.get("state", "")}
    parts = {"primary_number": "", "street_name": "", **town, "postal_code": asked.get("postal_code", "")}
    return _verification("intl_ver") | {
        "primary_line": asked.get("primary_line", "").upper(),
        "last_line": f"{parts['postal_code']} {town['city']}".strip(),
        "country": asked["country"],
        "coverage": coverage,
        "deliverability": word,
        "status": status,
        "components": parts,
    }


def _verification(kind: str) -> dict[str, Any]:
    made = {"id": f"{kind}_{uuid.uuid4().hex[:17]}", "recipient": "", "secondary_line": ""}
    if kind == "us_ver":
        return {**made, "urbanization": "", "object": "us_verification"}
    return {**made, "object": "intl_verification"}
