"""The double is proved by Lob's own client, over real HTTP, and by Lob's own schema."""

from typing import Any

import httpx
import pytest
from lob_python import ApiClient, Configuration, exceptions
from lob_python.api import intl_verifications_api as intl
from lob_python.api import us_verifications_api as us
from lob_python.model.country_extended import CountryExtended

from connectors.lob.sandbox import INTL_EXAMPLES, LIVE_KEY, TEST_KEY, US_EXAMPLES, LobSandbox, validator
from tests.connectors.serving import serve


def client(origin: str, key: str = LIVE_KEY) -> Any:
    return ApiClient(Configuration(host=origin, username=key))


def house(line: str = "388 Townsend St", **more: Any) -> Any:
    return us.UsVerificationsWritable(
        primary_line=line, city="San Francisco", state="CA", zip_code="94107", **more
    )


def test_the_vendors_client_verifies_us_addresses_against_the_double() -> None:
    with serve(LobSandbox()) as origin, client(origin) as lob:
        verifier = us.UsVerificationsApi(lob)

        good = verifier.verifySingle(house(secondary_line="Apt 20"))
        no_unit = verifier.verifySingle(house())
        nowhere = verifier.verifySingle(house("1 Nowhere Street"))

    assert (good.deliverability, good.primary_line) == ("deliverable", "388 TOWNSEND ST APT 20")
    assert (no_unit.deliverability, no_unit.valid_address) == ("deliverable_missing_unit", True)
    assert list(no_unit.deliverability_analysis.dpv_footnotes) == ["AA", "N1"]
    assert nowhere.deliverability == "undeliverable"


@pytest.mark.parametrize(("line", "word"), US_EXAMPLES.items())
def test_the_vendors_client_reads_lobs_own_examples_from_the_double(line: str, word: str) -> None:
    with serve(LobSandbox()) as origin, client(origin, TEST_KEY) as lob:
        found = us.UsVerificationsApi(lob).verifySingle(house(line))

    assert found.deliverability == word


@pytest.mark.parametrize(("line", "said"), INTL_EXAMPLES.items())
def test_the_vendors_client_verifies_addresses_abroad(line: str, said: tuple[str, str]) -> None:
    with serve(LobSandbox()) as origin, client(origin, TEST_KEY) as lob:
        asked = intl.IntlVerificationWritable(primary_line=line, country=CountryExtended("DE"))

        found = intl.IntlVerificationsApi(lob).verifySingle(asked)

    assert (found.deliverability, found.status, found.country) == (*said, "DE")


def test_the_vendors_client_reads_the_doubles_refusals() -> None:
    sandbox = LobSandbox()
    with serve(sandbox) as origin:
        with client(origin, "live_other") as stranger, pytest.raises(exceptions.UnauthorizedException):
            us.UsVerificationsApi(stranger).verifySingle(house())
        with client(origin) as lob:
            with pytest.raises(exceptions.ApiException) as invalid:
                us.UsVerificationsApi(lob).verifySingle(us.UsVerificationsWritable(primary_line="1 Main St"))
            sandbox.refuse("feature_limit_reached")
            with pytest.raises(exceptions.ForbiddenException) as limited:
                us.UsVerificationsApi(lob).verifySingle(house())

    assert '"code":"invalid"' in str(invalid.value.body)
    assert "feature_limit_reached" in str(limited.value.body)


@pytest.mark.parametrize(
    ("path", "asked", "shape"),
    [
        ("/us_verifications", {"primary_line": "388 Townsend St", "zip_code": "94107"}, "us_verification"),
        ("/us_verifications", {"address": "388 Townsend St 94107"}, "us_verification"),
        ("/intl_verifications", {"primary_line": "17 Torstrasse", "country": "DE"}, "intl_verification"),
        ("/us_verifications", {"primary_line": "388 Townsend St", "zip_code": "9"}, "error"),
        ("/us_verifications", {"address": "388 Townsend St", "zip_code": "94107"}, "error"),
        ("/intl_verifications", {"primary_line": "1 Main St", "country": "US"}, "error"),
        ("/us_verifications", {}, "error"),
    ],
)
def test_what_the_double_answers_is_what_lobs_schema_says(
    path: str, asked: dict[str, str], shape: str
) -> None:
    with serve(LobSandbox()) as origin:
        answer = httpx.post(origin + path, json=asked, auth=(LIVE_KEY, ""))

    assert answer.status_code == (422 if shape == "error" else 200)
    assert not list(validator(shape).iter_errors(answer.json()))


def test_the_double_takes_forms_and_says_how_many_questions_are_left() -> None:
    with serve(LobSandbox()) as origin:
        form = {"primary_line": "388 Townsend St", "zip_code": "94107"}
        answer = httpx.post(f"{origin}/us_verifications", data=form, auth=(LIVE_KEY, ""))
        unversioned = httpx.post(
            f"{origin}/us_verifications",
            data=form,
            auth=(LIVE_KEY, ""),
            headers={"lob-version": "2011-01-01"},
        )

    assert answer.json()["deliverability"] == "deliverable_missing_unit"
    assert answer.headers["ratelimit-remaining"] == "149"
    assert unversioned.json()["error"]["code"] == "unsupported_lob_version"
