"""Shopify is told carriers as it spells them, so that it links their tracking pages itself."""

import pytest

from connectors.shopify.carriers import NAMES, to_company


@pytest.mark.parametrize(
    ("carrier", "company"),
    [
        ("ups", "UPS"),
        ("dhl_express", "DHL Express"),
        ("DHL eCommerce", "DHL eCommerce"),
        ("royal-mail", "Royal Mail"),
        ("4px", "4PX"),
        ("Uncle Bob's Van", "Uncle Bob's Van"),
        ("", ""),
    ],
)
def test_carriers_are_spelt_as_shopify_spells_them(carrier: str, company: str) -> None:
    assert to_company(carrier) == company


def test_no_two_carriers_share_a_plain_name() -> None:
    assert {to_company(name) for name in NAMES} == set(NAMES)
