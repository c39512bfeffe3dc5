"""The double is proved by AfterShip's own client, over real HTTP."""

from typing import Any

import httpx
import pytest
import tracking
from tracking import exceptions, models

from connectors.aftership.connector import AfterShip
from connectors.aftership.sandbox import KEY, AfterShipSandbox
from connectors.aftership.sandbox_trackings import TRACKED
from connectors.aftership.settings import AfterShipSettings
from hub.sdk import Client, Delivery
from hub.sdk.testing import SandboxTransport
from tests.connectors.serving import serve

# The client uses names that httpx has given up since; that is the client's own affair.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning"),
    pytest.mark.filterwarnings(r"ignore:URL\.raw is deprecated:UserWarning"),
]


def client(origin: str, key: str = KEY) -> Any:
    return tracking.Client(tracking.Configuration(domain=origin, api_key=key, max_retry=0, timeout=5000))


def wanted(**fields: Any) -> Any:
    return models.CreateTrackingRequest(
        **{"tracking_number": "YT2610400012345678", "slug": "yunexpress", **fields}
    )


def test_the_vendors_client_follows_a_parcel_and_finds_it_again() -> None:
    with serve(AfterShipSandbox()) as origin:
        api = client(origin).tracking

        created = api.create_tracking(create_tracking_request=wanted(destination_country_region="USA")).data
        by_id = api.get_tracking_by_id(id=created.id).data
        listed = api.get_trackings(tracking_numbers=f"{TRACKED},YT2610400012345678", slug="yunexpress").data

    assert (created.tag.value, created.checkpoints) == ("Pending", [])
    assert by_id.id == created.id
    assert [found.id for found in listed.trackings] == [created.id]
    assert listed.pagination.has_next_page is False


def test_the_vendors_client_reads_what_carriers_said() -> None:
    with serve(AfterShipSandbox()) as origin:
        found = client(origin).tracking.get_trackings(tracking_numbers=TRACKED).data.trackings[0]

    assert (found.tag.value, found.slug, found.order_number) == ("InTransit", "ups", "1001")
    assert [point.tag.value for point in found.checkpoints] == ["InfoReceived", "InTransit"]
    assert found.checkpoints[1].source.value == "carrier"


def test_the_vendors_client_walks_through_the_pages() -> None:
    sandbox = AfterShipSandbox()
    sandbox.seed()
    with serve(sandbox) as origin:
        api = client(origin).tracking
        first = api.get_trackings(limit=200, slug="yunexpress").data
        second = api.get_trackings(limit=200, slug="yunexpress", cursor=first.pagination.next_cursor).data

    assert (len(first.trackings), first.pagination.has_next_page) == (200, True)
    assert (len(second.trackings), second.pagination.has_next_page) == (50, False)
    assert not {t.id for t in first.trackings} & {t.id for t in second.trackings}


def test_the_vendors_client_says_how_a_parcel_ended() -> None:
    with serve(AfterShipSandbox()) as origin:
        api = client(origin).tracking
        id = api.get_trackings(tracking_numbers=TRACKED).data.trackings[0].id
        reason = models.MarkTrackingCompletedByIdRequest(reason="LOST")
        ended = api.mark_tracking_completed_by_id(id=id, mark_tracking_completed_by_id_request=reason).data

    assert (ended.tag.value, ended.subtag, ended.active) == ("Exception", "Exception_013", False)
    assert ended.checkpoints[-1].source.value == "user"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"tracking_number": TRACKED, "slug": "ups"}, 4003),
        ({"tracking_number": ""}, 4007),
        ({"tracking_number": "!"}, 4005),
        ({"slug": "No Such Slug"}, 4010),
        ({"slug": "no-such-carrier"}, 4012),
        ({"tracking_number": "NOBODY-KNOWS", "slug": None}, 4012),
        ({"slug": "postnl"}, 4011),
        ({"destination_country_region": "US"}, 4008),
    ],
)
def test_the_vendors_client_reads_why_the_double_refuses_a_parcel(fields: dict[str, Any], code: int) -> None:
    sandbox = AfterShipSandbox()
    with serve(sandbox) as origin, pytest.raises(exceptions.BadRequestError) as refused:
        client(origin).tracking.create_tracking(create_tracking_request=wanted(**fields))

    assert (refused.value.status_code, refused.value.meta_code) == (400, code)
    assert sandbox.changes == 0


def test_the_vendors_client_tells_the_doubles_other_refusals_apart() -> None:
    sandbox = AfterShipSandbox()
    with serve(sandbox) as origin:
        with pytest.raises(exceptions.UnauthorizedError):
            client(origin, "asat_other").tracking.get_trackings()
        with pytest.raises(exceptions.NotFoundError) as missing:
            client(origin).tracking.get_tracking_by_id(id="nobody")
        sandbox.refuse("slow-down")
        with pytest.raises(exceptions.TooManyRequestsError):
            client(origin).tracking.get_trackings()
        with pytest.raises(exceptions.ApiException):
            client(origin).tracking.get_trackings(limit=201)

    assert missing.value.meta_code == 4004


@pytest.mark.parametrize(
    "request_of",
    [
        {"content": b"{", "headers": {"content-type": "application/json"}},
        {"content": b'{"tracking_number": "YT1"}', "headers": {"content-type": "text/plain"}},
        {"json": []},
        {"json": {"tracking": {"tracking_number": "YT2610400012345678"}}},
        {"json": {"tracking_number": 5}},
        {"json": {"tracking_number": "YT2610400012345678", "destination": "USA"}},
        {"json": {"tracking_number": "YT2610400012345678", "delivery_type": "by_drone"}},
    ],
)
def test_a_body_that_the_official_model_does_not_allow_is_refused(request_of: dict[str, Any]) -> None:
    sandbox = AfterShipSandbox()
    with serve(sandbox) as origin:
        headers = {"as-api-key": KEY, **request_of.pop("headers", {})}
        answer = httpx.post(f"{origin}/tracking/2026-07/trackings", headers=headers, **request_of)

    assert answer.status_code == 400
    assert answer.json()["meta"]["type"] == "BadRequest"
    assert sandbox.changes == 0


def test_another_process_has_a_carrier_speak_and_takes_the_webhook_to_the_hub() -> None:
    sandbox = AfterShipSandbox()
    with serve(sandbox) as origin:
        said = {"tracking_number": "YT2610400012345678", "tag": "Exception", "subtag": "Exception_012"}
        moved = httpx.post(f"{origin}/_sandbox/checkpoints", json={**said, "slug": "yunexpress"})
        made = httpx.post(f"{origin}/_sandbox/webhook", json={"tracking_number": "YT2610400012345678"})
        wrong = httpx.post(f"{origin}/_sandbox/checkpoints", json={**said, "colour": "red"})
        missing = httpx.post(f"{origin}/_sandbox/webhook", json={"tracking_number": "nobody"})

    assert (moved.status_code, wrong.status_code, missing.status_code) == (201, 422, 404)
    told = made.json()
    delivery = Delivery(told["headers"], told["body"].encode(), sandbox.now())
    settings = AfterShipSettings.model_validate(sandbox.settings())
    aftership = AfterShip(settings, Client(SandboxTransport(sandbox)))
    aftership.verify(delivery)
    parcel = aftership.tracking_updated(delivery).parcel
    assert (parcel.carrier, parcel.status, parcel.reason) == ("yunexpress", "failure", "damaged")
