"""Many cases at once: grouped by cause, decided together, noted, handed over, and by two people where money leaves."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from connectors.http.sandbox import EchoSandbox
from connectors.webhook.sandbox import SenderSandbox
from hub.engine.publishing import StoreSpec
from hub.store.configuration import ConnectionSpec
from tests.api.conftest import Enter
from tests.floor import Floor, flow, shop

LOOK = """
format: 1
flow: look
title: Somebody looks at every order

uses:
  hooks: webhook
  service: http

trigger:
  event: hooks.received
  key: ${event.body.id}

steps:
  - step: address
    hold:
      case: address
      title: Order ${event.body.id} has a doubtful address
      choices:
        release: Ship it
        refund: Give the money back
      checklist:
        map: Look at the map
      checked_first: [refund]
      due: 4 hours
    as: said
  - step: gives-back
    if: said.choice == "refund"
    then:
      - step: pay-back
        do: service.request
        effect: unsafe
        with:
          method: POST
          path: /refund
        as: paid
      - step: paid-back
        stop: The money is back
  - step: shipped
    stop: It was shipped
"""


@pytest.fixture
async def six(floor: Floor, sender: SenderSandbox, service: EchoSandbox) -> Floor:
    """Six orders wait for a person because of their addresses."""
    await look(floor, sender, service)
    return floor


async def look(floor: Floor, sender: SenderSandbox, service: EchoSandbox) -> None:
    bound = flow(floor.hub.catalog, LOOK, {"hooks": ["hooks"], "service": ["service"]})
    hooks = ConnectionSpec("hooks", "main", "webhook", settings=sender.settings())
    at = ConnectionSpec("service", "main", "http", "live", "http://service.test", service.settings())
    store = StoreSpec("main", {"zone": "America/New_York"})
    await floor.publish(shop([bound], hooks, at, store=store))
    for number in range(1, 7):
        await floor.deliver("hooks", sender.sign(orjson.dumps({"id": number})))
    await floor.settle()


async def groups(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/cases/groups")).json()
    return found


def seen(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": c["id"], "version": c["version"]} for c in cases]


async def listed(client: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get("/cases", params=asked)).json()["items"]
    return items


async def test_cases_with_one_cause_are_one_group_with_its_first_due_moment(
    six: Floor, viewer: httpx.AsyncClient
) -> None:
    found = await groups(viewer)
    (group,) = found["groups"]

    assert {k: found[k] for k in ("open", "overdue", "due_today")} == {
        "open": 6,
        "overdue": 0,
        "due_today": 6,
    }
    assert (group["kind"], group["count"], len(group["first"]), group["owners"]) == ("address", 6, 5, ["ops"])
    assert group["choices"] == {"release": "Ship it", "refund": "Give the money back"}
    assert group["first_due"] == (six.now + timedelta(hours=4)).isoformat().replace("+00:00", "Z")
    assert len(await listed(viewer, group=group["key"])) == 6

    await six.let_pass(hours=5)
    later = await groups(viewer)
    assert (later["overdue"], later["due_today"]) == (6, 0)


async def test_a_groups_key_that_is_not_ours_is_told_so(six: Floor, viewer: httpx.AsyncClient) -> None:
    for key in ("nonsense", "W10=", "WzEsMiwzLDQsNV0="):
        assert (await viewer.get("/cases", params={"group": key})).status_code == 422, key


async def test_six_address_holds_are_released_at_once_and_whom_a_colleague_was_faster_with_is_told(
    six: Floor, enter: Enter
) -> None:
    ada, bob = await enter("ops"), await enter("admin")
    cases = await listed(ada)
    first = await bob.post(f"/cases/{cases[0]['id']}/resolution", json={"version": 1, "choice": "release"})
    assert first.status_code == 200

    answer = await ada.post(
        "/cases/resolutions", json={"choice": "release", "note": "All fine", "cases": seen(cases)}
    )

    told = answer.json()
    assert (answer.status_code, told["resolved"]) == (200, 5)
    assert [o["outcome"] for o in told["outcomes"]] == ["changed", *["resolved"] * 5]
    assert told["outcomes"][0]["detail"] == "the admin resolved it as release at 2026-11-23 09:00 UTC."
    await six.settle()
    assert {r["end_reason"] for r in await six.runs()} == {"It was shipped"}
    audit = await six.rows("select * from audit where what = 'case resolved'")
    assert sorted(r["by"] for r in audit) == ["the admin", *["the ops"] * 5]


async def test_what_cannot_be_decided_does_not_hold_up_the_others(six: Floor, ops: httpx.AsyncClient) -> None:
    one, two, three, *_ = await listed(ops)
    nobody = "00000000-0000-0000-0000-000000000000"
    wanted = [
        {"id": one["id"], "version": 1}, {"id": nobody, "version": 1}, {"id": two["id"], "version": 9},
        {"id": one["id"], "version": 1},
    ]  # fmt: skip
    released = (await ops.post("/cases/resolutions", json={"choice": "release", "cases": wanted})).json()
    refused = (await ops.post("/cases/resolutions", json={"choice": "refund", "cases": seen([three])})).json()
    unknown = (await ops.post("/cases/resolutions", json={"choice": "burn", "cases": seen([three])})).json()

    assert [o["outcome"] for o in released["outcomes"]] == ["resolved", "no-such-case", "changed", "changed"]
    assert (refused["resolved"], refused["outcomes"][0]["outcome"]) == (0, "checklist-open")
    assert unknown["outcomes"][0]["outcome"] == "not-offered"


async def test_of_two_who_release_the_same_six_at_once_each_case_has_one_decision(
    six: Floor, enter: Enter
) -> None:
    ada, bob = await enter("ops"), await enter("admin")
    wanted = {"choice": "release", "cases": seen(await listed(ada))}
    answers = await asyncio.gather(*(c.post("/cases/resolutions", json=wanted) for c in (ada, bob)))

    outcomes = [{o["id"]: o["outcome"] for o in a.json()["outcomes"]} for a in answers]
    assert sum(a.json()["resolved"] for a in answers) == 6
    for id in outcomes[0]:
        assert sorted(o[id] for o in outcomes) == ["changed", "resolved"]


async def test_a_note_is_sealed_and_shown_with_who_wrote_it_and_the_case_stays_as_it_was(
    six: Floor, ops: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    case = (await listed(ops))[0]
    answer = await ops.post(f"/cases/{case['id']}/notes", json={"text": "Rang the customer, Mrs Miller"})

    shown = (await viewer.get(f"/cases/{case['id']}")).json()
    assert answer.status_code == 200 and shown["version"] == 1
    assert [(n["by"], n["text"]) for n in shown["notes"]] == [("the ops", "Rang the customer, Mrs Miller")]
    assert b"Miller" not in repr(await six.rows("select * from case_notes")).encode()
    assert (await viewer.post(f"/cases/{case['id']}/notes", json={"text": "x"})).status_code == 403


async def test_a_case_is_handed_over_and_who_saw_it_before_is_told(
    six: Floor, ops: httpx.AsyncClient
) -> None:
    case = (await listed(ops))[0]
    given = await ops.post(f"/cases/{case['id']}/owner", json={"version": 1, "owner": "support"})
    late = await ops.post(f"/cases/{case['id']}/owner", json={"version": 1, "owner": "finance"})

    assert (given.json()["owner"], given.json()["version"]) == ("support", 2)
    assert (late.status_code, late.json()["type"]) == (409, "urn:faros:case-changed")
    assert [c["id"] for c in await listed(ops, owner="support")] == [case["id"]]
    (row,) = await six.rows("select * from audit where what = 'case given'")
    assert row["detail"] == {"case": case["id"], "from": "ops", "to": "support"}


async def test_what_follows_from_each_choice_is_told_before_it_is_made(
    six: Floor, viewer: httpx.AsyncClient
) -> None:
    case = (await listed(viewer))[0]
    ahead = (await viewer.get(f"/cases/{case['id']}/consequences")).json()

    told = {a["choice"]: [(s["node"], s["is_certain"]) for s in a["steps"]] for a in ahead}
    assert told == {"release": [("shipped", True)], "refund": [("pay-back", True), ("paid-back", True)]}
    (shipped,) = next(a["steps"] for a in ahead if a["choice"] == "release")
    assert shipped["says"] == "The run ends: It was shipped."
