"""What EasyPost says of an address, in the trade's words."""

import asyncio

import pytest

from connectors.easypost.connector import EasyPost, EasyPostSettings
from connectors.easypost.sandbox import EasyPostSandbox
from hub.sdk import Call, Client, Unauthorised, Unreadable
from hub.sdk.commerce import Address, AddressQuestion, AddressVerdict
from hub.sdk.http import Answer
from hub.sdk.testing import SandboxTransport
from hub.sdk.testing.trial import Wire


def house(line1: str = "388 Townsend Street", line2: str = "Apt 20", country: str = "US") -> Address:
    return Address(
        name="Ada Sample", line1=line1, line2=line2, city="San Francisco", region="CA", postcode="94107",
        country=country, phone="+14155550100",
    )  # fmt: skip


class Desk:
    """EasyPost's connector before its double."""

    def __init__(self) -> None:
        self.sandbox = EasyPostSandbox()
        self.wire = Wire(SandboxTransport(self.sandbox))
        settings = EasyPostSettings.model_validate(self.sandbox.settings())
        self.easypost = EasyPost(settings, Client(self.wire))

    async def verify(self, address: Address) -> AddressVerdict:
        call = Call("k", asyncio.get_running_loop().time() + 5, 1, self.sandbox.now())
        verdict: AddressVerdict = await self.easypost.verify_address(AddressQuestion(address=address), call)
        return verdict


async def test_capitals_zip4_and_a_unit_moved_to_the_first_line_are_no_correction() -> None:
    verdict = await Desk().verify(house())

    assert verdict == AddressVerdict(verdict="deliverable")


async def test_a_missing_apartment_blocks_although_the_service_calls_it_a_success() -> None:
    verdict = await Desk().verify(house(line2=""))

    assert verdict.verdict == "missing_secondary"
    assert verdict.codes == ["E.SECONDARY_INFORMATION.MISSING"]


async def test_an_apartment_that_does_not_exist_is_a_missing_one() -> None:
    assert (await Desk().verify(house(line2="Apt 99"))).verdict == "missing_secondary"


async def test_a_misspelt_street_is_corrected_and_the_customers_name_and_phone_stay() -> None:
    verdict = await Desk().verify(house(line1="388 Townsnd St"))

    assert verdict.verdict == "corrected"
    assert verdict.suggestion is not None
    assert verdict.suggestion.line1 == "388 TOWNSEND ST APT 20"
    assert (verdict.suggestion.name, verdict.suggestion.phone) == ("Ada Sample", "+14155550100")


async def test_a_street_that_does_not_exist_is_undeliverable() -> None:
    assert (await Desk().verify(house(line1="1 Nowhere Road", line2=""))).verdict == "undeliverable"


async def test_a_country_the_service_does_not_cover_is_no_reason_to_trouble_the_customer() -> None:
    assert (await Desk().verify(house(country="DE"))).verdict == "unverifiable"


@pytest.mark.parametrize("code", ["E.ENGINE.UNAVAILABLE", "E.TIMED_OUT", "E.QUERY.UNANSWERABLE"])
async def test_the_services_own_trouble_is_unverifiable_and_needs_no_review(code: str) -> None:
    desk = Desk()
    desk.sandbox.tell(code)

    verdict = await desk.verify(house())

    assert verdict.verdict == "unverifiable"
    assert "review" not in verdict.reason


@pytest.mark.parametrize("success", [True, False])
async def test_a_code_nobody_knows_is_unverifiable_and_needs_review(success: bool) -> None:
    desk = Desk()
    desk.sandbox.tell("E.SOMETHING.NEW", success)

    verdict = await desk.verify(house())

    assert verdict.verdict == "unverifiable"
    assert "review" in verdict.reason
    assert verdict.codes == ["E.SOMETHING.NEW"]


async def test_the_customers_mistake_outweighs_the_services_trouble() -> None:
    desk = Desk()
    desk.wire.instead = lambda answer: Answer(
        201,
        {},
        b'{"id": "adr_1", "verifications": {"delivery": {"success": true, "errors": '
        b'[{"code": "E.TIMED_OUT"}, {"code": "E.SECONDARY_INFORMATION.INVALID"}]}}}',
    )

    assert (await desk.verify(house())).verdict == "missing_secondary"


async def test_a_request_the_service_refuses_is_unverifiable_not_the_customers_fault() -> None:
    desk = Desk()
    desk.wire.without_acting = Answer(422, {}, b'{"error": {"code": "ADDRESS.VERIFY.INTL_NOT_ENABLED"}}')

    verdict = await desk.verify(house(country="DE"))

    assert (verdict.verdict, verdict.codes) == ("unverifiable", ["ADDRESS.VERIFY.INTL_NOT_ENABLED"])


async def test_an_account_that_cannot_be_billed_pauses_the_connection() -> None:
    desk = Desk()
    desk.wire.without_acting = Answer(402, {}, b"{}")

    with pytest.raises(Unauthorised):
        await desk.verify(house())


async def test_an_answer_without_a_verification_is_not_read_as_a_good_address() -> None:
    desk = Desk()
    desk.wire.without_acting = Answer(201, {}, b'{"id": "adr_1", "verifications": {}}')

    with pytest.raises(Unreadable, match=r"verifications\.delivery"):
        await desk.verify(house())


async def test_neither_name_nor_phone_leave_the_hub() -> None:
    desk = Desk()

    await desk.verify(house())

    assert not desk.wire.sent[0].carries("Ada")
    assert not desk.wire.sent[0].carries("4155550100")
