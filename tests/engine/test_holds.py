"""A case is decided by a person, settled by a fact, or settled by time; never by two of them."""

import pytest

from hub.engine.deciding import ChecklistOpen, Decided, NoSuchItem, decide, tick
from hub.store.cases import CaseChanged
from tests.engine.conftest import Bench

LOST_PARCEL = """
format: 1
flow: lost-parcel
title: Ask until a scan comes or patience ends

uses:
  door: webhook
  service: http

trigger:
  event: door.received
  key: ${event.key_value}
  when: event.body.what == "parcel"

steps:
  - step: quiet
    hold:
      case: quiet-parcel
      title: No scan on ${event.body.parcel}
      owner: support
      choices:
        lost: It is lost
        wait: Give it time
      checklist:
        carrier: Ask the carrier
        supplier: Ask the supplier
      checked_first: [lost]
      event: door.received
      match:
        key_value: ${event.body.parcel}
      timeout: 5 days
    as: answer
  - step: write-down
    do: service.request
    effect: idempotent
    with:
      method: POST
      path: /answer
      body:
        choice: ${answer.choice}
        by: ${answer.by}
"""


MANY = """        wait-longer: Give it time
        lost: It is lost
        any: Whatever it is
"""


async def quiet_parcel(bench: Bench) -> None:
    await bench.publish(LOST_PARCEL)
    await bench.order("p-1", what="parcel", parcel="1Z")


def answers(bench: Bench) -> list[tuple[str, str]]:
    return [(r["body"]["choice"], r["body"]["by"]) for r in bench.service.received]


async def test_a_person_decides_and_neither_time_nor_a_late_scan_decides_again(bench: Bench) -> None:
    await quiet_parcel(bench)
    (case,) = await bench.floor.open_cases()
    assert case["owner"] == "support" and case["due_at"] is not None, "due when its time ends"

    await bench.floor.resolve(case, "wait")
    await bench.order("1Z", what="scan")
    await bench.floor.let_pass(days=6)

    assert answers(bench) == [("wait", "ada")]


async def test_choices_are_offered_in_the_order_in_which_the_flow_has_them(bench: Bench) -> None:
    await bench.publish(LOST_PARCEL.replace("        lost: It is lost\n        wait: Give it time\n", MANY))
    await bench.order("p-1", what="parcel", parcel="1Z")
    (case,) = await bench.floor.open_cases()
    assert list(case["choices"]) == ["wait-longer", "lost", "any"]


async def test_a_scan_settles_the_case_and_nobody_can_decide_it_any_more(bench: Bench) -> None:
    await quiet_parcel(bench)
    (case,) = await bench.floor.open_cases()

    await bench.order("1Z", what="scan")

    assert answers(bench) == [("event", "")]
    assert await bench.floor.open_cases() == []
    (closed,) = await bench.floor.rows("select * from cases")
    assert (closed["choice"], closed["resolved_by"]) == ("event", "hub")
    with pytest.raises(CaseChanged):
        await bench.floor.resolve(case, "lost")
    await bench.floor.let_pass(days=6)
    assert answers(bench) == [("event", "")]


async def test_what_nobody_decides_in_time_is_settled_then_and_not_a_minute_before(bench: Bench) -> None:
    await quiet_parcel(bench)

    await bench.floor.let_pass(days=5, minutes=-1)
    assert answers(bench) == [] and len(await bench.floor.open_cases()) == 1
    await bench.floor.let_pass(minutes=1)

    assert answers(bench) == [("timeout", "")]
    assert await bench.floor.open_cases() == []


async def test_a_decision_in_the_very_moment_the_time_ends_counts_alone(bench: Bench) -> None:
    await quiet_parcel(bench)
    (case,) = await bench.floor.open_cases()
    committer = bench.floor.pump.engine.committer
    commit = committer.commit

    async def decided_first(unit):  # type: ignore[no-untyped-def]  # the committer's own signature
        if unit.cases_settled:
            committer.commit = commit  # type: ignore[method-assign]  # the person comes between once
            async with bench.floor.hub.database.transaction() as connection:
                said = Decided(case["id"], case["version"], "wait", "ada")
                await decide(connection, bench.floor.hub.world, bench.floor.hub.vault, said, bench.floor.now)
        await commit(unit)

    committer.commit = decided_first  # type: ignore[method-assign]  # strikes between the look and the commit
    await bench.floor.let_pass(days=5)

    assert answers(bench) == [("wait", "ada")]
    (closed,) = await bench.floor.rows("select * from cases")
    assert (closed["choice"], closed["resolved_by"]) == ("wait", "ada")


async def test_a_choice_that_needs_its_checklist_is_not_taken_before_every_item_is_ticked(
    bench: Bench,
) -> None:
    await quiet_parcel(bench)
    (case,) = await bench.floor.open_cases()
    hub = bench.floor.hub

    async def say(version: int) -> None:
        async with hub.database.transaction() as connection:
            said = Decided(case["id"], version, "lost", "ada")
            await decide(connection, hub.world, hub.vault, said, bench.floor.now)

    async def done(item: str, version: int) -> None:
        async with hub.database.transaction() as connection:
            await tick(connection, case["id"], item, ("ada", version), bench.floor.now)

    await done("carrier", 1)
    with pytest.raises(ChecklistOpen, match="supplier"):
        await say(2)
    with pytest.raises(NoSuchItem):
        await done("customs", 2)
    with pytest.raises(CaseChanged):
        await done("supplier", 1)
    await done("supplier", 2)
    await say(3)
    await bench.floor.settle()

    assert answers(bench) == [("lost", "ada")]
    (closed,) = await bench.floor.rows("select * from cases")
    assert [(i["item"], i["by"], i["at"] is not None) for i in closed["checklist"]] == [
        ("carrier", "ada", True), ("supplier", "ada", True),
    ]  # fmt: skip
