"""What the sandbox takes and says is what AfterShip's own client knows of the API."""

from typing import Any

import orjson
import pytest

from connectors.aftership.sandbox import AfterShipSandbox
from connectors.aftership.sandbox_trackings import TRACKED
from connectors.aftership.schema import definitions, validator
from connectors.aftership.wire import WireCheckpoint, WireTracking
from tests.connectors.aftership.desk import Desk
from tests.connectors.aftership.trimming import trimmed


def test_the_schema_here_is_the_installed_clients() -> None:
    assert definitions() == trimmed()["$defs"]


def test_a_tracking_of_the_sandbox_is_one_to_the_official_model() -> None:
    told: Any = orjson.loads(AfterShipSandbox().update(TRACKED).body)

    assert list(validator("Tracking").iter_errors(told["msg"])) == []
    assert set(told["msg"]) == set(definitions()["Tracking"]["properties"])


async def test_what_the_hub_sends_is_what_the_official_model_allows() -> None:
    desk = Desk()

    await desk.track("YT2610400012345678", "yunexpress", order_number="1", destination="US", postcode="1")

    assert list(validator("CreateTrackingRequest").iter_errors(desk.sent())) == []
    assert set(desk.sent()) <= set(definitions()["CreateTrackingRequest"]["properties"])


@pytest.mark.parametrize(("ours", "official"), [(WireTracking, "Tracking"), (WireCheckpoint, "Checkpoint")])
def test_only_fields_that_aftership_has_are_read(ours: Any, official: str) -> None:
    assert set(ours.model_fields) <= set(definitions()[official]["properties"])
