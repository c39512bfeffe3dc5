"""What Lob says of an address, in the trade's words."""

import asyncio
from typing import Any

import pytest

from connectors.lob.connector import Lob, LobSettings
from connectors.lob.sandbox import TEST_KEY, LobSandbox
from hub.sdk import Call, Client, NotDone, Unanswered, Unauthorised, Unreadable
from hub.sdk.commerce import Address, AddressQuestion, AddressVerdict
from hub.sdk.http import Answer
from hub.sdk.testing import SandboxTransport
from hub.sdk.testing.trial import Wire


def house(line1: str = "388 Townsend Street", line2: str = "Apt 20", **other: Any) -> Address:
    written = {"city": "San Francisco", "region": "CA", "postcode": "94107", "country": "US", **other}
    who = {"name": "Ada Sample", "phone": "+14155550100"}
    return Address.model_validate({"line1": line1, "line2": line2, **who, **written})


def abroad(line1: str = "17 Torstrasse", country: str = "DE") -> Address:
    return house(line1, "", city="Berlin", region="", postcode="10119", country=country)


class Desk:
    """Lob's connector before its double."""

    def __init__(self, api_key: str | None = None) -> None:
        self.sandbox = LobSandbox()
        self.wire = Wire(SandboxTransport(self.sandbox))
        settings = LobSettings.model_validate({"api_key": api_key} if api_key else self.sandbox.settings())
        self.lob = Lob(settings, Client(self.wire), "https://sandbox.example")

    def call(self) -> Call:
        return Call("k", asyncio.get_running_loop().time() + 5, 1, self.sandbox.now())

    async def verify(self, address: Address) -> AddressVerdict:
        verdict: AddressVerdict = await self.lob.verify_address(AddressQuestion(address=address), self.call())
        return verdict


def refused(status: int, code: str, headers: dict[str, str] | None = None) -> Answer:
    body = f'{{"error": {{"code": "{code}", "message": "388 Townsend Street", "status_code": {status}}}}}'
    return Answer(status, headers or {}, body.encode())


async def test_a_missing_unit_blocks_although_lob_calls_the_address_valid() -> None:
    desk = Desk()
    seen: list[Answer] = []

    def note(answer: Answer) -> Answer:
        seen.append(answer)
        return answer

    desk.wire.instead = note

    verdict = await desk.verify(house(line2=""))

    assert seen[0].json()["valid_address"] is True
    assert verdict.verdict == "missing_secondary"
    assert verdict.codes == ["deliverable_missing_unit", "AA", "N1"]


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("deliverable_unnecessary_unit", "deliverable"),
        ("deliverable_incorrect_unit", "missing_secondary"),
        ("deliverable_missing_unit", "missing_secondary"),
        ("undeliverable", "undeliverable"),
    ],
)
@pytest.mark.parametrize("valid", [True, False])
async def test_lobs_word_counts_whatever_it_says_of_validity(word: str, verdict: str, valid: bool) -> None:
    desk = Desk()
    desk.sandbox.tell(deliverability=word, valid_address=valid)

    assert (await desk.verify(house())).verdict == verdict


async def test_a_word_nobody_knows_is_not_guessed_at() -> None:
    desk = Desk()
    desk.sandbox.tell(deliverability="deliverable_by_drone")

    with pytest.raises(Unreadable, match="deliverable_by_drone"):
        await desk.verify(house())


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ({"deliverability": "deliverable", "status": "LV3"}, "deliverable"),
        ({"deliverability": "deliverable", "status": "LF4"}, "corrected"),
        ({"deliverability": "deliverable", "status": "LU1"}, "unverifiable"),
        ({"deliverability": "deliverable_missing_info", "status": "LM4"}, "missing_secondary"),
        ({"deliverability": "deliverable_missing_info", "coverage": "STREET"}, "unverifiable"),
        ({"deliverability": "undeliverable", "status": "LU1"}, "undeliverable"),
        ({"deliverability": "no_match", "status": "LU1", "coverage": "STREET"}, "undeliverable"),
        ({"deliverability": "no_match", "status": "LU1", "coverage": "LOCALITY"}, "unverifiable"),
        ({"deliverability": "undeliverable", "status": "LU1", "coverage": "SPARSE"}, "unverifiable"),
    ],
)
async def test_abroad_a_no_is_worth_what_lob_knows_of_the_country(told: dict[str, str], verdict: str) -> None:
    desk = Desk()
    desk.sandbox.tell(**told)

    assert (await desk.verify(abroad())).verdict == verdict


@pytest.mark.parametrize("field", ["deliverability", "status", "coverage"])
async def test_no_word_about_an_address_abroad_is_guessed_at(field: str) -> None:
    desk = Desk()
    desk.sandbox.tell(**{field: "LV9"})

    with pytest.raises(Unreadable, match="LV9"):
        await desk.verify(abroad())


async def test_a_territory_is_asked_about_as_a_state() -> None:
    desk = Desk()
    there = house("15 Calle Sol", "", city="San Juan", region="", postcode="00901", country="PR")

    verdict = await desk.verify(there)

    assert verdict == AddressVerdict(verdict="deliverable")
    assert desk.wire.sent[0].url.endswith("/us_verifications")
    assert desk.wire.sent[0].carries('"state":"PR"')


async def test_a_test_key_that_verified_nothing_is_no_reason_to_trouble_the_customer() -> None:
    us, intl = await Desk(TEST_KEY).verify(house()), await Desk(TEST_KEY).verify(abroad())

    assert (us.verdict, us.codes) == ("unverifiable", ["not-verified"])
    assert (intl.verdict, intl.codes) == ("unverifiable", ["not-verified"])


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("missing unit", "missing_secondary"),
        ("incorrect unit", "missing_secondary"),
        ("unnecessary unit", "deliverable"),
        ("undeliverable no match", "undeliverable"),
    ],
)
async def test_a_test_key_knows_lobs_own_examples(line: str, verdict: str) -> None:
    assert (await Desk(TEST_KEY).verify(house(line, "", postcode="11111"))).verdict == verdict


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"postcode": "9410"}, "zip_code.invalid"),
        ({"postcode": "", "region": ""}, "zip_code.missing"),
        ({"postcode": "", "city": ""}, "zip_code.missing"),
    ],
)
async def test_what_lob_would_refuse_to_look_up_is_not_asked(place: dict[str, str], code: str) -> None:
    desk = Desk()

    verdict = await desk.verify(house(**place))

    assert (verdict.verdict, verdict.codes, desk.wire.sent) == ("undeliverable", [code], [])


async def test_a_city_and_a_state_are_enough() -> None:
    assert (await Desk().verify(house(postcode=""))).verdict == "deliverable"


async def test_a_town_or_a_zip_code_that_lob_changes_is_a_correction() -> None:
    desk = Desk()
    other = {"city": "SAN JOSE", "state": "CA", "zip_code": "95110", "zip_code_plus_4": "0001"}
    desk.sandbox.tell(components=other)

    verdict = await desk.verify(house())

    assert verdict.verdict == "corrected"
    assert verdict.suggestion is not None
    assert (verdict.suggestion.city, verdict.suggestion.postcode) == ("SAN JOSE", "95110-0001")


async def test_another_suffix_is_a_correction_and_a_suffix_written_out_is_none() -> None:
    desk = Desk()
    desk.sandbox.tell(primary_line="388 TOWNSEND AVE APT 20")

    assert (await desk.verify(house())).verdict == "corrected"
    assert (await desk.verify(house("15 Example Boulevard", ""))).verdict == "deliverable"


async def test_a_question_lob_refuses_is_not_the_customers_fault() -> None:
    desk = Desk()
    desk.wire.without_acting = refused(422, "address_length_exceeds_limit")

    verdict = await desk.verify(house())

    assert (verdict.verdict, verdict.codes) == ("unverifiable", ["address_length_exceeds_limit"])


async def test_the_double_refuses_a_country_that_lob_does_not_know() -> None:
    assert (await Desk().verify(abroad(country="XK"))).codes == ["invalid"]


@pytest.mark.parametrize("code", ["feature_limit_reached", "unauthorized"])
async def test_an_account_that_may_not_verify_pauses_the_connection_and_says_why(code: str) -> None:
    desk = Desk()
    desk.sandbox.refuse(code)

    with pytest.raises(Unauthorised, match=code):
        await desk.verify(house())


async def test_a_wrong_key_pauses_the_connection() -> None:
    with pytest.raises(Unauthorised, match="invalid_api_key"):
        await Desk("live_other").verify(house())


async def test_too_many_questions_are_asked_again_after_lobs_five_seconds() -> None:
    desk = Desk()
    desk.sandbox.refuse("429")

    with pytest.raises(NotDone) as later:
        await desk.verify(house())

    assert later.value.retry_after == 5


async def test_lobs_own_trouble_is_no_answer() -> None:
    desk = Desk()
    desk.sandbox.refuse("internal_server_error")

    with pytest.raises(Unanswered):
        await desk.verify(house())


async def test_an_address_that_is_no_lob_is_unreadable_not_a_verdict() -> None:
    desk = Desk()
    desk.wire.without_acting = refused(404, "unrecognized_endpoint")

    with pytest.raises(Unreadable, match="unrecognized_endpoint"):
        await desk.verify(house())


async def test_an_answer_without_its_parts_is_unreadable_and_quotes_no_address() -> None:
    desk = Desk()
    desk.wire.without_acting = Answer(
        200, {}, b'{"deliverability": "deliverable", "primary_line": "388 TOWN"}'
    )

    with pytest.raises(Unreadable, match="components") as unreadable:
        await desk.verify(house())

    assert "388" not in str(unreadable.value)


async def test_neither_name_nor_phone_leave_the_hub() -> None:
    desk = Desk()

    await desk.verify(house())

    assert not desk.wire.sent[0].carries("Ada")
    assert not desk.wire.sent[0].carries("4155550100")


async def test_the_probe_tells_a_test_key_from_one_that_verifies() -> None:
    live, test = Desk(), Desk(TEST_KEY)

    assert await live.lob.probe(live.call()) == "Lob accepts the API key."
    assert "verifies no real address" in await test.lob.probe(test.call())
    with pytest.raises(Unauthorised):
        await Desk("live_other").lob.probe(live.call())
