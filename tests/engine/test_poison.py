"""What cannot be read stands aside with a case, and never in the way of others."""

import os

from hub.engine.deciding import Decided, decide
from tests.engine.conftest import Bench
from tests.engine.test_runs import FOUR_CALLS, WAITING


async def test_a_damaged_run_is_set_aside_and_its_neighbours_go_on(bench: Bench) -> None:
    await bench.publish(WAITING)
    await bench.order("7", order="7", word="first")
    await bench.order("8", order="8", word="first")
    damaged, _ = await bench.floor.runs()
    await bench.floor.rows("update events set body = $1 where id = $2", os.urandom(64), damaged["event_id"])

    await bench.floor.let_pass(hours=4)

    ends = {r["subject"]: r["end_reason"] for r in await bench.floor.runs()}
    assert ends == {"#7": None, "#8": "Nothing came"}
    assert "step-failed" in [c["kind"] for c in await bench.floor.open_cases()]
    assert (await bench.floor.runs())[0]["lease_owner"] is None


async def test_an_erased_persons_run_ends_and_holds_no_lease(bench: Bench) -> None:
    await bench.publish(WAITING)
    await bench.order("7", order="7", word="first")
    (run,) = await bench.floor.runs()
    await bench.floor.rows("delete from person_keys where id = $1", run["person_id"])
    bench.floor.hub.vault._boxes.clear()

    await bench.floor.let_pass(hours=4)

    (run,) = await bench.floor.runs()
    assert run["end_reason"] == "The person it was about was erased." and run["lease_owner"] is None
    assert await bench.floor.rows("select 1 from tokens") == []


async def test_a_delivery_that_cannot_be_read_is_kept_and_read_again_when_a_person_says_so(
    bench: Bench,
) -> None:
    await bench.publish(FOUR_CALLS)
    await bench.floor.deliver("door", bench.door.sign(b'{"no": "key"}'))
    await bench.order(1007)

    assert [r["subject"] for r in await bench.floor.runs()] == ["#1007"]
    (case,) = await bench.floor.open_cases()
    assert case["kind"] == "delivery-unreadable"

    async with bench.floor.hub.database.transaction() as connection:
        said = Decided(case["id"], case["version"], "try-again", "ada")
        await decide(connection, bench.floor.hub.world, bench.floor.hub.vault, said, bench.floor.now)
    await bench.floor.settle()

    # It is as unreadable as before, and asked about again: nothing was dropped.
    assert [c["kind"] for c in await bench.floor.open_cases()] == ["delivery-unreadable"]
    states = [
        d["state"] for d in await bench.floor.rows("select state from deliveries order by received_at, id")
    ]
    assert sorted(states) == ["admitted", "unreadable"]
