"""Plain HTTP: what is sent, and what each answer lets us know."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors.http.connector import HttpAnswer, HttpRequest, HttpRequests, HttpSettings
from connectors.http.sandbox import EchoSandbox
from hub.sdk import (
    Answer,
    Call,
    Client,
    Keyed,
    NotDone,
    Refused,
    Unanswered,
    Unauthorised,
    Unreadable,
    Unsafe,
)
from hub.sdk.signing import Signature
from hub.sdk.testing import SandboxTransport
from hub.sdk.testing.trial import Wire

JSON = {"content-type": "application/json; charset=utf-8"}


class Desk:
    """The HTTP connector before a service."""

    def __init__(self, **settings: Any) -> None:
        self.service = EchoSandbox()
        self.wire = Wire(SandboxTransport(self.service))
        self.settings = HttpSettings.model_validate({**self.service.settings(), **settings})
        self.http = HttpRequests(self.settings, Client(self.wire), "https://things.example")

    async def send(self, wanted: HttpRequest, key: str = "k-1") -> HttpAnswer:
        call = Call(key, asyncio.get_running_loop().time() + 5, 1, datetime(2026, 3, 2, tzinfo=UTC))
        answer: HttpAnswer = await self.http.request(wanted, call)
        return answer

    async def hear(self, answer: Answer, **wanted: Any) -> HttpAnswer:
        self.wire.without_acting = answer
        return await self.send(HttpRequest(path="/things", **wanted))


async def test_a_request_carries_method_path_body_headers_and_the_effects_key() -> None:
    desk = Desk()

    answer = await desk.send(
        HttpRequest(method="PUT", path="/things/1", body={"n": 1}, headers={"x-a": "b"}, params={"q": "é"})
    )

    seen = answer.body
    assert (answer.status, seen["method"], seen["path"]) == (200, "PUT", "/things/1")
    assert (seen["body"], seen["params"]) == ({"n": 1}, {"q": "é"})
    assert (seen["headers"]["x-a"], seen["headers"]["idempotency-key"]) == ("b", "k-1")


async def test_a_repeat_under_the_same_key_is_one_thing_where_the_service_remembers_keys() -> None:
    desk = Desk()
    desk.service.lose_next_answer()
    wanted = HttpRequest(method="POST", path="/things", body={})
    with pytest.raises(Unanswered):
        await desk.send(wanted)

    await desk.send(wanted)

    assert len(desk.service.received) == 1


async def test_numbers_of_an_answer_stay_exact() -> None:
    answer = await Desk().hear(Answer(200, JSON, b'{"total": 0.10}'))

    assert answer.body == {"total": Decimal("0.10")}


async def test_an_answer_that_is_no_json_is_text() -> None:
    answer = await Desk().hear(Answer(200, {"content-type": "text/plain"}, b"ok"))

    assert (answer.body, answer.text) == (None, "ok")


async def test_json_that_is_broken_is_in_doubt() -> None:
    with pytest.raises(Unreadable):
        await Desk().hear(Answer(200, JSON, b"{"))


@pytest.mark.parametrize(
    ("status", "raised"),
    [
        (400, Refused), (404, Refused), (422, Refused), (401, Unauthorised), (403, Unauthorised),
        (429, NotDone), (408, Unanswered), (302, Unanswered), (500, Unanswered), (503, Unanswered),
    ],
)  # fmt: skip
async def test_a_status_says_no_more_than_is_certain(status: int, raised: type[Exception]) -> None:
    with pytest.raises(raised):
        await Desk().hear(Answer(status, {}, b""))


async def test_a_status_the_author_expects_is_an_answer() -> None:
    assert (await Desk().hear(Answer(404, {}, b""), ok_statuses=[404])).status == 404


async def test_a_connection_calls_its_own_origin_only() -> None:
    desk = Desk()

    whole = await desk.send(HttpRequest(path="https://things.example/things"))
    with pytest.raises(Refused, match="destination-not-allowed"):
        await desk.send(HttpRequest(path="https://elsewhere.example/things"))

    assert whole.status == 200


async def test_a_signed_request_is_signed_over_the_very_bytes_that_were_sent() -> None:
    desk = Desk(sign_with="shared", signature={"header": "x-sig", "timestamp_header": "x-at"})

    await desk.send(HttpRequest(method="POST", path="/things", body={"a": 1}))

    sent, secret = desk.wire.sent[0], desk.settings.sign_with
    assert secret is not None
    scheme = Signature(header="x-sig", timestamp_header="x-at")
    assert sent.headers["x-sig"] == scheme.of(secret, sent.body or b"", sent.headers["x-at"])


def test_the_kind_is_declared_by_the_connection_or_the_step_and_a_service_cannot_be_asked() -> None:
    http = Desk().http

    assert isinstance(http.declared_effect({}), Keyed)
    assert isinstance(http.declared_effect({"effect": "checkable"}), Unsafe)
    assert isinstance(HttpRequests(HttpSettings(), Client(Desk().wire)).declared_effect({}), Unsafe)
