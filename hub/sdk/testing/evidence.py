"""What the standard tests look at: secrets in settings, statuses on the wire, keys of events, pages of polls."""

import copy
import logging
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, get_args, get_origin

import orjson
from pydantic import BaseModel, SecretStr, ValidationError

from hub.sdk.errors import Unverified
from hub.sdk.events import Delivery, Page, webhooks_of
from hub.sdk.http import Answer
from hub.sdk.testing.trial import Bench, Broken


def strange(answer: Answer, path: str) -> Answer:
    """The answer with a status nobody has heard of."""
    body = orjson.loads(answer.content)
    put_strange(body, path)
    return replace(answer, content=orjson.dumps(body))


def put_strange(body: Any, path: str) -> None:
    """Overwrite the status at a dotted path; raises `Broken` if the path leads nowhere."""
    *parents, last = path.split(".")
    for part in parents:
        body = body[int(part)] if isinstance(body, list) else body.get(part)
    if not isinstance(body, dict) or last not in body:
        raise Broken(f"There is no status at {path!r} in what the double says.")
    body[last] = "no-such-status"


def secrets_in(settings: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Every secret in some settings, with the way to it."""
    if isinstance(settings, SecretStr):
        yield path, settings.get_secret_value()
    elif isinstance(settings, BaseModel):
        for name in type(settings).model_fields:
            yield from secrets_in(getattr(settings, name), (*path, name))
    elif isinstance(settings, Mapping):
        for name, value in settings.items():
            yield from secrets_in(value, (*path, name))
    elif isinstance(settings, (list, tuple)):
        for place, value in enumerate(settings):
            yield from secrets_in(value, (*path, place))


def is_sentence(text: str) -> bool:
    """Whether a summary is words that end in a full stop."""
    return re.fullmatch(r"\S+ .*\.", text) is not None


def is_valid(settings_type: type[BaseModel], given: Any) -> bool:
    """Whether these settings are accepted."""
    try:
        settings_type.model_validate(given)
    except ValidationError:
        return False
    return True


def without(given: Any, path: tuple[Any, ...]) -> Any:
    """A copy of some settings that lacks what is at the path."""
    changed = copy.deepcopy(given)
    del _holder(changed, path)[path[-1]]
    return changed


def with_empty(given: Any, path: tuple[Any, ...]) -> Any:
    """A copy of some settings with nothing written at the path."""
    changed = copy.deepcopy(given)
    _holder(changed, path)[path[-1]] = ""
    return changed


def _holder(changed: Any, path: tuple[Any, ...]) -> Any:
    for part in path[:-1]:
        changed = changed[part]
    return changed


class _Listener(logging.Handler):
    """Keeps what is logged, as text."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.getMessage()} {record.exc_info or ''}")


async def everything_said(bench: Bench) -> list[str]:
    """What is logged and raised while every action succeeds once, is refused once and is turned away once."""
    listener, root = _Listener(), logging.getLogger()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    raised = []
    try:
        for action, example in bench.trial.actions():
            for answer in (None, Answer(401, {}, b"{}"), Answer(500, {}, b"")):
                bench.wire.without_acting = answer
                error = await bench.attempt(action, example)
                raised.append(f"{error!r} {error.__cause__!r}" if error else "")
    finally:
        root.setLevel(level)
        root.removeHandler(listener)
    return listener.said + raised


def status_path(bench_statuses: Mapping[str, str], name: str, said: type[BaseModel]) -> str | None:
    """Where the status is on the wire; a model with a choice of words must have one."""
    if name in bench_statuses:
        return bench_statuses[name]
    for field_name, field in said.model_fields.items():
        if any(get_origin(t) is Literal for t in (field.annotation, *get_args(field.annotation))):
            raise Broken(f"{name} gives a {field_name}, and `statuses` does not say where it is on the wire.")
    return None


def is_unverified(bench: Bench, delivery: Delivery) -> bool:
    """Whether the connector turns a delivery away, in the one right way."""
    try:
        bench.connector.verify(delivery)
    except Unverified:
        return True
    return False


def read(bench: Bench, delivery: Delivery) -> list[Any]:
    """The events in a delivery, by every webhook that reads its topic."""
    topic = bench.connector.topic(delivery)
    events: list[Any] = []
    for source in webhooks_of(bench.trial.connector).values():
        if not source.topics or topic in source.topics:
            found = source.read(bench.connector, delivery)
            events += found if isinstance(found, list) else [found]
    return events


def keys(bench: Bench, delivery: Delivery) -> list[str]:
    """The event keys of a delivery; a delivery nobody reads has none, which is a breach."""
    found = [event.key() for event in read(bench, delivery)]
    if not found:
        raise Broken(f"No webhook reads the topic {bench.connector.topic(delivery)!r}.")
    return found


def strange_deliveries(bench: Bench, name: str, path: str) -> Iterator[Delivery]:
    """The deliveries one webhook reads, each with a status nobody has heard of."""
    source = webhooks_of(bench.trial.connector)[name]
    for topic, body in bench.trial.deliveries.items():
        if not source.topics or topic in source.topics:
            changed = copy.deepcopy(body)
            put_strange(changed, path)
            yield bench.sandbox.sign(orjson.dumps(changed), topic)


Ask = Callable[[Any, str | None, Any], Awaitable[Page[Any]]]


async def pages(bench: Bench, ask: Ask, cursor: str | None) -> list[tuple[list[str], str | None]]:
    """Poll from a cursor to the end: the event keys of each page, and the cursor after it."""
    found = []
    for turn in range(100):
        page = await ask(bench.connector, cursor, bench.call(None, f"poll-{turn}", 5))
        found.append(([event.key() for event in page.events], page.cursor))
        cursor = page.cursor
        if not page.more:
            return found
    raise Broken("A poll says 100 times that there is more.")
