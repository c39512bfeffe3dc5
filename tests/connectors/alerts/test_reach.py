"""Who is told, by Apprise over real HTTP, and what is known when somebody does not say yes."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import RedirectResponse

from connectors.alerts.connector import Alerts
from connectors.alerts.sandbox import PASSWORD, USER, AlertsSandbox
from connectors.alerts.settings import AlertSettings
from hub.sdk import Call, Client, NotDone, Refused, Unanswered, Unauthorised
from hub.sdk.commerce import Accepted
from hub.sdk.messages import NewAlert
from hub.sdk.testing import SandboxTransport, route
from hub.sdk.testing.trial import Wire
from tests.connectors.serving import serve

NOW = datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)


class Town:
    """Two people who can be told, each at an address of Apprise's own kind."""

    def __init__(self, stack: ExitStack) -> None:
        self.ann, self.ben = AlertsSandbox(), AlertsSandbox()
        self.addresses = [self.at(stack.enter_context(serve(person))) for person in (self.ann, self.ben)]

    def at(self, origin: str, password: str = PASSWORD) -> str:
        return f"json://{USER}:{password}@{origin.removeprefix('http://')}/"

    @property
    def told(self) -> tuple[int, int]:
        """How many alerts each of them has."""
        return len(self.ann.alerts), len(self.ben.alerts)


@pytest.fixture
def town() -> Iterator[Town]:
    with ExitStack() as stack:
        yield Town(stack)


def example(**changes: Any) -> NewAlert:
    alert = AlertsSandbox().examples()["send_alert"]
    assert isinstance(alert, NewAlert)
    return alert.model_copy(update=changes)


async def send(
    urls: list[str], seconds: float = 5, alert: NewAlert | None = None, **settings: Any
) -> Accepted:
    given = AlertSettings.model_validate({"urls": urls, **settings})
    alerts = Alerts(given, Client(SandboxTransport(AlertsSandbox())))
    wanted = alert or example()
    call = Call(wanted.unique_id, asyncio.get_running_loop().time() + seconds, 1, NOW)
    accepted: Accepted = await alerts.send_alert(wanted, call)
    return accepted


def nobody() -> str:
    """An address where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"json://127.0.0.1:{free.getsockname()[1]}/"


async def test_apprise_and_the_guarded_client_tell_the_double_the_same(town: Town) -> None:
    double = AlertsSandbox()
    wire = Wire(SandboxTransport(double))
    alerts = Alerts(AlertSettings.model_validate(double.settings()), Client(wire), "http://127.0.0.1:9")

    await alerts.send_alert(example(), Call("k", asyncio.get_running_loop().time() + 5, 1, NOW))
    await send(town.addresses)

    assert town.ann.alerts == double.alerts
    assert double.alerts == [
        {
            "title": "Acme has not answered for 24 hours",
            "message": "3 purchase orders wait for an answer.\n"
            "https://hub.brand.example/cases?supplier=acme\n"
            "2026-03-02 15:04 UTC\n"
            "(main/supplier-silent/acme/2026-03-02)",
            "type": "failure",
        }
    ]


async def test_the_second_is_left_in_peace_once_the_first_has_accepted(town: Town) -> None:
    await send(town.addresses)

    assert town.told == (1, 0)


async def test_the_second_is_told_where_the_first_refuses(town: Town) -> None:
    town.ann.refuse("rejected")

    await send(town.addresses, effect="unsafe")

    assert town.told == (0, 1)


async def test_the_second_is_told_where_nobody_can_know_of_the_first_and_twice_does_no_harm(
    town: Town,
) -> None:
    town.ann.lose_next_answer()

    await send(town.addresses)

    assert town.told == (1, 1)


async def test_the_second_is_not_told_where_nobody_can_know_of_the_first_and_twice_does_harm(
    town: Town,
) -> None:
    town.ann.lose_next_answer()

    with pytest.raises(Unanswered):
        await send(town.addresses, effect="unsafe")

    assert town.told == (1, 0)


async def test_a_first_who_is_away_or_silent_leaves_time_for_the_second(town: Town) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = f"json://127.0.0.1:{silent.getsockname()[1]}/"

        await send([mute, town.addresses[0]], seconds=1)
        await send([nobody(), town.addresses[1]])

    assert town.told == (1, 1)


async def test_everybody_is_told_and_one_who_accepts_is_enough(town: Town) -> None:
    await send(town.addresses, to="all")
    assert town.told == (1, 1)

    town.ann.refuse("rejected")
    await send(town.addresses, to="all", alert=example(title="Another"))
    assert town.told == (1, 2)


async def test_an_alert_that_everybody_refuses_is_refused(town: Town) -> None:
    wrong = town.addresses[1].replace(PASSWORD, "wrong")
    for to in ("first", "all"):
        town.ann.refuse("rejected")
        with pytest.raises(Refused, match="rejected"):
            await send([town.addresses[0], wrong], to=to)

    assert town.told == (0, 0)


async def test_an_alert_that_nobody_is_known_to_have_accepted_is_in_doubt(town: Town) -> None:
    for to in ("first", "all"):
        town.ann.refuse("429")
        with pytest.raises(Unanswered):
            await send([town.addresses[0], nobody()], to=to)


async def test_a_silent_one_is_not_waited_for_beyond_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = f"json://127.0.0.1:{silent.getsockname()[1]}/"
        for to in ("first", "all"):
            began = asyncio.get_running_loop().time()
            with pytest.raises(Unanswered):
                await send([mute, mute], seconds=0.4, to=to)
            assert asyncio.get_running_loop().time() - began < 1


async def test_a_call_that_comes_too_late_tells_nobody(town: Town) -> None:
    for to in ("first", "all"):
        with pytest.raises(NotDone):
            await send(town.addresses, seconds=-1, to=to)

    assert town.told == (0, 0)
    assert town.ann.requests == 0


class Elsewhere(AlertsSandbox):
    """Sends everybody on to another address."""

    target = ""

    @route("POST", "/")
    async def take(self, request: Request) -> Any:
        return RedirectResponse(self.target, 307)


async def test_nobody_leads_us_elsewhere(town: Town) -> None:
    guide = Elsewhere()
    guide.target = town.addresses[0].replace("json://", "http://")
    with serve(guide) as origin, pytest.raises(Unanswered):
        await send([town.at(origin)])

    assert (guide.requests, town.ann.requests) == (1, 0)


async def test_a_title_is_one_line(town: Town) -> None:
    await send(town.addresses, alert=example(title="Silent\r\nBcc: all@evil.example\u2028X: y"))

    assert town.ann.alerts[0]["title"] == "Silent Bcc: all@evil.example X: y"


class Log(logging.Handler):
    """What reaches the process's log. Pytest's own also hears loggers that tell nobody."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture
def log() -> Iterator[Log]:
    """The whole log, at its most talkative."""
    heard, root = Log(), logging.getLogger()
    level = root.level
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    yield heard
    root.removeHandler(heard)
    root.setLevel(level)


async def test_no_address_shows_in_logs_or_errors(town: Town, log: Log) -> None:
    secrets = (PASSWORD, "hunter-2-path")
    for urls in ([town.addresses[0] + "hunter-2-path"], [nobody() + "hunter-2-path"], [town.addresses[0]]):
        try:
            await send(urls)
        except (Refused, Unanswered) as error:
            assert not any(secret in f"{error!r} {error.__cause__!r}" for secret in secrets)

    assert [line for line in log.lines if not line.startswith("asyncio")] == [
        "connectors.alerts.connector: alert not accepted: address 1 (json), refused",
        "connectors.alerts.connector: alert not accepted: address 1 (json), unknown",
    ]
    assert town.told == (1, 0)


async def test_a_wrong_credential_at_a_base_url_stops_the_connection() -> None:
    given = AlertSettings.model_validate({"urls": [f"jsons://{USER}:wrong@alerts.example/"]})
    alerts = Alerts(given, Client(SandboxTransport(AlertsSandbox())), "http://double")

    with pytest.raises(Unauthorised):
        await alerts.send_alert(example(), Call("k", asyncio.get_running_loop().time() + 5, 1, NOW))


async def test_the_double_takes_no_nonsense_and_lists_what_it_took() -> None:
    double = AlertsSandbox()
    given = AlertSettings.model_validate(double.settings())
    alerts = Alerts(given, Client(SandboxTransport(double)), "http://double")
    call = Call("k", asyncio.get_running_loop().time() + 5, 1, NOW)
    http, headers = alerts.http(call), alerts._credentials()
    good = {"version": "1.0", "title": "", "message": "m", "attachments": [], "type": "info"}
    nonsense = [
        {**good, "type": "critical"},
        {**good, "message": ""},
        {**good, "more": 1},
        {"message": "m"},
        [],
    ]

    statuses = [(await http.post("/", json=body, headers=headers)).status_code for body in nonsense]
    statuses.append((await http.post("/", content=b"payload=x", headers=headers)).status_code)
    statuses.append((await http.post("/", json=good)).status_code)

    assert statuses == [400, 400, 400, 400, 400, 415, 401]
    assert double.alerts == []
    await alerts.send_alert(example(), call)
    (shown,) = (await http.get("/_sandbox/alerts")).json()
    assert (await http.get("/_sandbox/state")).json() == {"alerts": [shown]}
