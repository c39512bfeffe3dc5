"""Connections over HTTP: shown without their secrets, tried, paused and resumed."""

import httpx
import orjson

from connectors.http.sandbox import EchoSandbox
from connectors.webhook.sandbox import SECRET, SenderSandbox
from hub.store.audit import read_audit
from tests.api.conftest import Rings, order
from tests.floor import Floor


async def test_a_connection_never_shows_a_secret(viewer: httpx.AsyncClient) -> None:
    listed = await viewer.get("/connections")
    shown = await viewer.get("/connections/hooks")

    assert [c["id"] for c in listed.json()] == ["hooks", "service"]
    assert shown.json()["settings"]["secrets"] == ["(hidden)"]
    assert shown.json()["settings"]["key"] == "id"
    assert SECRET.get_secret_value().encode() not in listed.content + shown.content


async def test_a_secrets_reference_is_shown(floor: Floor, viewer: httpx.AsyncClient) -> None:
    await floor.rows(
        "update connections set settings = $1 where id = 'hooks' returning id",
        {"secrets": ["${env:HOOK_SECRET}"]},
    )

    assert (await viewer.get("/connections/hooks")).json()["settings"] == {"secrets": ["${env:HOOK_SECRET}"]}


async def test_nothing_leaves_on_a_paused_connection_until_it_is_resumed(
    floor: Floor,
    sender: SenderSandbox,
    service: EchoSandbox,
    ops: httpx.AsyncClient,
    rings: Rings,
    app: object,
) -> None:
    paused = await ops.post("/connections/service/pause", json={"why": "Their stocktaking"})
    assert (paused.status_code, paused.json()["paused_why"]) == (200, "Their stocktaking")
    await floor.pump._sweep()

    await order(floor, sender, 1007)
    assert service.received == []

    resumed = await ops.post("/connections/service/resume")
    assert (resumed.status_code, resumed.json()["paused_at"]) == (200, None)
    await floor.let_pass(minutes=1)
    assert len(service.received) == 1
    assert rings.count == 1
    async with floor.hub.database.connection() as connection:
        rows = await read_audit(connection, 10)
    assert [(r["by"], r["what"]) for r in rows] == [
        ("the ops", "connection resumed"),
        ("the ops", "connection paused"),
    ]


async def test_a_connection_is_tried_and_the_answer_is_a_sentence(ops: httpx.AsyncClient) -> None:
    answer = await ops.post("/connections/hooks/check")

    assert (answer.status_code, answer.json()["works"]) == (200, False)
    assert "cannot be probed" in answer.json()["said"]


async def test_an_unknown_connection_is_not_found(ops: httpx.AsyncClient) -> None:
    answers = [
        await ops.get("/connections/nobody"),
        await ops.post("/connections/nobody/check"),
        await ops.post("/connections/nobody/pause", json={"why": "x"}),
        await ops.post("/connections/nobody/resume"),
    ]
    assert {a.status_code for a in answers} == {404}


async def test_the_catalog_names_what_flows_can_do(viewer: httpx.AsyncClient) -> None:
    found = (await viewer.get("/catalog")).json()

    connectors = {c["name"]: c for c in found["connectors"]}
    assert {"shopify", "http", "webhook", "supplier_api"} <= set(connectors)
    assert connectors["shopify"]["capabilities"] == ["sales-channel", "tracker"]
    kinds = {a["name"]: a["kind"] for a in connectors["shopify"]["actions"]}
    assert (kinds["get_order"], kinds["add_tags"]) == ("read", "idempotent")
    assert "purchasing" in {o["name"] for o in found["own"]}
    assert b"secret" in orjson.dumps(connectors["webhook"]["settings_schema"])
