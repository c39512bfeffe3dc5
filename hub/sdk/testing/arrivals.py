"""Standard tests 10 to 12: what arrives from the other side is proved, told apart and understood."""

from functools import partial

import orjson

from hub.sdk.errors import Unreadable
from hub.sdk.events import Delivery, polls_of, webhooks_of
from hub.sdk.testing import evidence
from hub.sdk.testing.trial import Bench, Broken, Trial


async def deliveries(trial: Trial) -> int:
    """10. A tampered delivery is `Unverified`; the same delivery twice has one event key."""
    found = 0
    if not webhooks_of(trial.connector):
        return 0
    for topic, body in trial.deliveries.items():
        async with trial.begin() as bench:
            delivery = bench.sandbox.sign(orjson.dumps(body), topic)
            bench.connector.verify(delivery)
            tampered = Delivery(delivery.headers, delivery.body + b" ", delivery.received_at)
            plain = {k: v for k, v in delivery.headers.items() if k == "content-type"}
            for forged in (tampered, Delivery(plain, delivery.body, delivery.received_at)):
                if not evidence.is_unverified(bench, forged):
                    raise Broken(f"A forged delivery of {topic or 'any topic'} is taken.")
            again = bench.sandbox.sign(orjson.dumps(body), topic)
            if evidence.keys(bench, delivery) != evidence.keys(bench, again):
                raise Broken(f"The same delivery of {topic or 'any topic'} twice has two event keys.")
            found += 1
    return found


async def polls(trial: Trial) -> int:
    """11. A poll resumed from its cursor repeats or loses no event key."""
    found = 0
    for name, poll in polls_of(trial.connector).items():
        async with trial.begin() as bench:
            bench.sandbox.seed()
            pages = await evidence.pages(bench, poll.ask, None)
            everything = [key for keys, _ in pages for key in keys]
            if not everything:
                raise Broken(f"Poll {name} finds nothing; let `seed` make something happen.")
            if len(set(everything)) != len(everything):
                raise Broken(f"Poll {name} gives an event twice.")
            for place, (_, cursor) in enumerate(pages):
                expected = [key for keys, _ in pages[place + 1 :] for key in keys]
                if [
                    key for keys, _ in await evidence.pages(bench, poll.ask, cursor) for key in keys
                ] != expected:
                    raise Broken(f"Poll {name} resumed after page {place + 1} repeats or loses events.")
            found += 1
    return found


async def statuses(trial: Trial) -> int:
    """12. An unknown wire status raises `Unreadable`; nothing is guessed."""
    found = 0
    for action, example in trial.actions():
        if path := evidence.status_path(trial.statuses, action.name, action.shape.output_type):
            async with trial.begin() as bench:
                bench.wire.instead = partial(evidence.strange, path=path)
                error = await bench.attempt(action, example)
                if isinstance(error, Broken):
                    raise error
                if not isinstance(error, Unreadable):
                    raise Broken(f"{action.name} guesses at a status it does not know.")
                found += 1
    for name, source in webhooks_of(trial.connector).items():
        if path := evidence.status_path(trial.statuses, name, source.event_type):
            async with trial.begin() as bench:
                _require_unreadable(bench, name, path)
                found += 1
    return found


def _require_unreadable(bench: Bench, name: str, path: str) -> None:
    strange = list(evidence.strange_deliveries(bench, name, path))
    if not strange:
        raise Broken(f"No example of a delivery is read by {name}.")
    for delivery in strange:
        try:
            evidence.read(bench, delivery)
        except Unreadable:
            continue
        raise Broken(f"{name} guesses at a status it does not know.")
