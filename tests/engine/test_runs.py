"""What a run does from its webhook to its end, on the real engine."""

from datetime import timedelta

from tests.engine.conftest import Bench

FOUR_CALLS = """
format: 1
flow: four-calls
title: Validate, buy, tag, tell

uses:
  door: webhook
  service: http

trigger:
  event: door.received
  key: ${event.body.id}

steps:
  - step: validate
    do: service.request
    effect: read
    with:
      method: POST
      path: /validate
      body: ${event.body}
    as: verdict

  - step: is-valid
    if: verdict.status == 200
    then:
      - step: buy
        do: service.request
        effect: keyed
        with:
          method: POST
          path: /po
          body:
            order: ${event.body.id}
        as: bought
        on_refused:
          refused:
            - step: no-luck
              stop: The supplier refused
      - step: tag
        do: service.request
        effect: idempotent
        with:
          method: POST
          path: /tag
          body:
            tags:
              - routed
      - step: tell
        do: service.request
        effect: unsafe
        with:
          method: POST
          path: /event
          body:
            text: Order ${event.body.id} was routed
"""


async def test_an_order_makes_its_four_calls_once_and_the_run_ends(bench: Bench) -> None:
    await bench.publish(FOUR_CALLS)

    await bench.order(1007)

    (run,) = await bench.floor.runs()
    assert run["ended_at"] is not None and run["subject"] == "#1007"
    assert [r["path"] for r in bench.service.received] == ["/validate", "/po", "/tag", "/event"]
    assert {e["state"] for e in await bench.floor.effects()} == {"confirmed"}


async def test_the_same_webhook_again_changes_nothing(bench: Bench) -> None:
    await bench.publish(FOUR_CALLS)

    await bench.order(1007)
    await bench.order(1007)

    assert len(await bench.floor.runs()) == 1
    assert len(bench.service.received) == 4


async def test_a_lost_answer_to_a_keyed_call_is_asked_again_under_the_same_key(bench: Bench) -> None:
    await bench.publish(FOUR_CALLS)
    bench.service.lose_next_answer("/po")

    await bench.order(1007)
    await bench.floor.let_pass(hours=1)

    assert len([r for r in bench.service.received if r["path"] == "/po"]) == 1
    (run,) = await bench.floor.runs()
    assert run["ended_at"] is not None


async def test_a_lost_answer_to_an_unsafe_call_asks_a_person_and_their_word_moves_the_run(
    bench: Bench,
) -> None:
    await bench.publish(FOUR_CALLS)
    bench.service.lose_next_answer("/event")

    await bench.order(1007)
    await bench.floor.let_pass(hours=1)

    (case,) = await bench.floor.open_cases()
    assert case["kind"] == "effect-in-doubt"
    assert len([r for r in bench.service.received if r["path"] == "/event"]) == 1

    await bench.floor.resolve(case, "it-happened", "seen in their log", {"status": 200})

    (run,) = await bench.floor.runs()
    assert run["ended_at"] is not None
    assert len([r for r in bench.service.received if r["path"] == "/event"]) == 1
    assert await bench.floor.open_cases() == []


async def test_a_person_may_have_an_unsafe_call_sent_again(bench: Bench) -> None:
    await bench.publish(FOUR_CALLS)
    bench.service.fail_next("/event")
    await bench.order(1007)
    (case,) = await bench.floor.open_cases()

    await bench.floor.resolve(case, "send-again", "they never saw it")

    (run,) = await bench.floor.runs()
    assert run["ended_at"] is not None
    assert len([r for r in bench.service.received if r["path"] == "/event"]) == 1


WAITING = """
format: 1
flow: waits
title: Wait for the second word

uses:
  door: webhook
  service: http

trigger:
  event: door.received
  key: ${event.body.order}
  when: event.body.word == "first"

clocks:
  answer:
    due: 2 hours
    warn: 30 minutes before

steps:
  - step: promise
    start_clock: answer
  - step: second
    wait:
      event: door.received
      match:
        key_value: ${event.body.order}-second
      timeout: 3 hours
    as: second
    on_timeout:
      - step: nothing
        set:
          result: nothing came
      - step: give-up
        stop: Nothing came
  - step: keep
    stop_clock: answer
  - step: note
    set:
      result: ${second.body.text}
"""


async def test_a_run_waits_for_its_event_and_goes_on_with_what_it_says(bench: Bench) -> None:
    await bench.publish(WAITING)
    await bench.order("7", order="7", word="first")
    (run,) = await bench.floor.runs()
    assert run["ended_at"] is None and run["lease_owner"] is None

    await bench.order("7-second", order="7", word="second", text="hello")

    (run,) = await bench.floor.runs()
    assert run["ended_at"] is not None
    assert (await bench.floor.names(run["id"]))["result"] == "hello"
    assert [c["state"] for c in await bench.floor.rows("select state from clocks")] == ["kept"]


async def test_an_event_that_came_before_the_wait_is_not_missed(bench: Bench) -> None:
    await bench.publish(WAITING)
    await bench.order("7-second", order="7", word="second", text="early")

    await bench.order("7", order="7", word="first")

    (run,) = await bench.floor.runs()
    assert (await bench.floor.names(run["id"]))["result"] == "early"


async def test_a_promise_that_is_kept_after_all_needs_nobody_who_was_warned_of_it(bench: Bench) -> None:
    await bench.publish(WAITING)
    await bench.order("7", order="7", word="first")
    await bench.floor.let_pass(minutes=91)
    assert [c["kind"] for c in await bench.floor.open_cases()] == ["due-soon"]

    await bench.order("7-second", order="7", word="second", text="just in time")

    assert await bench.floor.open_cases() == []
    (case,) = await bench.floor.rows("select choice, resolved_by from cases")
    assert (case["choice"], case["resolved_by"]) == ("kept", "hub")


async def test_a_wait_that_is_not_answered_times_out_and_its_promise_is_late(bench: Bench) -> None:
    await bench.publish(WAITING)
    await bench.order("7", order="7", word="first")

    await bench.floor.let_pass(minutes=91)
    assert [c["kind"] for c in await bench.floor.open_cases()] == ["due-soon"]
    await bench.floor.let_pass(minutes=30)
    assert sorted(c["kind"] for c in await bench.floor.open_cases()) == ["due-soon", "late"]
    await bench.floor.let_pass(hours=1)

    (run,) = await bench.floor.runs()
    assert run["end_reason"] == "Nothing came"
    assert run["ended_at"] - run["started_at"] >= timedelta(hours=3)


LEFT_OUT = """
format: 1
flow: left-out
title: A desk that may not be there

uses:
  door: webhook
  service: http
  desk:
    connector: http
    optional: true

trigger:
  event: door.received
  key: ${event.key_value}

steps:
  - step: ticket
    do: desk.request
    effect: idempotent
    with:
      method: POST
      path: /ticket
    on_refused:
      not-bound:
        - step: no-desk
          set:
            has_desk: ${false}
  - step: go-on
    do: service.request
    effect: idempotent
    with:
      method: POST
      path: /on
"""


async def test_an_optional_role_that_nobody_plays_is_refused_and_the_run_goes_on(bench: Bench) -> None:
    await bench.publish(LEFT_OUT, desk=[])

    await bench.order(1007)

    assert [r["path"] for r in bench.service.received] == ["/on"]
    assert await bench.floor.open_cases() == []


async def test_an_optional_role_that_somebody_plays_is_asked(bench: Bench) -> None:
    await bench.publish(LEFT_OUT, desk=["service"])

    await bench.order(1007)

    assert [r["path"] for r in bench.service.received] == ["/ticket", "/on"]
