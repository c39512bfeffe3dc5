"""Runs over HTTP: what they did, and nobody's data unless it is asked for."""

import httpx

from connectors.http.sandbox import EchoSandbox
from connectors.webhook.sandbox import SenderSandbox
from tests.api.conftest import order
from tests.floor import Floor


async def test_a_run_is_shown_with_its_ledger_and_its_history(
    floor: Floor, sender: SenderSandbox, viewer: httpx.AsyncClient
) -> None:
    await order(floor, sender, 1007)
    (listed,) = (await viewer.get("/runs", params={"subject": "#1007"})).json()["items"]

    run = (await viewer.get(f"/runs/{listed['id']}")).json()

    assert (run["flow"], run["version"], run["subject"]) == ("tell", 1, "#1007")
    assert run["ended_at"] is not None and run["tokens"] == []
    (effect,) = run["effects"]
    assert (effect["connection"], effect["action"], effect["state"]) == ("service", "request", "confirmed")
    assert effect["request"] is None and run["values"] is None
    assert "tell" in {entry["node"] for entry in run["journal"]}


async def test_what_was_sent_is_opened_only_when_asked_for(
    floor: Floor, sender: SenderSandbox, viewer: httpx.AsyncClient
) -> None:
    await order(floor, sender, 1007)
    (listed,) = (await viewer.get("/runs")).json()["items"]

    run = (await viewer.get(f"/runs/{listed['id']}", params={"data": True})).json()

    assert run["effects"][0]["request"]["path"] == "/event"
    assert run["effects"][0]["answer"]["status"] == 200
    assert run["values"]["told"]["status"] == 200


async def test_a_held_run_says_which_case_it_waits_for(
    floor: Floor, sender: SenderSandbox, service: EchoSandbox, viewer: httpx.AsyncClient
) -> None:
    service.lose_next_answer("/event")
    await order(floor, sender, 1007)
    (listed,) = (await viewer.get("/runs", params={"state": "open"})).json()["items"]

    run = (await viewer.get(f"/runs/{listed['id']}")).json()

    (token,), (case,) = run["tokens"], run["cases"]
    assert (token["state"], token["case"], token["effect"]) == ("held", case["id"], run["effects"][0]["id"])
    assert run["effects"][0]["state"] == "in-doubt"


async def test_runs_come_newest_first_page_by_page(
    floor: Floor, sender: SenderSandbox, viewer: httpx.AsyncClient
) -> None:
    for number in range(5):
        await order(floor, sender, number)
    first = (await viewer.get("/runs", params={"limit": 3})).json()
    second = (await viewer.get("/runs", params={"limit": 3, "cursor": first["next"]})).json()

    subjects = [run["subject"] for run in first["items"] + second["items"]]
    assert sorted(subjects) == [f"#{number}" for number in range(5)]
    assert second["next"] is None
    assert (await viewer.get("/runs", params={"state": "open"})).json()["items"] == []
    assert (await viewer.get("/runs", params={"flow": "another"})).json()["items"] == []


async def test_an_unknown_run_is_not_found(viewer: httpx.AsyncClient) -> None:
    answer = await viewer.get("/runs/00000000-0000-0000-0000-000000000000")

    assert (answer.status_code, answer.json()["type"]) == (404, "urn:faros:no-such-run")
