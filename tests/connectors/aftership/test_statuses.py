"""Every tag and subtag AfterShip documents, in the trade's words."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.aftership.mapping import read_parcel
from connectors.aftership.schema import definitions
from connectors.aftership.statuses import SUBTAGS, TAGS, read_standing
from connectors.aftership.wire import WireTracking
from hub.sdk import Unreadable
from hub.sdk.parcels import TrackedParcel

SHANGHAI = ZoneInfo("Asia/Shanghai")

DOCUMENTED = {
    "Pending_001": ("unknown", "", False),
    "Pending_006": ("unknown", "", False),
    "InfoReceived_001": ("pre_transit", "", False),
    "InTransit_001": ("in_transit", "", True),
    "InTransit_002": ("in_transit", "", True),
    "InTransit_003": ("in_transit", "", True),
    "InTransit_004": ("in_transit", "", True),
    "InTransit_005": ("in_transit", "", True),
    "InTransit_006": ("in_transit", "", True),
    "InTransit_007": ("in_transit", "", True),
    "InTransit_008": ("in_transit", "", True),
    "InTransit_009": ("in_transit", "", True),
    "OutForDelivery_001": ("out_for_delivery", "", True),
    "OutForDelivery_003": ("out_for_delivery", "", True),
    "OutForDelivery_004": ("out_for_delivery", "", True),
    "AttemptFail_001": ("exception", "attempt_failed", True),
    "AttemptFail_002": ("exception", "attempt_failed", True),
    "AttemptFail_003": ("exception", "attempt_failed", True),
    "AvailableForPickup_001": ("available_for_pickup", "", True),
    "Delivered_001": ("delivered", "", True),
    "Delivered_002": ("delivered", "", True),
    "Delivered_003": ("delivered", "", True),
    "Delivered_004": ("delivered", "", True),
    "Delivered_005": ("delivered", "", True),
    "Exception_001": ("exception", "other", False),
    "Exception_002": ("exception", "address", True),
    "Exception_003": ("exception", "refused", True),
    "Exception_004": ("exception", "customs", True),
    "Exception_005": ("exception", "delayed", False),
    "Exception_006": ("exception", "held", True),
    "Exception_007": ("exception", "address", False),
    "Exception_008": ("exception", "other", True),
    "Exception_009": ("exception", "other", False),
    "Exception_010": ("returned", "", True),
    "Exception_011": ("returned", "", True),
    "Exception_012": ("failure", "damaged", True),
    "Exception_013": ("failure", "lost", False),
    "Exception_014": ("exception", "other", False),
    "Exception_015": ("exception", "other", False),
    "Exception_016": ("exception", "delayed", True),
    "Exception_017": ("exception", "weather", False),
    "Exception_018": ("exception", "customs", False),
    "Exception_019": ("exception", "delayed", False),
    "Exception_020": ("failure", "other", False),
    "Exception_021": ("failure", "other", True),
    "Expired_001": ("expired", "", False),
}


def parcel(*checkpoints: dict[str, Any], zone: Any = UTC, **fields: Any) -> TrackedParcel:
    said = {"tracking_number": "1Z1", "tag": "InTransit", "checkpoints": list(checkpoints), **fields}
    return read_parcel(WireTracking.read(said), zone)


def at(time: str, tag: str | None = "InTransit", **fields: Any) -> dict[str, Any]:
    return {"checkpoint_time": time, "tag": tag, **fields}


@pytest.mark.parametrize("subtag", DOCUMENTED)
def test_each_subtag_says_where_the_parcel_stands_and_why(subtag: str) -> None:
    tag = subtag.partition("_")[0]

    found = parcel(at("2026-03-02T15:04:05Z", tag, subtag=subtag), tag=tag, subtag=subtag)

    event = found.events[0]
    assert (event.status, event.reason, event.is_scan) == DOCUMENTED[subtag]
    assert (found.status, found.reason) == DOCUMENTED[subtag][:2]
    assert event.code == subtag


def test_every_tag_of_the_vendors_own_client_is_known_and_no_other() -> None:
    assert set(TAGS) == set(definitions()["Tag"]["enum"])
    assert set(SUBTAGS) < set(DOCUMENTED)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("subtag", [None, "", "nonsense", "_999", "Other_001"])
def test_a_subtag_nobody_knows_leaves_what_the_tag_says(tag: str, subtag: str | None) -> None:
    added = f"{tag}_999" if subtag == "_999" else subtag

    assert read_standing(tag, added) == TAGS[tag]
    assert parcel(at("2026-03-02", tag, subtag=added)).events[0].code == (added or tag)


def test_a_subtag_of_another_tag_is_not_believed() -> None:
    assert read_standing("Delivered", "Exception_013").status == "delivered"


@pytest.mark.parametrize("tag", ["Teleported", "delivered", "In Transit", "NotFound"])
def test_a_tag_nobody_knows_is_unreadable_wherever_it_stands(tag: str) -> None:
    with pytest.raises(Unreadable, match=tag):
        parcel(tag=tag)
    with pytest.raises(Unreadable, match=tag):
        parcel(at("2026-03-02", tag))


def test_a_parcel_handed_back_to_its_sender_was_not_delivered() -> None:
    assert parcel(tag="Delivered", subtag="Delivered_001", return_to_sender=True).status == "returned"
    assert parcel(tag="InTransit", return_to_sender=True).status == "returned"
    assert parcel(tag="Exception", subtag="Exception_013", return_to_sender=True).status == "failure"


def test_what_carriers_said_is_told_oldest_first_however_it_came() -> None:
    found = parcel(at("2026-03-04", "OutForDelivery"), at("2026-03-02", "InfoReceived"), at("2026-03-03"))

    assert [e.status for e in found.events] == ["pre_transit", "in_transit", "out_for_delivery"]
    assert [e.is_scan for e in found.events] == [False, True, True]


def test_who_marks_a_parcel_as_completed_has_not_scanned_it() -> None:
    assert parcel(at("2026-03-02", "Delivered", source="user")).events[0].is_scan is False


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2026-03-02T15:04:05Z", datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)),
        ("2026-03-02T15:04:05-05:00", datetime(2026, 3, 2, 20, 4, 5, tzinfo=UTC)),
        ("2026-03-02T15:04:05.000+0000", datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)),
        ("2026-03-02T15:04:05", datetime(2026, 3, 2, 7, 4, 5, tzinfo=UTC)),
        ("2026-03-02T15:04", datetime(2026, 3, 2, 7, 4, tzinfo=UTC)),
        ("2026-03-02", datetime(2026, 3, 1, 16, 0, tzinfo=UTC)),
    ],
)
def test_a_time_without_an_offset_is_read_by_the_clocks_of_the_connections_zone(
    told: str, moment: datetime
) -> None:
    happened_at = parcel(at(told), zone=SHANGHAI).events[0].happened_at

    assert happened_at == moment
    assert happened_at.utcoffset() is not None


def test_a_checkpoint_without_a_time_is_placed_by_when_aftership_heard_of_it() -> None:
    untimed = {"tag": "InTransit", "checkpoint_time": None, "created_at": "2026-03-02T15:04:05"}

    assert parcel(untimed, zone=SHANGHAI).events[0].happened_at == datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)
    assert parcel({"tag": "InTransit"}).events == []


def test_a_time_that_makes_no_sense_is_unreadable_and_not_repeated() -> None:
    with pytest.raises(Unreadable) as raised:
        parcel(at("ada@example.com"))

    assert "ada@" not in str(raised.value)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"city": "Louisville", "state": "KY", "country_region": "USA"}, "Louisville, KY, USA"),
        ({"city": "Shenzhen", "country_region": "CHN", "country_region_name": "China"}, "Shenzhen, China"),
        ({"country_name": "China"}, "China"),
        ({"location": "Gate 4"}, "Gate 4"),
        ({}, ""),
    ],
)
def test_a_place_is_told_as_well_as_the_carrier_knows_it(fields: dict[str, str], place: str) -> None:
    assert parcel(at("2026-03-02", **fields)).events[0].place == place


def test_the_carriers_own_words_come_before_aftership_s() -> None:
    said = at("2026-03-02", message="Left the depot", subtag_message="Departure scan")

    assert parcel(said).events[0].text == "Left the depot"
    assert parcel(said | {"message": None}).events[0].text == "Departure scan"


def test_the_newest_estimate_counts_and_of_a_range_its_end() -> None:
    ranged = {"type": "range", "datetime_min": "2026-03-05", "datetime_max": "2026-03-07T20:00:00+00:00"}
    carriers = {"estimated_delivery_date": "2026-03-09"}

    assert parcel(latest_estimated_delivery=ranged, courier_estimated_delivery_date=carriers).expected_at == (
        datetime(2026, 3, 7, 20, tzinfo=UTC)
    )
    assert parcel(courier_estimated_delivery_date=carriers).expected_at == datetime(2026, 3, 9, tzinfo=UTC)
    assert parcel(latest_estimated_delivery={"datetime": None}).expected_at is None
