"""Parcels are followed once, and found again by their numbers."""

import orjson
import pytest
from pydantic import ValidationError

from connectors.aftership.carriers import name_of, slug_of
from connectors.aftership.sandbox_trackings import TRACKED
from hub.sdk import Answer, NotDone, Refused, Unanswered, Unauthorised, Unreadable
from tests.connectors.aftership.desk import Desk, refusal

YUN = "YT2610400012345678"


async def test_a_parcel_is_followed_under_its_carriers_slug_and_the_country_in_three_letters() -> None:
    desk = Desk()

    parcel = await desk.track(YUN, "YunExpress", order_number="1002", destination="US", postcode="10001")

    assert desk.sent() == {
        "tracking_number": YUN,
        "slug": "yunexpress",
        "order_number": "1002",
        "destination_country_region": "USA",
        "destination_postal_code": "10001",
    }
    assert (parcel.tracking_number, parcel.carrier) == (YUN, "yunexpress")
    assert (parcel.status, parcel.events) == ("unknown", [])


async def test_without_a_carrier_aftership_finds_out() -> None:
    desk = Desk()

    parcel = await desk.track("1Z999AA10123456799")

    assert "slug" not in desk.sent()
    assert parcel.carrier == "ups"


async def test_a_parcel_that_is_followed_already_is_given_as_it_stands() -> None:
    desk = Desk()

    parcel = await desk.track(TRACKED, "ups")

    assert (parcel.status, len(parcel.events)) == ("in_transit", 2)
    assert desk.sandbox.changes == 0


async def test_a_lost_answer_leaves_it_open_and_doing_it_again_finds_the_parcel_followed_once() -> None:
    desk = Desk()
    desk.sandbox.lose_next_answer()

    with pytest.raises(Unanswered):
        await desk.track(YUN, "yunexpress")
    parcel = await desk.track(YUN, "yunexpress")

    assert parcel.tracking_number == YUN
    assert desk.sandbox.changes == 1


async def test_a_parcel_aftership_follows_and_does_not_list_yet_is_asked_for_again() -> None:
    desk = Desk()
    said = [(400, refusal(4003, "Tracking already exists.")), (200, {"data": {"trackings": []}})]
    answers = [Answer(status, {}, orjson.dumps(body)) for status, body in said]
    desk.wire.instead = lambda answer: answers.pop(0)

    with pytest.raises(NotDone) as later:
        await desk.track(TRACKED, "ups")

    assert later.value.retry_after == 2
    assert desk.sandbox.changes == 0


async def test_a_parcel_that_changed_its_carrier_is_found_by_the_first_one() -> None:
    desk = Desk()
    desk.sandbox.add_checkpoint("RB123456789CN", "InTransit", slug="china-post")

    parcel = await desk.look("RB123456789CN", "yanwen")

    assert parcel.carrier == "china-post"


async def test_a_number_two_carriers_have_is_found_by_its_carrier_and_otherwise_not_guessed() -> None:
    desk = Desk()
    desk.sandbox.add_checkpoint("1234567890", "InTransit", slug="dhl")
    desk.sandbox.add_checkpoint("1234567890", "Delivered", slug="yanwen")

    assert (await desk.look("1234567890", "yanwen")).status == "delivered"
    with pytest.raises(Unreadable, match="several carriers"):
        await desk.look("1234567890")


@pytest.mark.parametrize("number", ["1Z999AA19999999999", f"{TRACKED},1Z999AA10123456799", "?", ""])
async def test_a_number_nobody_follows_is_not_found(number: str) -> None:
    with pytest.raises(Refused) as refused:
        await Desk().look(number)

    assert refused.value.code == "not-found"


async def test_what_cannot_be_a_number_is_not_found_either() -> None:
    desk = Desk()
    desk.answers(400, refusal(4005, "The value of tracking_numbers is invalid."))

    with pytest.raises(Refused, match="not-found"):
        await desk.look("!!")


async def test_spaces_in_a_number_do_not_hide_the_parcel() -> None:
    desk = Desk()
    desk.sandbox.account.trackings.clear()
    desk.sandbox.add_checkpoint("9400 1000 0000", "InTransit", slug="usps")
    found = desk.sandbox.account.get("9400 1000 0000")
    assert found is not None

    desk.answers(200, {"data": {"trackings": [{**found, "tracking_number": "940010000000"}]}})

    assert (await desk.look("9400 1000 0000", "usps")).status == "in_transit"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (4005, "not valid"),
        (4010, "knows no such carrier"),
        (4011, "needs more"),
        (4012, "not recognised"),
        (4017, "form"),
        (4999, "does not take"),
    ],
)
async def test_a_refused_parcel_is_rejected_with_aftership_s_code_in_our_words(code: int, said: str) -> None:
    desk = Desk()
    desk.answers(400, refusal(code, "Ada Sample, 1 Example Street, has a bad number."))

    with pytest.raises(Refused, match=said) as refused:
        await desk.track(YUN)

    assert refused.value.code == "rejected"
    assert str(code) in refused.value.reason
    assert "Ada" not in refused.value.reason


async def test_a_refusal_names_what_the_carrier_needs() -> None:
    desk = Desk()

    with pytest.raises(Refused, match="destination_postal_code"):
        await desk.track("3SABCD1234567", "postnl")
    assert (await desk.track("3SABCD1234567", "postnl", postcode="1011AB")).carrier == "postnl"


async def test_a_wrong_key_is_told_apart_from_a_parcel_that_is_refused() -> None:
    for status in (401, 403, 404):
        desk = Desk()
        desk.answers(status, refusal(status))
        with pytest.raises(Unauthorised):
            await desk.track(YUN)
        with pytest.raises(Unauthorised):
            await desk.look(YUN)


async def test_when_aftership_is_pressed_too_hard_it_says_how_long_to_wait() -> None:
    desk = Desk()
    desk.sandbox.refuse("slow-down")

    with pytest.raises(NotDone) as later:
        await desk.track(YUN, "yunexpress")

    assert later.value.retry_after == 1
    assert desk.sandbox.changes == 0


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"x-ratelimit-reset": "0"}, 1),
        ({"x-ratelimit-reset": "99999999999"}, 60),
        ({"x-ratelimit-reset": "soon"}, None),
    ],
)
async def test_a_clock_that_is_wrong_makes_nobody_wait_for_ever(
    headers: dict[str, str], wait: float | None
) -> None:
    desk = Desk()
    desk.answers(429, refusal(429), **headers)

    with pytest.raises(NotDone) as later:
        await desk.look(TRACKED)

    assert later.value.retry_after == wait


@pytest.mark.parametrize("body", [None, {"data": {}}, {"data": {"tracking": {"tracking_number": YUN}}}])
async def test_a_success_that_is_not_a_tracking_is_not_taken_for_one(body: object) -> None:
    desk = Desk()
    desk.answers(201, body)

    with pytest.raises(Unreadable):
        await desk.track(YUN)


async def test_what_a_tracking_holds_does_not_show_in_an_error() -> None:
    desk = Desk()
    desk.answers(201, {"data": {"tracking_number": {"name": "ada@example.com"}, "tag": "Pending"}})

    with pytest.raises(Unreadable, match=r"data\.tracking_number") as raised:
        await desk.track(YUN)

    assert "ada@" not in f"{raised.value!r} {raised.value.__cause__!r}"


async def test_a_question_aftership_does_not_understand_is_no_missing_parcel() -> None:
    desk = Desk()
    desk.answers(400, refusal(4008, "The value of limit is invalid."))

    with pytest.raises(Unreadable, match="4008"):
        await desk.look(TRACKED)


async def test_the_connection_is_probed_by_a_question_that_costs_nothing() -> None:
    desk = Desk()

    assert await desk.aftership.probe(desk.call()) == "AfterShip accepts the API key."

    stranger = Desk(api_key="asat_other")
    with pytest.raises(Unauthorised):
        await stranger.aftership.probe(stranger.call())


@pytest.mark.parametrize(
    ("carrier", "slug"),
    [
        ("", ""),
        ("ups", "ups"),
        ("USPS", "usps"),
        ("FedEx", "fedex"),
        ("dhl", "dhl"),
        ("DHL Express", "dhl"),
        ("dhl_de", "dhl-germany"),
        ("dpd", "dpd"),
        ("gls", "gls"),
        ("yunexpress", "yunexpress"),
        ("La Poste", "la-poste-colissimo"),
        ("Yun Express", "yunexpress"),
    ],
)
def test_a_carrier_is_known_by_its_short_name_by_its_slug_and_by_the_merchants_own_list(
    carrier: str, slug: str
) -> None:
    assert slug_of(carrier, {"yun express": "yunexpress"}) == slug


def test_a_carriers_short_name_survives_the_way_to_aftership_and_back() -> None:
    names = ["ups", "usps", "fedex", "dhl", "dhl-de", "dpd", "gls", "yunexpress", "chronopost", "4px"]

    assert [name_of(slug_of(name, {})) for name in names] == names
    assert name_of("unrecognized") == name_of(None) == ""


@pytest.mark.parametrize("wrong", [{"zone": "Mars/Olympus"}, {"webhook_secrets": []}, {"api_key": ""}])
def test_settings_that_cannot_work_are_refused_at_once(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Desk(**wrong)
