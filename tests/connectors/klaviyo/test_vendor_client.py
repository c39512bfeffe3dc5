"""The double is proved by Klaviyo's own client, over real HTTP."""

from typing import Any

import pytest
from klaviyo_api import KlaviyoAPI
from openapi_client.exceptions import BadRequestException, UnauthorizedException

from connectors.klaviyo.sandbox import KEY, KlaviyoSandbox
from tests.connectors.serving import serve


def event(unique_id: str = "order-1001-shipped", **profile: str) -> dict[str, Any]:
    attributes = {
        "properties": {"order": "1001"},
        "unique_id": unique_id,
        "value": 21.5,
        "metric": {"data": {"type": "metric", "attributes": {"name": "Order Shipped"}}},
        "profile": {"data": {"type": "profile", "attributes": profile}},
    }
    return {"data": {"type": "event", "attributes": attributes}}


def client(origin: str, key: str = KEY) -> Any:
    return KlaviyoAPI(key, max_delay=1, max_retries=1, test_host=origin)


def test_the_vendors_client_records_an_event_once_however_often_it_says_so() -> None:
    sandbox = KlaviyoSandbox()
    with serve(sandbox) as origin:
        klaviyo = client(origin)

        klaviyo.Events.create_event(event(email="ada@example.com"))
        klaviyo.Events.create_event(event(email="ada@example.com"))
        klaviyo.Events.create_event(event("order-1002-shipped", email="ada@example.com"))

    assert [e["unique_id"] for e in sandbox.events] == ["order-1001-shipped", "order-1002-shipped"]


def test_the_vendors_client_reads_the_doubles_refusals() -> None:
    with serve(KlaviyoSandbox()) as origin:
        with pytest.raises(BadRequestException) as refused:
            client(origin).Events.create_event(event(phone_number="+1"))
        with pytest.raises(UnauthorizedException):
            client(origin, "pk_other").Events.create_event(event(email="ada@example.com"))

    assert "/phone_number" in str(refused.value.body)


def test_the_vendors_client_creates_and_changes_a_profile() -> None:
    sandbox = KlaviyoSandbox()
    wanted = {"data": {"type": "profile", "attributes": {"email": "ada@example.com", "first_name": "Ada"}}}
    with serve(sandbox) as origin:
        klaviyo = client(origin)

        first = klaviyo.Profiles.create_or_update_profile(wanted)
        second = klaviyo.Profiles.create_or_update_profile(wanted)

    def id_of(found: Any) -> str:
        return str(found["data"]["id"] if isinstance(found, dict) else found.data.id)

    assert id_of(first) == id_of(second)
    assert sandbox.profiles["ada@example.com"]["first_name"] == "Ada"
