"""What reaches a customer of an order and a parcel: listed fields, the hub's own words, nothing of a supplier."""

import inspect
import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from pydantic import AwareDatetime, BaseModel

import hub.sdk.commerce
import hub.sdk.parcels
from hub.fulfilment import customer_view, wording
from hub.fulfilment.customer_view import customer_order, customer_parcel
from hub.fulfilment.wording import (
    LocationPolicy,
    carrier_name,
    first_name,
    money_text,
    product_word,
    status_text,
)
from hub.sdk.commerce import Address, Internal, Money, Record
from hub.sdk.parcels import TrackedParcel, TrackingEvent, TrackingReason, TrackingStatus
from tests.fulfilment.hidden import SUPPLIERS, bought_from, canaries, outputs, tracked
from tests.fulfilment.trade import MONDAY, NEW_YORK, order

CANARY = "Shenzhen Golden Co"
PAGE = "https://track.brand.example/t/abc"


def filled(wanted: Any, inside: bool = False) -> Any:
    """A value of a type in which every field marked `Internal` holds the canary, however deep it lies."""
    if get_origin(wanted) is Annotated:
        first, *marks = get_args(wanted)
        return filled(first, inside or any(isinstance(mark, Internal) for mark in marks))
    if isinstance(wanted, type) and issubclass(wanted, BaseModel):
        return record(wanted)
    if get_origin(wanted) is Literal:
        return get_args(wanted)[0]
    if get_origin(wanted) in (list, dict):
        return [filled(get_args(wanted)[0], inside)] if get_origin(wanted) is list else {}
    if get_origin(wanted) in (Union, UnionType):
        return filled(next(option for option in get_args(wanted) if option is not NoneType), inside)
    plain = {int: 1, bool: False, Decimal: Decimal(1), AwareDatetime: MONDAY, float: 0.5}
    return plain.get(wanted, CANARY if inside else "US")


def record(model: type[BaseModel]) -> Any:
    """A record so filled."""
    hints = get_type_hints(model, include_extras=True)
    made = {name: "USD" if name == "currency" else filled(hints[name]) for name in model.model_fields}
    return model(**made)


def internal_fields(model: type[BaseModel]) -> list[str]:
    return [
        name
        for name, field in model.model_fields.items()
        if any(isinstance(m, Internal) for m in field.metadata)
    ]


def commerce() -> list[type[Record]]:
    """Every record of the commerce vocabulary."""
    found = [*vars(hub.sdk.commerce).values(), *vars(hub.sdk.parcels).values()]
    return list(
        {one for one in found if isinstance(one, type) and issubclass(one, Record) and one is not Record}
    )


def builders() -> list[Callable[..., BaseModel]]:
    """Every function that makes something for a customer's eyes."""
    return [
        function
        for name, function in inspect.getmembers(customer_view, inspect.isfunction)
        if function.__module__ == customer_view.__name__ and name.startswith("customer_")
    ]


def test_there_are_internal_fields_and_builders_for_the_next_test_to_look_at() -> None:
    marked = {model.__name__: found for model in commerce() if (found := internal_fields(model))}

    assert marked["PurchaseOrder"] == ["supplier_reference"]
    assert marked["TrackingEvent"] == ["text", "place"]
    assert CANARY in str(filled(TrackedParcel)) and CANARY in str(filled(hub.sdk.commerce.PurchaseOrder))
    assert {function.__name__ for function in builders()} == {
        "customer_order",
        "customer_item",
        "customer_parcel",
    }


@pytest.mark.parametrize("builder", builders(), ids=lambda builder: builder.__name__)
@pytest.mark.parametrize("policy", get_args(LocationPolicy))
def test_no_internal_field_of_the_commerce_vocabulary_reaches_a_customer(
    builder: Callable[..., BaseModel], policy: LocationPolicy
) -> None:
    hints = get_type_hints(builder, include_extras=True)
    given = {name: filled(hint) for name, hint in hints.items() if name != "return"}
    given |= {
        name: value for name, value in {"tracking_url": PAGE, "location": policy}.items() if name in given
    }

    assert CANARY not in builder(**given).model_dump_json()


def test_what_a_customer_sees_has_no_field_for_a_supplier() -> None:
    seen = customer_view
    views: list[type[Record]] = [
        seen.Brand,
        seen.CustomerOrder,
        seen.CustomerItem,
        seen.CustomerParcel,
        seen.News,
    ]
    fields = {name for view in views for name in view.model_fields}

    assert not fields & {
        "supplier",
        "supplier_reference",
        "sku",
        "properties",
        "note",
        "tags",
        "events",
        "place",
    }
    assert all(internal_fields(view) == [] for view in views)


def test_twenty_five_suppliers_written_into_every_inner_field_are_nowhere_in_five_thousand_outputs() -> None:
    words = {word.casefold() for supplier in SUPPLIERS for word in canaries(supplier)}
    harmless = {"ruby & sons", "providence", "silver line", "dana"}  # Also what a customer lives in or buys.
    chance = random.Random(1)
    inside = str(bought_from(SUPPLIERS[0], chance)) + str(tracked(SUPPLIERS[0], chance))
    assert all(word in inside for word in canaries(SUPPLIERS[0]))

    count = 0
    for sent in outputs(5000):
        count += 1
        told = "\n".join(sent.parts.values()).casefold()
        assert [word for word in words - harmless if word in told] == [], sent.notice
    assert count == 5000


@pytest.mark.row("S1-135")
@pytest.mark.parametrize(
    ("policy", "place", "told"),
    [
        ("none", "Shenzhen, CN", "On its way"),
        ("country", "Shenzhen, CN", "On its way"),
        ("city", "Shenzhen, CN", "On its way"),
        ("none", "New York, NY, US", "On its way"),
        ("country", "Buffalo, NY, US", "On its way, now in your country"),
        ("country", "New York, NY, US", "On its way, now in your country"),
        ("city", "Buffalo, NY, US", "On its way, now in your country"),
        ("city", "NEW YORK, NY, US", "On its way, now in your city"),
        ("city", "Shenzhen", "On its way"),
        ("city", "", "On its way"),
    ],
)
def test_departed_shenzhen_facility_is_on_its_way(policy: LocationPolicy, place: str, told: str) -> None:
    event = TrackingEvent(
        status="in_transit", happened_at=MONDAY, is_scan=True, text="Departed Shenzhen facility", place=place
    )
    parcel = TrackedParcel(tracking_number="1Z", carrier="yunexpress", status="in_transit", events=[event])

    seen = customer_parcel(parcel, PAGE, NEW_YORK, location=policy)

    assert seen.news is not None and (seen.news.text, seen.status, seen.carrier) == (told, "On its way", "")
    assert "Shenzhen" not in seen.model_dump_json()


def test_a_parcels_last_news_is_the_latest_whatever_the_order_they_came_in() -> None:
    late = TrackingEvent(status="delivered", happened_at=MONDAY + timedelta(days=2), is_scan=True)
    early = TrackingEvent(status="in_transit", happened_at=MONDAY, is_scan=True)
    parcel = TrackedParcel(tracking_number="1Z", status="delivered", events=[late, early])

    seen = customer_parcel(parcel, PAGE)

    assert seen.news is not None and (seen.news.text, seen.news.happened_at) == (
        "Delivered",
        late.happened_at,
    )


def test_every_status_and_every_reason_has_words_of_its_own() -> None:
    assert set(wording.STATUS) == set(get_args(TrackingStatus))
    assert set(wording.REASON) == set(get_args(TrackingReason))
    assert status_text("exception", "weather") == "Delayed by the weather"
    assert status_text("exception", "customs") == "Taking longer than usual", (
        "a border would tell where it comes from"
    )
    assert status_text("in_transit", "weather") == "On its way"


def test_only_carriers_that_say_nothing_of_where_from_are_named() -> None:
    assert [carrier_name(name) for name in ("usps", "UPS", "dhl-express")] == ["USPS", "UPS", "DHL Express"]
    assert [carrier_name(name) for name in ("yunexpress", "china-post", "Golden Co Express", "")] == [""] * 4


def test_lines_that_are_no_longer_to_be_delivered_are_left_out() -> None:
    bought = bought_from(SUPPLIERS[0], random.Random(2))
    gone = bought.model_copy(
        update={"lines": [bought.lines[0].model_copy(update={"quantity": 0}), *bought.lines]}
    )

    assert customer_order(gone).items == customer_order(bought).items


@pytest.mark.parametrize(
    ("titles", "word"),
    [
        (["Custom-Engraved Pendant"], "pendant"),
        (["Pendant - Gold, 18 in"], "pendant"),
        (["Ceramic Mug (11 oz)"], "mug"),
        (["Necklace with Initials"], "necklace"),
        (["Ring of Fire"], "ring"),
        (["T-Shirt | Black"], "shirt"),
        (["18K"], "order"),
        ([""], "order"),
        ([], "order"),
        (["Pendant", "Ring"], "order"),
    ],
)
def test_what_was_bought_is_called_by_one_word(titles: list[str], word: str) -> None:
    assert product_word(titles) == word


@pytest.mark.parametrize("name", ["Sarah", "Anne-Marie", "O'Neil", "José", "Mary Ann", "J."])
def test_a_name_is_greeted(name: str) -> None:
    assert first_name(f" {name}  ") == name


@pytest.mark.parametrize(
    "name", ["", "https://win.example", "Call 555-1234", "a" * 41, "<b>", "win@x.example"]
)
def test_what_is_no_name_is_not_repeated(name: str) -> None:
    assert first_name(name) == ""
    assert customer_order(order(customer=hub.sdk.commerce.Customer(first_name=name))).first_name == ""


def test_money_is_written_as_the_customer_knows_it() -> None:
    amounts = [
        Money(amount=Decimal(a), currency=c) for a, c in (("89", "USD"), ("1234.5", "EUR"), ("9.90", "SEK"))
    ]

    assert [money_text(money) for money in amounts] == ["$89.00", "\N{EURO SIGN}1,234.50", "9.90 SEK"]


def test_own_words_are_those_of_the_address_that_was_typed_in() -> None:
    to = Address(name="Ann Li", line1="1 Garden Rd", city="Shenzhen", country="CN")
    typed = customer_view.own_words(order(ship_to=to))

    assert {"Ann Li", "1 Garden Rd", "Shenzhen"} <= set(typed)
    assert customer_view.own_words(order(ship_to=None)) == [word for word in typed if word not in str(to)]
