"""Mails as they come: many languages, many layouts; nothing is matched wrongly, and nearly everything is found."""

import pytest

from tests.mails.readings import EVERY, SETS, Expected, expected, found_numbers, reading_of

PARCELS = [one for one in EVERY if one.names_a_parcel]


def name(one: Expected) -> str:
    return f"{one.folder}/{one.name}"


@pytest.mark.row("S2-073")
@pytest.mark.parametrize("mail", EVERY, ids=name)
def test_nothing_is_found_that_is_not_there(mail: Expected) -> None:
    reading = reading_of(mail)
    assert reading.kind in (mail.kind, "other")
    assert set(reading.order_references) <= mail.orders
    assert {number for number, _ in found_numbers(reading)} <= {number for number, _ in mail.numbers}


@pytest.mark.row("S2-073")
@pytest.mark.parametrize("mail", EVERY, ids=name)
def test_a_carrier_is_the_right_one_or_none(mail: Expected) -> None:
    right = dict(mail.numbers)
    assert all(carrier in (right[number], "?") for number, carrier in found_numbers(reading_of(mail)))


@pytest.mark.row("S2-073")
@pytest.mark.parametrize("mail", [one for one in EVERY if one.pairs], ids=name)
def test_in_a_mail_of_several_orders_each_parcel_goes_to_its_own(mail: Expected) -> None:
    pairs = {(one.order_reference, one.tracking_number) for one in reading_of(mail).shipments}
    assert pairs == mail.pairs


@pytest.mark.row("S2-073")
@pytest.mark.parametrize("folder", SETS)
def test_nineteen_of_twenty_shipping_mails_are_found_whole(folder: str) -> None:
    mails = [one for one in expected(folder) if one.kind != "other" or one.numbers]
    whole = [
        one
        for one in mails
        if set(reading_of(one).order_references) == one.orders
        and {number for number, _ in found_numbers(reading_of(one))} == {number for number, _ in one.numbers}
    ]
    assert len(whole) >= 0.95 * len(mails)


def test_nineteen_of_twenty_kinds_are_told() -> None:
    told = [one for one in EVERY if reading_of(one).kind == one.kind]
    assert len(told) >= 0.95 * len(EVERY)


def test_there_are_enough_mails_and_languages_to_mean_something() -> None:
    languages = {one.name.partition("-")[0] for one in expected("corpus")}
    assert len(expected("corpus")) >= 60
    assert len(expected("others")) >= 40
    assert languages >= {"en", "de", "fr", "es", "it", "nl", "pl", "sv", "pt", "ja", "zh"}


@pytest.mark.row("S2-074")
def test_the_orders_number_in_the_subject_makes_the_match() -> None:
    (mail,) = [one for one in EVERY if one.name == "en-spaces-inside"]
    reading = reading_of(mail)
    assert reading.order_references == ["8492"]
    assert [(one.number, one.carrier) for one in reading.tracking_numbers] == [("1Z999AA10123456784", "ups")]
    assert reading.tracking_numbers[0].confidence > 0.9


def test_whatever_is_found_says_what_it_rests_on() -> None:
    for mail in EVERY:
        reading = reading_of(mail)
        assert all(one.evidence for one in reading.orders)
        assert all(one.evidence for one in reading.tracking_numbers)
        assert reading.kind == "other" or reading.evidence


def test_a_number_with_a_wrong_check_digit_is_reported_with_less_confidence() -> None:
    (mail,) = [one for one in EVERY if one.name == "en-wrong-check-digit"]
    (found,) = reading_of(mail).tracking_numbers
    assert found.confidence < 0.85
    assert any("check digit" in why for why in found.evidence)
