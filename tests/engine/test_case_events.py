"""A case that is opened tells of it, in the same commit; one that is not opened tells nothing."""

import asyncio
from typing import Any

from hub.engine.publishing import Publication
from hub.fulfilment.events import CaseOpened, window_of
from hub.store.configuration import ConnectionSpec
from hub.store.encoding import from_bytes
from tests.engine.conftest import Bench
from tests.engine.test_runs import FOUR_CALLS, WAITING
from tests.floor import flow, shop

ASKS = """
format: 1
flow: asks
title: Ask somebody
uses:
  door: webhook
trigger:
  event: door.received
  key: ${event.body.id}
steps:
  - step: ask
    hold:
      case: odd-order
      title: "${event.body.email} wrote something odd"
      choices:
        done: It is settled
      due: 2 hours
"""

LISTENS = """
format: 1
flow: listens
title: Hear of cases
uses:
  door: webhook
trigger:
  event: hub.case_opened
  key: ${event.case}
steps:
  - step: note
    set:
      kind: ${event.kind}
      window: ${event.window}
"""


async def told(bench: Bench) -> list[CaseOpened]:
    """What was told, in order; none of it is sealed for a customer."""
    rows = await bench.floor.rows("select * from events where name = 'case_opened' order by made_at, id")
    house = bench.floor.hub.world.stores["main"].box
    assert {row["person_id"] for row in rows} <= {house.id}
    return [CaseOpened.model_validate(from_bytes(house.open(row["body"]))) for row in rows]


async def test_a_flows_question_is_told_without_a_word_of_its_title(bench: Bench) -> None:
    await bench.publish(ASKS)
    await bench.order(1007)
    (case,) = await bench.floor.open_cases()
    (run,) = await bench.floor.runs()
    (event,) = await told(bench)
    assert event == CaseOpened(
        case=str(case["id"]),
        kind="odd-order",
        window=window_of(case["opened_at"]),
        about="#1007",
        flow="asks",
        run=str(run["id"]),
        due_at=case["due_at"],
    )
    assert "buyer1007" not in event.model_dump_json()


async def test_many_runs_under_one_bad_credential_are_one_case_and_told_once(bench: Bench) -> None:
    await bench.publish(FOUR_CALLS)
    bench.service.refuses_all = True
    for number in (1, 2, 3):
        await bench.order(number)
    (event,) = await told(bench)
    assert (event.kind, event.connection, event.flow) == ("connection-unauthorised", "service", None)


async def test_a_delivery_that_cannot_be_read_is_told_and_is_about_no_order(bench: Bench) -> None:
    await bench.publish(FOUR_CALLS)
    await bench.floor.deliver("door", bench.door.sign(b'{"no": "key"}'))
    await bench.floor.settle()
    (event,) = await told(bench)
    assert (event.kind, event.connection, event.about, event.order_id) == (
        "delivery-unreadable",
        "door",
        None,
        None,
    )


async def test_a_promise_is_told_when_it_is_near_its_end_and_when_it_is_broken(bench: Bench) -> None:
    await bench.publish(WAITING)
    await bench.order("7", order="7", word="first")
    await bench.floor.let_pass(minutes=91)
    await bench.floor.let_pass(minutes=30)
    (run,) = await bench.floor.runs()
    assert [(e.kind, e.about, e.run) for e in await told(bench)] == [
        ("due-soon", "#7", str(run["id"])),
        ("late", "#7", str(run["id"])),
    ]


async def test_a_flow_hears_of_a_case_whose_worker_died_before_it_could_ring(bench: Bench) -> None:
    await bench.floor.publish(both(bench))
    died = asyncio.Event()

    async def die(point: str) -> None:
        if point == "batch_committed":
            died.set()
            await asyncio.Event().wait()

    async with bench.floor.hub.pump("worker-2", die) as doomed:
        doomed.engine.committer._reached = die
        await doomed._beat()
        await bench.floor.deliver("door", bench.door.sign(b'{"id": 1007, "name": "#1007"}'))
        working = asyncio.create_task(doomed.look())
        await died.wait()
        working.cancel()
        for drive in doomed._drives:
            drive.cancel()
    assert [event.about for event in await told(bench)] == ["#1007"]

    await bench.floor.rows("delete from workers where id = 'worker-2'")
    await bench.floor.settle()
    assert sorted(run["flow"] for run in await bench.floor.runs()) == ["asks", "listens"]


async def test_a_flow_is_started_by_a_case_and_reads_when_its_window_began(bench: Bench) -> None:
    await bench.floor.publish(both(bench))
    await bench.order(1007)
    (run,) = [run for run in await bench.floor.runs() if run["flow"] == "listens"]
    (case,) = await bench.floor.open_cases()
    names: Any = await bench.floor.names(run["id"])
    assert (names["kind"], names["window"]) == ("odd-order", window_of(case["opened_at"]))
    assert (run["trigger_key"], run["subject"], run["source"]) == (str(case["id"]), "#1007", "hub:main")


def both(bench: Bench) -> Publication:
    """The flow that asks and the flow that listens."""
    flows = [flow(bench.floor.hub.catalog, text, {"door": ["door"]}) for text in (ASKS, LISTENS)]
    return shop(flows, ConnectionSpec("door", "main", "webhook", "sandbox"))
