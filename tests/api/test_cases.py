"""Cases over HTTP: found, decided once, and the run goes on."""

import asyncio
from typing import Any

import httpx
import orjson
import pytest

from connectors.http.sandbox import EchoSandbox
from connectors.webhook.sandbox import SenderSandbox
from tests.api.conftest import Enter, Rings, order, publish
from tests.floor import Floor

HAPPENED = {"choice": "it-happened", "answer": {"status": 200, "body": {"ok": True}}}


@pytest.fixture
async def doubt(
    floor: Floor, sender: SenderSandbox, service: EchoSandbox, viewer: httpx.AsyncClient
) -> dict[str, Any]:
    """The case of an effect whose answer was lost, as a viewer sees it."""
    service.lose_next_answer("/event")
    await order(floor, sender, 1007)
    (case,) = (await viewer.get("/cases")).json()["items"]
    return dict(case)


async def test_a_case_says_what_it_is_about_and_what_may_be_chosen(
    doubt: dict[str, Any], viewer: httpx.AsyncClient
) -> None:
    assert doubt["kind"] == "effect-in-doubt" and doubt["subject"] == "#1007"
    assert set(doubt["choices"]) == {"it-happened", "send-again", "give-up"}
    assert doubt["title"] and doubt["version"] == 1
    assert (await viewer.get(f"/cases/{doubt['id']}")).json() == doubt


async def test_who_decides_second_is_told_so(
    doubt: dict[str, Any], floor: Floor, enter: Enter, rings: Rings, service: EchoSandbox
) -> None:
    ada, bob = await enter("ops"), await enter("admin")
    said = {"version": doubt["version"], "note": "I rang them", **HAPPENED}
    answers = await asyncio.gather(
        *(c.post(f"/cases/{doubt['id']}/resolution", json=said) for c in (ada, bob))
    )

    assert sorted(a.status_code for a in answers) == [200, 409]
    (late,) = (a for a in answers if a.status_code == 409)
    assert late.json()["type"] == "urn:faros:case-changed"
    rows = await floor.rows("select * from audit")
    assert [(r["what"], r["detail"]["choice"]) for r in rows] == [("case resolved", "it-happened")]
    await floor.settle()
    (run,) = await floor.runs()
    assert run["ended_at"] is not None
    assert len(service.received) == 1
    names = await floor.names(run["id"])
    assert names["told"]["body"] == {"ok": True}


async def test_the_decision_is_kept_with_its_note_and_the_workers_are_rung_for(
    doubt: dict[str, Any], ops: httpx.AsyncClient, rings: Rings, app: Any
) -> None:
    said = {"version": 1, "choice": "give-up", "note": "Customer no longer wants it"}
    answer = await ops.post(f"/cases/{doubt['id']}/resolution", json=said)

    shown = answer.json()
    assert (shown["state"], shown["version"], shown["choice"]) == ("resolved", 2, "give-up")
    assert (shown["resolved_by"], shown["note"]) == ("the ops", "Customer no longer wants it")
    await app.state.bell.rest()
    assert rings.count == 1


async def test_an_old_version_decides_nothing(doubt: dict[str, Any], ops: httpx.AsyncClient) -> None:
    answer = await ops.post(f"/cases/{doubt['id']}/resolution", json={"version": 0, "choice": "give-up"})

    assert answer.status_code == 409


async def test_only_what_the_case_offers_may_be_chosen(doubt: dict[str, Any], ops: httpx.AsyncClient) -> None:
    answer = await ops.post(f"/cases/{doubt['id']}/resolution", json={"version": 1, "choice": "refund"})

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:faros:choice-not-offered")
    assert "send-again" in answer.json()["detail"]


async def test_no_case_no_decision(ops: httpx.AsyncClient) -> None:
    path = "/cases/00000000-0000-0000-0000-000000000000"

    assert (await ops.get(path)).status_code == 404
    assert (await ops.post(f"{path}/resolution", json={"version": 1, "choice": "x"})).status_code == 404


@pytest.mark.parametrize("answer", [None, {}, {"status": "many"}, {"status": 200, "colour": "blue"}])
async def test_what_happened_must_be_told_as_the_action_answers(
    doubt: dict[str, Any], ops: httpx.AsyncClient, floor: Floor, answer: Any
) -> None:
    said = {"version": 1, "choice": "it-happened", "answer": answer}
    found = await ops.post(f"/cases/{doubt['id']}/resolution", json=said)

    assert (found.status_code, found.json()["type"]) == (422, "urn:faros:answer-needed")
    wrong = {f["field"] for f in found.json()["fields"]}
    assert wrong & {"answer.status", "answer.colour"}
    assert len(await floor.open_cases()) == 1


async def test_a_mended_credential_opens_its_connection_again(
    floor: Floor, sender: SenderSandbox, service: EchoSandbox, ops: httpx.AsyncClient
) -> None:
    wrong = {**service.settings(), "headers": {"x-api-key": "an-old-key"}}
    await publish(floor, sender, wrong)
    await order(floor, sender, 1)
    await order(floor, sender, 2)
    (case,) = (await ops.get("/cases")).json()["items"]
    assert (case["kind"], case["connection"]) == ("connection-unauthorised", "service")
    assert (await ops.get("/connections/service")).json()["paused_at"] is not None

    await publish(floor, sender, service.settings())
    await ops.post(f"/cases/{case['id']}/resolution", json={"version": 1, "choice": "try-again"})

    assert (await ops.get("/connections/service")).json()["paused_at"] is None
    await floor.let_pass(minutes=2)
    assert len(service.received) == 2


async def test_cases_come_by_page(
    floor: Floor, sender: SenderSandbox, service: EchoSandbox, viewer: httpx.AsyncClient
) -> None:
    for number in range(5):
        service.lose_next_answer("/event")
        await order(floor, sender, number)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (
            await viewer.get("/cases", params={"limit": 2, **({"cursor": cursor} if cursor else {})})
        ).json()
        seen += [case["subject"] for case in page["items"]]
        cursor = page["next"]

    assert sorted(seen) == [f"#{number}" for number in range(5)]
    assert (await viewer.get("/cases", params={"state": "resolved"})).json()["items"] == []


async def test_an_erased_customers_case_shows_nothing_of_them(
    doubt: dict[str, Any], floor: Floor, viewer: httpx.AsyncClient
) -> None:
    await floor.rows("delete from person_keys where id = (select person_id from cases) returning id")
    floor.hub.vault._boxes.clear()

    shown = (await viewer.get(f"/cases/{doubt['id']}")).json()

    assert (shown["title"], shown["detail"]) == ("", None)
    assert b"1007" not in orjson.dumps(shown["detail"])
