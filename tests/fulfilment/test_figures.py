"""What figures mean: what lay behind an enquiry, what a mistake costs, where a share lies."""

from decimal import Decimal

import pytest

from hub.fulfilment.costs import Costs, at_risk, in_vain, of_a_ticket
from hub.fulfilment.enquiries import gap_of
from hub.fulfilment.figures.figure import Said, percent, span
from hub.fulfilment.figures.voices import band_of
from hub.fulfilment.root_causes import cause_of, root_of
from hub.sdk.commerce import Money
from hub.store.figures.enquiries import Facts

CALM = {
    "is_cancelled": False, "open_kinds": [], "parcels": 0, "delivered": 0, "not_shown": 0, "stalled": 0, "bought": 0,
    "is_late": False,
}  # fmt: skip
PARCEL = Costs(initial_shipping=Decimal(8), return_processing=Decimal(5), reshipping=Decimal(8))


@pytest.mark.parametrize(
    ("facts", "gap"),
    [
        ({}, "not-bought-yet"),
        ({"bought": 1}, "not-shipped-yet"),
        ({"bought": 1, "is_late": True}, "late"),
        ({"open_kinds": ["address-review"]}, "address"),
        ({"bought": 1, "parcels": 1}, "under-way"),
        ({"bought": 2, "parcels": 2, "delivered": 1}, "under-way"),
        ({"bought": 1, "parcels": 1, "not_shown": 1}, "tracking-gap"),
        ({"bought": 1, "open_kinds": ["tracking-gap"]}, "tracking-gap"),
        ({"bought": 1, "parcels": 1, "stalled": 1, "open_kinds": ["stalled"]}, "stalled"),
        ({"bought": 1, "parcels": 1, "delivered": 1, "open_kinds": ["delivered-disputed"]}, "delivered"),
        ({"is_cancelled": True, "open_kinds": ["cancel-at-supplier"]}, "cancelled"),
    ],
)
def test_what_lay_behind_an_enquiry_is_told_by_how_the_order_stands(
    facts: dict[str, object], gap: str
) -> None:
    assert gap_of(Facts(**{**CALM, **facts})) == gap  # type: ignore[arg-type]  # a row of facts, some changed


def test_an_order_that_nobody_can_tell_has_no_gap() -> None:
    assert gap_of(None) == "unknown-order"


def test_cases_of_one_trouble_have_one_cause_and_a_flow_names_its_own() -> None:
    assert {cause_of(kind) for kind in ("stalled", "lost", "replacement-late")} == {"stalled"}
    assert cause_of("a-kind-of-the-merchants-own") == "a-kind-of-the-merchants-own"
    assert root_of("out-of-stock", ["cannot-refund"]) == "out-of-stock"
    assert root_of("my-own-flow", ["address-review", "stock"]) == "address"
    assert root_of("my-own-flow", []) == "my-own-flow"


def test_a_cost_is_unknown_as_long_as_one_part_of_it_is() -> None:
    assert in_vain(PARCEL, "EUR") == Money(amount=Decimal(21), currency="EUR")
    assert in_vain(PARCEL.model_copy(update={"reshipping": None}), "EUR") is None
    assert at_risk("address", PARCEL, "EUR") is None, "what a lost customer costs is not known"
    whole = PARCEL.model_copy(update={"churn": Decimal("0.3"), "lifetime_value": Decimal(89)})
    found = at_risk("stalled", whole, "EUR")
    assert found is not None and found.total == Decimal("42.70")
    assert at_risk("duplicate", whole, "EUR") is None, "nobody says what that costs"


def test_what_a_ticket_costs_is_known_in_dollars_and_elsewhere_once_it_is_said() -> None:
    dollars = Money(amount=Decimal(5), currency="USD"), Money(amount=Decimal(22), currency="USD")
    assert of_a_ticket(Costs(), "USD") == dollars
    assert of_a_ticket(Costs(), "EUR") is None
    said = of_a_ticket(Costs(enquiry_least=Decimal(4), enquiry_most=Decimal(9)), "EUR")
    assert said is not None and [m.amount for m in said] == [4, 9]


@pytest.mark.parametrize(
    ("share", "band"),
    [("29.9", "low"), ("30", "normal"), ("40", "normal"), ("40.1", "high"), ("50", "high"), ("50.1", "peak")],
)
def test_a_share_lies_in_one_band(share: str, band: str) -> None:
    assert band_of(Decimal(share)).name == band


def test_a_share_of_nothing_is_unknown_and_not_nought() -> None:
    nothing = percent(Said("rate", "Rate"), 0, 0, "There was none.")
    assert (nothing.value, nothing.unknown) == (None, "There was none.")
    assert percent(Said("rate", "Rate"), 1, 3, "").value == Decimal("33.3")
    assert span(Said("hours", "Hours"), None, "hours", 0).unknown != ""
