"""What is found open is settled by its kind: nothing is done twice, nothing goes round in circles, nothing is stuck."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from hub.engine.driver import Drive
from hub.engine.effects import AskPerson, Send, Skip, verdict
from hub.model import case as cases
from hub.model.effect import Effect
from hub.sdk import Checkable, Keyed, Kind
from hub.store.budgets import Slice, draw
from hub.store.runs import claim, kind_to, load
from tests.engine.conftest import Bench
from tests.engine.test_runs import FOUR_CALLS, WAITING
from tests.floor import MONDAY


def keyed(attempt: int) -> Effect:
    return Effect(
        uuid4(), uuid4(), "buy", "service", "request", Keyed(valid_for=timedelta(hours=24)), "key", {},
        state="not-done", attempt=attempt, intended_at=MONDAY, attempted_at=MONDAY,
    )  # fmt: skip


def test_a_purchase_that_may_have_been_made_is_not_sent_again_once_its_key_is_forgotten() -> None:
    later = MONDAY + timedelta(days=2)

    assert isinstance(verdict(keyed(attempt=2), later, None), AskPerson)
    assert isinstance(verdict(keyed(attempt=2), MONDAY + timedelta(hours=1), None), Send)
    assert isinstance(verdict(keyed(attempt=1), later, None), Send)


async def left_open(bench: Bench, kind: Kind | None = None) -> Any:
    """An order whose last call was sent by a worker that is gone."""
    await bench.publish(FOUR_CALLS)
    bench.service.lose_next_answer("/event")
    await bench.order(1007)
    (effect,) = [e for e in await bench.floor.effects() if e["state"] == "in-doubt"]
    await bench.floor.rows("delete from cases")
    await bench.floor.rows("update tokens set state = 'acting', case_id = null, effect_id = $1", effect["id"])
    await bench.floor.rows(
        "update effects set state = 'intended', kind = coalesce($2, kind) where id = $1",
        effect["id"],
        kind_to(kind) if kind else None,
    )
    await bench.floor.rows("update runs set due_at = $1", bench.floor.now)
    return effect


async def test_trying_a_step_again_does_not_send_what_may_have_been_done(bench: Bench) -> None:
    await left_open(bench)
    link = bench.floor.hub.world.links.pop("service")
    await bench.floor.settle()
    (case,) = await bench.floor.open_cases()
    assert case["kind"] == cases.STEP_FAILED
    bench.floor.hub.world.links["service"] = link

    await bench.floor.resolve(case, cases.TRY_AGAIN)

    assert [r["path"] for r in bench.service.received].count("/event") == 1
    assert [c["kind"] for c in await bench.floor.open_cases()] == [cases.EFFECT_IN_DOUBT]


async def test_an_open_effect_of_a_paused_connection_rests_instead_of_going_round(bench: Bench) -> None:
    await left_open(bench, Keyed(valid_for=timedelta(hours=24)))
    bench.floor.hub.world.links["service"].paused = "Closed for stocktaking."

    await bench.floor.pump.look()
    await bench.floor.pump.rest()

    (run,) = await bench.floor.runs()
    assert run["due_at"] > bench.floor.now and run["is_parked"]


async def test_a_lookup_that_fails_is_tried_again_later_and_not_at_once(bench: Bench) -> None:
    await left_open(bench, Checkable(settles_in=timedelta(0)))

    await bench.floor.pump.look()
    await bench.floor.pump.rest()

    (run,) = await bench.floor.runs()
    assert run["due_at"] > bench.floor.now


async def test_what_a_dead_worker_left_does_not_use_up_the_places_in_flight(bench: Bench) -> None:
    await left_open(bench)
    database, ask = bench.floor.hub.database, {"service": Slice(10.0, 10, 1, 1)}

    at_once, _ = await draw(database, ask, bench.floor.now)
    later, _ = await draw(database, ask, bench.floor.now + timedelta(minutes=1))

    assert (at_once["service"], later["service"]) == (0.0, 1.0)


async def test_a_run_that_began_while_its_version_was_retired_goes_on(bench: Bench) -> None:
    await bench.publish(WAITING)
    await bench.order("7", order="7", word="first")
    # The worker read the configuration a moment before that run was committed, so it does not hold its version.
    bench.floor.hub.world.programs.clear()

    await bench.floor.let_pass(hours=4)
    await bench.floor.let_pass(seconds=1)

    (run,) = await bench.floor.runs()
    assert run["end_reason"] == "Nothing came"


async def test_a_cancelled_order_does_not_end_a_run_that_may_have_bought_already(bench: Bench) -> None:
    await left_open(bench)
    engine = bench.floor.pump.engine
    async with engine.database.transaction() as connection:
        (leased,) = await load(
            connection, engine.vault, await claim(connection, engine.worker, bench.floor.now, 1)
        )

    await Drive(engine, leased)._stop_cancelled()
    await bench.floor.settle()

    (run,) = await bench.floor.runs()
    assert run["ended_at"] is None
    assert [c["kind"] for c in await bench.floor.open_cases()] == [cases.EFFECT_IN_DOUBT]


def test_what_a_step_says_in_advance_counts_only_where_a_person_would_be_asked() -> None:
    young, old = MONDAY + timedelta(hours=1), MONDAY + timedelta(days=2)

    assert isinstance(verdict(keyed(attempt=2), young, "skip"), Send), "the key still tells a repeat"
    assert isinstance(verdict(keyed(attempt=2), old, "skip"), Skip)
    assert isinstance(verdict(keyed(attempt=2), old, "repeat"), Send)


async def test_a_step_may_say_in_advance_that_an_unsafe_call_in_doubt_is_let_go(bench: Bench) -> None:
    unsafe = "        effect: unsafe\n"
    skips = FOUR_CALLS.replace(unsafe, f"{unsafe}        if_in_doubt: skip\n")
    await bench.publish(skips)
    bench.service.lose_next_answer("/event")

    await bench.order(1007)

    (run,) = await bench.floor.runs()
    assert run["ended_at"] is not None and await bench.floor.open_cases() == []
    assert [e["state"] for e in await bench.floor.effects()].count("skipped") == 1
