"""Figures at the prompt: for people as a table, for programs as JSON."""

import asyncio
import json

import asyncpg
import pytest

from hub.store.database import driver_arguments
from tests.api.history import History
from tests.cli.conftest import Shell
from tests.floor import MONDAY


@pytest.fixture
def sold(shop: Shell, database_url: str) -> Shell:
    """A prompt in a store that has sold ten orders, of which one needs a person."""

    async def fill() -> None:
        connection = await asyncpg.connect(**driver_arguments(database_url))
        past = History(connection)
        orders = await past.sold(10, MONDAY)
        await connection.set_type_codec(
            "jsonb", schema="pg_catalog", encoder=str, decoder=json.loads, format="text"
        )
        await past.case(orders[0], "address", MONDAY)
        await connection.close()

    asyncio.run(fill())
    return shop


def test_a_report_says_its_period_its_denominators_and_what_is_unknown(sold: Shell) -> None:
    week = ("--since", "2026-11-20", "--until", "2026-11-27T00:00:00+0100")
    told = sold.here("report", "touchless", *week).stdout
    assert "2026-11-20 00:00 to 2026-11-26 23:00" in told
    for said in ("90.0 %", "10 orders first read in the period", "on-target: The target is 90 %."):
        assert said in told

    asked = sold.here("report", "enquiries", *week).stdout
    assert "unknown" in asked and "is a support desk connected" in asked


def test_programs_get_the_same_as_json_and_the_list_names_every_report(sold: Shell) -> None:
    week = ("--since", "2026-11-20", "--until", "2026-11-27")
    found = json.loads(sold.here("report", "failure-points", *week, "--json").stdout)
    assert [(f["name"], f["value"], f["of"]) for f in found["figures"]] == [
        ("late_routed", 0, 10),
        ("tracking_gaps", 0, 10),
        ("out_of_stock_after_order", 0, 10),
        ("bad_addresses", 1, 10),
    ]
    listed = json.loads(sold.here("report", "--json").stdout)["items"]
    assert {"failure-points", "enquiries", "reconciliation"} <= {r["name"] for r in listed}
    assert "Where is my order?" in sold.here("report").stdout


def test_a_report_that_is_not_there_is_told_with_those_that_are(sold: Shell) -> None:
    result = sold("report", "wismo", "--dir", str(sold.folder))
    assert result.exit_code == 1
    assert "There is no report of this name." in result.output and "enquiries" in result.output
