"""Standard tests 3 to 9: what a connector promises of its actions, before a double that can misbehave."""

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from hub.sdk.actions import Action
from hub.sdk.errors import NotDone, Refused, Unauthorised
from hub.sdk.http import Answer
from hub.sdk.testing.trial import Bench, Broken, Trial, with_other_key

CERTAIN = (NotDone, Refused, Unauthorised)
"""What a connector raises only when the other side certainly did nothing."""

DEADLINE = 0.1
"""Seconds a stalled call is given in rule 9; it may end that late plus `GRACE`."""
GRACE = 1.0
STALL = 2.0

_HIDING: Mapping[str, Answer] = {
    "a 500": Answer(500, {}, b""),
    "a 502": Answer(502, {"content-type": "text/html"}, b"<html>"),
    "a 408": Answer(408, {}, b""),
    "a redirect": Answer(302, {"location": "/elsewhere"}, b""),
    "a success that is not JSON": Answer(200, {"content-type": "application/json"}, b"{"),
}
"""Answers that may come although the other side acted."""


async def reads(trial: Trial) -> int:
    """3. `Read` actions leave the sandbox untouched."""
    found = 0
    for action, example in trial.actions():
        async with trial.begin() as bench:
            if bench.kind(action).name != "read":
                continue
            before = bench.memory()
            await bench.do(action, example)
            if bench.sandbox.changes or bench.memory() != before:
                raise Broken(f"{action.name} is declared a read and changed something.")
            found += 1
    return found


async def idempotent(trial: Trial) -> int:
    """4. `Idempotent` twice equals once."""
    found = 0
    for action, example in trial.actions():
        async with trial.begin() as bench:
            if bench.kind(action).name != "idempotent":
                continue
            first = await bench.do(action, example)
            after_once = bench.memory()
            second = await bench.do(action, example)
            if first != second or bench.memory() != after_once:
                raise Broken(f"{action.name} is declared idempotent; twice left more than once.")
            found += 1
    return found


async def keyed(trial: Trial) -> int:
    """5. `Keyed`: same key twice, one change; two keys, two changes; the key is really sent."""
    found = 0
    for action, example in trial.actions():
        async with trial.begin() as bench:
            if bench.kind(action).name != "keyed":
                continue
            await bench.do(action, example)
            key = bench.call(example, "trial-1", 5).key
            if not any(sent.carries(key) for sent in bench.wire.sent):
                raise Broken(f"{action.name} is declared keyed and does not send the key.")
            await bench.do(action, example)
            if bench.sandbox.changes != 1:
                raise Broken(f"{action.name}: one key made {bench.sandbox.changes} changes.")
            await bench.do(action, with_other_key(example), key="trial-2")
            if bench.sandbox.changes != 2:
                raise Broken(f"{action.name}: two keys made {bench.sandbox.changes} changes.")
            found += 1
    return found


async def checkable(trial: Trial) -> int:
    """6. `Checkable`: after a lost answer the lookup finds it; before the call it finds nothing."""
    found = 0
    for action, example in trial.actions():
        async with trial.begin() as bench:
            if bench.kind(action).name != "checkable":
                continue
            if await bench.ask(action, example) is not None:
                raise Broken(f"The lookup of {action.name} finds what was never done.")
            bench.sandbox.lose_next_answer()
            error = await bench.attempt(action, example)
            if error is None or isinstance(error, CERTAIN):
                raise Broken(f"{action.name} does not say that a lost answer leaves it in doubt.")
            if not isinstance(await bench.ask(action, example), action.shape.output_type):
                raise Broken(f"The lookup of {action.name} does not find what was done.")
            if bench.sandbox.changes != 1:
                raise Broken(f"{action.name} and its lookup made {bench.sandbox.changes} changes.")
            found += 1
    return found


async def honest(trial: Trial) -> int:
    """7. `NotDone`, `Refused` and `Unauthorised` are raised only if the sandbox did nothing."""
    found = 0
    for action, example in trial.actions():
        for what, answer in _HIDING.items():
            async with trial.begin() as bench:
                bench.wire.instead = partial(_hidden, answer)
                _require_honest(action, what, bench, await bench.attempt(action, example))
                found += 1
        for what in ("lose", "fail", "slow-down"):
            async with trial.begin() as bench:
                _misbehave(bench, what)
                _require_honest(action, what, bench, await bench.attempt(action, example))
    return found


async def refusals(trial: Trial) -> int:
    """8. Every declared refusal can be provoked, and none other appears."""
    found = 0
    for action, example in trial.actions():
        for code in action.refusals:
            async with trial.begin() as bench:
                bench.sandbox.refuse(code)
                wanted = trial.provocations.get(action.name, {}).get(code, example)
                error = await bench.attempt(action, wanted)
                if not isinstance(error, Refused) or error.code != code:
                    raise Broken(
                        f"{action.name} cannot be brought to refuse with {code}: {type(error).__name__}."
                    )
                if bench.sandbox.changes:
                    raise Broken(f"{action.name} refused with {code} although something was done.")
                found += 1
        for status in (400, 404, 410, 422):
            async with trial.begin() as bench:
                bench.wire.without_acting = Answer(status, {"content-type": "application/json"}, b"{}")
                error = await bench.attempt(action, example)
                if isinstance(error, Refused) and error.code not in action.refusals:
                    raise Broken(
                        f"{action.name} refuses a {status} with {error.code}, which it does not declare."
                    )
                found += 1
    return found


async def deadline(trial: Trial) -> int:
    """9. A stalled call ends by its deadline."""
    found = 0
    for action, example in trial.actions():
        async with trial.begin() as bench:
            bench.sandbox.stall(STALL)
            began = time.monotonic()
            await bench.attempt(action, example, seconds=DEADLINE)
            if time.monotonic() - began > DEADLINE + GRACE:
                raise Broken(f"{action.name} does not end by its deadline.")
            found += 1
    return found


def _hidden(instead: Answer, answer: Answer) -> Answer:
    return instead


def _misbehave(bench: Bench, what: str) -> None:
    match what:
        case "lose":
            bench.sandbox.lose_next_answer()
        case "fail":
            bench.sandbox.fail_next()
        case _:
            bench.sandbox.refuse(what)


def _require_honest(action: Action[Any, Any], what: str, bench: Bench, error: Exception | None) -> None:
    if isinstance(error, CERTAIN) and bench.sandbox.changes:
        name = type(error).__name__
        raise Broken(f"{action.name} raises {name} after {what}, although something was done.")
    if error is None and what in ("lose", "fail") and bench.sandbox.faults:
        raise Broken(f"{action.name} never reached its double.")
