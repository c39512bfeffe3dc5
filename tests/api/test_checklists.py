"""A case with a checklist: what is ticked is kept, and what needs it is not decided before."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from connectors.http.sandbox import EchoSandbox
from connectors.webhook.sandbox import SenderSandbox
from hub.store.configuration import ConnectionSpec
from tests.api.conftest import Enter, order
from tests.floor import Floor, flow, shop

LOST = """
format: 1
flow: lost
title: Find out about a parcel
uses:
  hooks: webhook
trigger:
  event: hooks.received
  key: ${event.body.id}
steps:
  - step: look
    hold:
      case: quiet-parcel
      title: Parcel of ${event.body.name} has fallen silent
      owner: support
      due: 2 hours
      choices:
        lost: It is lost
        found: It was found
      checklist:
        carrier: Ask the carrier
        supplier: Ask the supplier
      checked_first: [lost]
  - step: ended
    do: cases.record_outcome
    with:
      outcome: recovered
"""


@pytest.fixture
async def quiet(floor: Floor, sender: SenderSandbox) -> AsyncIterator[str]:
    """The path of a case with two things to do before it may be called lost."""
    told = flow(floor.hub.catalog, LOST, {"hooks": ["hooks"]})
    await floor.publish(shop([told], ConnectionSpec("hooks", "main", "webhook", settings=sender.settings())))
    await order(floor, sender, 1007)
    (case,) = await floor.open_cases()
    yield f"/cases/{case['id']}"


async def tick(caller: httpx.AsyncClient, path: str, item: str, version: int) -> httpx.Response:
    return await caller.post(f"{path}/checklist/{item}", json={"version": version})


async def test_what_was_done_is_kept_with_who_did_it(
    quiet: str, ops: httpx.AsyncClient, floor: Floor
) -> None:
    before = (await ops.get(quiet)).json()
    assert [(i["item"], i["label"], i["by"]) for i in before["checklist"]] == [
        ("carrier", "Ask the carrier", None), ("supplier", "Ask the supplier", None),
    ]  # fmt: skip
    assert (before["owner"], before["checked_first"], before["outcome"]) == ("support", ["lost"], None)

    shown = (await tick(ops, quiet, "carrier", 1)).json()

    assert shown["version"] == 2
    assert [(i["item"], i["by"], bool(i["at"])) for i in shown["checklist"]] == [
        ("carrier", "the ops", True), ("supplier", None, False),
    ]  # fmt: skip
    assert shown == (await ops.get(quiet)).json()
    (noted,) = await floor.rows("select * from audit")
    assert (noted["by"], noted["what"], noted["detail"]["item"]) == (
        "the ops",
        "case item ticked",
        "carrier",
    )


async def test_what_needs_the_list_is_refused_with_what_is_open_and_then_decided(
    quiet: str, ops: httpx.AsyncClient, floor: Floor
) -> None:
    early = await ops.post(f"{quiet}/resolution", json={"version": 1, "choice": "lost"})
    assert (early.status_code, early.json()["type"]) == (409, "urn:faros:checklist-open")
    assert early.json()["detail"] == "First tick: carrier, supplier."

    await tick(ops, quiet, "carrier", 1)
    half = await ops.post(f"{quiet}/resolution", json={"version": 2, "choice": "lost"})
    assert half.json()["detail"] == "First tick: supplier."
    await tick(ops, quiet, "supplier", 2)
    done = await ops.post(f"{quiet}/resolution", json={"version": 3, "choice": "lost"})
    await floor.settle()

    assert done.status_code == 200
    shown = (await ops.get(quiet)).json()
    assert (shown["state"], shown["choice"], shown["outcome"]) == ("resolved", "lost", "recovered")


async def test_another_choice_needs_no_list(quiet: str, ops: httpx.AsyncClient) -> None:
    answer = await ops.post(f"{quiet}/resolution", json={"version": 1, "choice": "found"})

    assert answer.status_code == 200


async def test_ticking_twice_is_ticking_once(quiet: str, ops: httpx.AsyncClient, floor: Floor) -> None:
    await tick(ops, quiet, "carrier", 1)
    again = await tick(ops, quiet, "carrier", 2)

    assert (again.status_code, again.json()["version"]) == (200, 2)
    assert len(await floor.rows("select * from audit")) == 1


async def test_of_two_who_saw_the_same_the_second_reads_again(quiet: str, enter: Enter) -> None:
    ada, bob = await enter("ops"), await enter("admin")
    await tick(ada, quiet, "carrier", 1)

    late = await tick(bob, quiet, "supplier", 1)

    assert (late.status_code, late.json()["type"]) == (409, "urn:faros:case-changed")


async def test_a_case_that_is_decided_takes_no_tick(quiet: str, ops: httpx.AsyncClient) -> None:
    await ops.post(f"{quiet}/resolution", json={"version": 1, "choice": "found"})

    assert (await tick(ops, quiet, "carrier", 2)).status_code == 409


async def test_what_is_not_on_the_list_is_not_found(quiet: str, ops: httpx.AsyncClient) -> None:
    strange = await tick(ops, quiet, "customs", 1)
    nowhere = await tick(ops, "/cases/00000000-0000-0000-0000-000000000000", "carrier", 1)

    assert (strange.status_code, strange.json()["type"]) == (404, "urn:faros:no-such-item")
    assert strange.json()["detail"] == "The checklist has: carrier, supplier."
    assert (nowhere.status_code, nowhere.json()["type"]) == (404, "urn:faros:no-such-case")


async def test_a_viewer_ticks_nothing(quiet: str, viewer: httpx.AsyncClient, floor: Floor) -> None:
    assert (await tick(viewer, quiet, "carrier", 1)).status_code == 403
    (case,) = await floor.open_cases()
    assert [item["at"] for item in case["checklist"]] == [None, None]


async def test_whoever_asks_for_their_own_cases_sees_no_others(
    quiet: str, viewer: httpx.AsyncClient, floor: Floor
) -> None:
    async def seen(owner: str) -> list[Any]:
        return [c["kind"] for c in (await viewer.get("/cases", params={"owner": owner})).json()["items"]]

    assert (await seen("support"), await seen("ops")) == (["quiet-parcel"], [])


async def test_a_case_without_a_list_says_so(
    service: EchoSandbox, floor: Floor, sender: SenderSandbox, ops: httpx.AsyncClient
) -> None:
    service.lose_next_answer("/event")
    await order(floor, sender, 1)
    (case,) = await floor.open_cases()

    answer = await tick(ops, f"/cases/{case['id']}", "carrier", 1)

    assert (answer.status_code, answer.json()["detail"]) == (404, "The case has no checklist.")
