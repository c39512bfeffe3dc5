"""The double is proved by EasyPost's own client, over real HTTP."""

import base64
from typing import Any

import httpx
import pytest
from easypost.easypost_client import EasyPostClient
from easypost.errors.api.api_error import ApiError
from easypost.errors.api.unauthorized_error import UnauthorizedError

from connectors.easypost.sandbox import KEY, EasyPostSandbox
from tests.connectors.serving import serve

HOUSE: dict[str, Any] = {
    "street1": "388 Townsend St",
    "city": "San Francisco",
    "state": "CA",
    "zip": "94107",
    "country": "US",
}


def test_the_vendors_client_verifies_addresses_against_the_double() -> None:
    with serve(EasyPostSandbox()) as origin:
        client = EasyPostClient(KEY, api_base=f"{origin}/v2", timeout=5)

        good = client.address.create(verify=True, **{**HOUSE, "street2": "Apt 20"})
        no_unit = client.address.create(verify=True, **HOUSE)
        unverified = client.address.create(**HOUSE)
        again = client.address.retrieve(good.id)

        assert good.street1 == "388 TOWNSEND ST APT 20"
        assert good.verifications.delivery.success and not good.verifications.delivery.errors
        assert no_unit.verifications.delivery.success
        assert no_unit.verifications.delivery.errors[0].code == "E.SECONDARY_INFORMATION.MISSING"
        assert not unverified.verifications.to_dict()
        assert again.id == good.id


def test_the_vendors_client_reads_the_doubles_refusals() -> None:
    with serve(EasyPostSandbox()) as origin:
        client = EasyPostClient(KEY, api_base=f"{origin}/v2", timeout=5)
        stranger = EasyPostClient("EZTK-other", api_base=f"{origin}/v2", timeout=5)

        with pytest.raises(ApiError) as failed:
            client.address.create_and_verify(**{**HOUSE, "street1": "1 Nowhere Street"})
        with pytest.raises(UnauthorizedError):
            stranger.address.create(verify=True, **HOUSE)

        assert failed.value.http_status == 422
        assert failed.value.code == "ADDRESS.VERIFY.FAILURE"


def test_the_double_takes_the_key_as_basic_user_and_names_every_request() -> None:
    with serve(EasyPostSandbox()) as origin:
        basic = base64.b64encode(f"{KEY}:".encode()).decode()
        answer = httpx.get(f"{origin}/v2/addresses", headers={"authorization": f"Basic {basic}"})

        assert answer.status_code == 200
        assert answer.headers["x-ep-request-uuid"]
