"""What a delivery may look like: its media type, its size, its pace and its address."""

import asyncio
from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message

from connectors.webhook.sandbox import SenderSandbox
from tests.api.test_webhooks import BODY, kept, send
from tests.floor import Floor


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": ""},
        {"content-encoding": "gzip"},
    ],
)
async def test_other_media_types_and_packed_bodies_are_not_taken(
    floor: Floor, stranger: httpx.AsyncClient, sender: SenderSandbox, headers: dict[str, str]
) -> None:
    assert (await send(stranger, sender, BODY, **headers)).status_code == 415
    assert await kept(floor) == []


async def test_a_charset_beside_the_media_type_does_not_matter(
    stranger: httpx.AsyncClient, sender: SenderSandbox
) -> None:
    answer = await send(stranger, sender, BODY, **{"content-type": "Application/JSON; charset=utf-8"})

    assert answer.status_code == 202


async def stream(app: FastAPI, parts: Callable[[], Message]) -> tuple[int, int]:
    """Stream a body without a length; gives the status, and how many parts were asked for."""
    asked, statuses = 0, []

    async def receive() -> Message:
        nonlocal asked
        asked += 1
        return parts()

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http", "method": "POST", "path": "/webhooks/hooks", "raw_path": b"/webhooks/hooks", "root_path": "",
        "query_string": b"", "headers": [(b"content-type", b"application/json")], "asgi": {"version": "3.0"},
        "http_version": "1.1", "scheme": "https", "server": ("hub.example", 443), "client": ("192.0.2.1", 1),
    }  # fmt: skip
    await app(scope, receive, answer)
    return (statuses or [0])[0], asked


async def test_a_body_without_end_is_cut_off_while_it_streams(app: FastAPI, floor: Floor) -> None:
    part = b"x" * 65_536
    status, asked = await stream(app, lambda: {"type": "http.request", "body": part, "more_body": True})

    # 1 MB and one part more: the rest of the stream is never asked for.
    assert (status, asked) == (413, 17)


async def test_a_body_that_says_it_is_too_long_is_not_read_at_all(stranger: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/json", "content-length": "2000000"}
    answer = await stranger.post("/webhooks/hooks", content=b"{}", headers=headers)

    assert (answer.status_code, answer.headers["connection"]) == (413, "close")


async def test_a_sender_who_dawdles_is_told_so(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.api.webhooks.READING", 0.01)
    never = asyncio.get_running_loop().create_future()
    statuses: list[int] = []

    async def receive() -> Message:
        return await never  # type: ignore[no-any-return]  # it never returns

    async def answer(message: Message) -> None:
        statuses.append(message.get("status", 0))

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/webhooks/hooks",
        "root_path": "",
        "query_string": b"",
    }
    await app({**scope, "headers": [(b"content-type", b"application/json")]}, receive, answer)

    assert statuses[0] == 408


async def test_a_sender_who_hangs_up_halfway_leaves_nothing(app: FastAPI, floor: Floor) -> None:
    status, _ = await stream(app, lambda: {"type": "http.disconnect"})

    assert status == 0
    assert await kept(floor) == []


async def test_ten_thousand_headers_are_too_many(stranger: httpx.AsyncClient, sender: SenderSandbox) -> None:
    many = {f"x-{number}": "1" for number in range(10_000)}

    assert (await send(stranger, sender, BODY, **many)).status_code == 431


async def test_an_unknown_address_says_nothing_of_itself(stranger: httpx.AsyncClient) -> None:
    answers = [
        await stranger.post(f"/webhooks/{name}", content=BODY) for name in ("nobody", "main", "%2e%2e")
    ]

    assert {a.status_code for a in answers} == {404}
    assert b"nobody" not in answers[0].content


@pytest.mark.parametrize(
    "path", ["/webhooks/hooks/", "//webhooks/hooks", "/Webhooks/hooks", "/webhooks/hooks;x"]
)
async def test_an_address_that_is_nearly_right_is_wrong(
    floor: Floor, stranger: httpx.AsyncClient, sender: SenderSandbox, path: str
) -> None:
    url = f"https://hub.example{path}"
    answer = await stranger.post(url, content=BODY, headers=dict(sender.sign(BODY).headers))

    assert answer.status_code == 404
    assert await kept(floor) == []


async def test_a_webhook_address_cannot_be_read(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/webhooks/hooks")

    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")
