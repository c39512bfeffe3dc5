"""Commands about a hub that has been published: switches, keys, secrets, lists."""

import asyncio
import json
from typing import Any

import pytest

from hub.store.database import Database
from hub.store.keys import find_caller
from tests.cli.conftest import Shell


def rows(url: str, sql: str) -> list[Any]:
    """What the database holds."""

    async def ask() -> list[Any]:
        database = await Database.connect(url, size=1)
        try:
            async with database.connection() as connection:
                return [dict(row) for row in await connection.fetch(sql)]
        finally:
            await database.close()

    return asyncio.run(ask())


def test_publishing_the_same_again_makes_no_new_version(shop: Shell, database_url: str) -> None:
    before = rows(database_url, "select flow, number from flow_versions order by flow")
    assert "No flow has changed." in shop.here("apply").stderr
    assert rows(database_url, "select flow, number from flow_versions order by flow") == before


def test_a_store_is_paused_and_resumed_and_the_trail_says_by_whom(shop: Shell, database_url: str) -> None:
    shop.here("pause", "store", "main", "--why", "stocktaking")
    listed = json.loads(shop.here("connection", "list", "--json").stdout)
    assert {c["is_store_paused"] for c in listed} == {True}

    shop.here("resume", "all")
    listed = json.loads(shop.here("connection", "list", "--json").stdout)
    assert {c["is_store_paused"] for c in listed} == {False}
    assert [r["what"] for r in rows(database_url, "select what from audit order by id")] == [
        "store paused",
        "store resumed",
    ]


def test_a_supplier_is_paused_under_the_name_people_know_it_by(shop: Shell) -> None:
    shop.here("pause", "supplier", "workshop-east", "--why", "on holiday")
    listed = {c["id"]: c["paused_why"] for c in json.loads(shop.here("connection", "list", "--json").stdout)}
    assert listed["workshop-east"] == "on holiday"
    assert listed["workshop-west"] == ""

    refused = shop("pause", "supplier", "workshop-easter", "--dir", str(shop.folder))
    assert refused.exit_code == 1
    assert 'Did you mean "workshop-east"?' in refused.stderr


def test_a_connection_goes_live_from_a_moment_and_workers_read_it(shop: Shell, database_url: str) -> None:
    (before,) = rows(database_url, "select max(id) as id from publications")
    shop.here("connection", "go-live", "shop-1", "--from", "2026-12-01T09:00+01:00")
    (found,) = rows(database_url, "select live_from from connections where id = 'shop-1'")
    assert found["live_from"].isoformat() == "2026-12-01T08:00:00+00:00"
    (after,) = rows(database_url, "select max(id) as id from publications")
    assert after["id"] > before["id"]


def test_a_key_is_seen_once_and_no_longer_valid_once_revoked(shop: Shell, database_url: str) -> None:
    key = shop.here("key", "create", "dashboard", "--role", "viewer").stdout.strip()
    listed = shop.here("key", "list", "--json").stdout
    assert key not in listed
    (shown,) = json.loads(listed)
    assert (shown["name"], shown["role"]) == ("dashboard", "viewer")

    shop.here("key", "revoke", shown["id"])

    async def caller() -> object:
        database = await Database.connect(database_url, size=1)
        async with database.connection() as connection:
            found = await find_caller(connection, key)
        await database.close()
        return found

    assert asyncio.run(caller()) is None
    again = shop("key", "revoke", shown["id"], "--dir", str(shop.folder))
    assert again.exit_code == 1


def test_a_secret_is_sealed_and_never_shown(shop: Shell, database_url: str) -> None:
    told = shop.here("secret", "set", "easypost", stdin="EZAK-very-secret\n")
    assert "very-secret" not in told.output
    (found,) = rows(database_url, "select name, sealed from secrets")
    assert b"very-secret" not in found["sealed"]
    assert "very-secret" not in str(rows(database_url, "select detail from audit"))


def test_lists_of_a_new_hub_say_that_they_are_empty(shop: Shell) -> None:
    assert "Nothing waits for a person." in shop.here("case", "list").stdout
    assert "No run is on its way." in shop.here("run", "list").stdout


def test_an_order_that_is_not_there_is_said_in_a_sentence(shop: Shell) -> None:
    refused = shop("order", "show", "#9999", "--dir", str(shop.folder))
    assert refused.exit_code == 1
    assert "There is no order of this number." in refused.stderr
    assert "Traceback" not in refused.output


def test_the_doctor_finds_a_connection_whose_secret_is_missing(shop: Shell) -> None:
    well = shop("doctor", "--dir", str(shop.folder))
    assert well.exit_code == 0, well.output

    hub = shop.folder / "hub.yaml"
    asked = "connector: easypost\n    mode: live\n    settings:\n      api_key: ${secret:easypost}"
    hub.write_text(hub.read_text().replace("connector: easypost\n    mode: sandbox", asked))
    applied = shop("apply", "--dir", str(shop.folder))
    assert "faros secret set easypost" in applied.stderr

    ill = shop("doctor", "--dir", str(shop.folder), "--json")
    assert ill.exit_code == 1
    assert [f["what"] for f in json.loads(ill.stdout) if not f["well"]] == ["connection address-1"]


def test_a_database_that_is_not_there_is_said_in_a_sentence(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://faros:hidden-word@127.0.0.1:9/faros")
    monkeypatch.setenv("REDIS_URL", "unix:///nowhere")
    shell.begin()
    refused = shell("key", "list", "--dir", str(shell.folder))
    assert refused.exit_code == 1
    assert "hidden-word" not in refused.output
    assert "Traceback" not in refused.output
