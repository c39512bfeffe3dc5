"""Deliveries at the door: kept before they are acknowledged, once each, and only if their sender signed them."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import asyncpg
import httpx
import orjson
import pytest
from fastapi import FastAPI
from starlette.types import Message

from connectors.webhook.sandbox import SECRET, SIGNATURE, SenderSandbox
from hub.store.database import driver_arguments
from tests.api.conftest import Rings
from tests.floor import Floor

BODY = orjson.dumps({"id": 8492, "name": "#8492", "email": "ada@example.com"})


async def send(
    client: httpx.AsyncClient, sender: SenderSandbox, body: bytes, **headers: str
) -> httpx.Response:
    """Deliver a body as its sender would, with these headers changed."""
    signed = dict(sender.sign(body).headers)
    return await client.post("/webhooks/hooks", content=body, headers={**signed, **headers})


async def kept(floor: Floor) -> list[Any]:
    return await floor.rows("select * from deliveries order by received_at")


async def test_a_delivery_is_kept_before_it_is_acknowledged(
    floor: Floor, stranger: httpx.AsyncClient, sender: SenderSandbox, rings: Rings, app: FastAPI
) -> None:
    answer = await send(stranger, sender, BODY)

    assert answer.status_code == 202
    (row,) = await kept(floor)
    assert str(row["id"]) == answer.json()["id"]
    assert b"ada@example.com" not in row["body"]
    await app.state.bell.rest()
    assert rings.count == 1


async def test_the_same_delivery_five_times_at_once_is_kept_once(
    floor: Floor, stranger: httpx.AsyncClient, sender: SenderSandbox
) -> None:
    answers = await asyncio.gather(*(send(stranger, sender, BODY) for _ in range(5)))

    assert sorted(a.status_code for a in answers) == [200, 200, 200, 200, 202]
    assert len(await kept(floor)) == 1


def by_another_key(body: bytes) -> str:
    return hmac.digest(b"another-secret", body, hashlib.sha256).hex()


def in_base64(body: bytes) -> str:
    return base64.b64encode(hmac.digest(SECRET.get_secret_value().encode(), body, hashlib.sha256)).decode()


def of_other_json(body: bytes) -> str:
    return SIGNATURE.of(SECRET, orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2))


FORGERIES: dict[str, Callable[[bytes], str]] = {
    "empty": lambda body: "",
    "another key": by_another_key,
    "base64 for hex": in_base64,
    "cut short": lambda body: SIGNATURE.of(SECRET, body)[:-2],
    "with more behind": lambda body: SIGNATURE.of(SECRET, body) + "00",
    "upper case": lambda body: SIGNATURE.of(SECRET, body).upper(),
    "not ASCII": lambda body: "\xe9" * 64,
    "of the same JSON written otherwise": of_other_json,
    "twice": lambda body: f"{SIGNATURE.of(SECRET, body)}, {SIGNATURE.of(SECRET, body)}",
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_forged_delivery_leaves_nothing_behind(
    floor: Floor, stranger: httpx.AsyncClient, forge: Callable[[bytes], str]
) -> None:
    signature = forge(BODY).encode("latin-1")
    headers = [(b"content-type", b"application/json"), (SIGNATURE.header.encode(), signature)]
    answer = await stranger.post("/webhooks/hooks", content=BODY, headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (401, "urn:faros:unverified")
    assert await kept(floor) == []


async def test_two_signature_headers_are_no_signature(floor: Floor, stranger: httpx.AsyncClient) -> None:
    right = SIGNATURE.of(SECRET, BODY).encode()
    headers = [(b"content-type", b"application/json"), (b"x-signature", right), (b"X-Signature", right)]
    answer = await stranger.post("/webhooks/hooks", content=BODY, headers=headers)

    assert answer.status_code == 401
    assert await kept(floor) == []


async def test_without_a_signature_the_body_is_not_even_parsed(
    floor: Floor, stranger: httpx.AsyncClient
) -> None:
    headers = {"content-type": "application/json"}
    answers = [await stranger.post("/webhooks/hooks", content=b, headers=headers) for b in (BODY, b"{")]

    assert [a.status_code for a in answers] == [401, 401]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"[" * 65 + b"]" * 65,
        b'{"total": NaN}',
        b'{"total": 1e999}',
        b"[" + b"9" * 5000 + b"]",
        b'{"name": "\\ud800"}',
        b'{"name": "\\u0000"}',
        b'{"name": "\xff"}',
        b"\xef\xbb\xbf{}",
        '{"name": "x"}'.encode("utf-16"),
    ],
    ids=[
        "empty",
        "cut",
        "abyss",
        "deep",
        "nan",
        "huge",
        "digits",
        "surrogate",
        "nul",
        "bytes",
        "bom",
        "utf16",
    ],
)
async def test_signed_bytes_that_are_not_json_are_sent_back(
    floor: Floor, stranger: httpx.AsyncClient, sender: SenderSandbox, body: bytes
) -> None:
    answer = await send(stranger, sender, body)

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert await kept(floor) == []


async def test_json_at_the_edge_of_what_is_allowed_is_kept(
    floor: Floor, stranger: httpx.AsyncClient, sender: SenderSandbox
) -> None:
    body = b'{"id": 1, "deep": ' + b"[" * 63 + b"]" * 63 + b', "name": "\\\\u0000"}'

    assert (await send(stranger, sender, body)).status_code == 202


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


async def test_what_the_database_cannot_keep_is_never_acknowledged(
    floor: Floor, stranger: httpx.AsyncClient, sender: SenderSandbox, database_url: str
) -> None:
    await close_database(database_url)

    answer = await send(stranger, sender, BODY)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    await open_database(database_url)
    assert (await send(stranger, sender, BODY)).status_code == 202
    assert len(await kept(floor)) == 1


async def test_a_connection_that_lacks_its_secret_asks_its_sender_to_come_again(
    floor: Floor, stranger: httpx.AsyncClient, sender: SenderSandbox
) -> None:
    async with floor.hub.database.transaction() as connection:
        await connection.execute(
            "insert into connections (id, store_id, connector, mode, settings, paused_why)"
            " values ('late', 'main', 'webhook', 'live', $1, '')",
            {"secrets": ["${secret:none_yet}"]},
        )
        await connection.execute("insert into publications (at, by, what) values (now(), 'test', '{}')")
    await floor.hub.refresh()

    answer = await stranger.post("/webhooks/late", content=BODY, headers=dict(sender.sign(BODY).headers))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_a_bell_that_fails_fails_no_delivery(floor: Floor, sender: SenderSandbox) -> None:
    from hub.api import create_app

    async def broken() -> None:
        raise ConnectionError("the queue is away")

    app = create_app(floor.hub, ring=broken)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://hub.example") as client,
    ):
        assert (await send(client, sender, BODY)).status_code == 202


async def close_database(url: str) -> None:
    """End every session of this database, and let nobody in."""
    await on_server(url, "alter database {} with allow_connections false", end_sessions=True)


async def open_database(url: str) -> None:
    await on_server(url, "alter database {} with allow_connections true")


async def on_server(url: str, sql: str, *, end_sessions: bool = False) -> None:
    arguments = driver_arguments(url)
    name = arguments.pop("database")
    connection = await asyncpg.connect(**{**arguments, "database": "postgres"})
    try:
        await connection.execute(sql.format(name))
        if end_sessions:
            await connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name
            )
    finally:
        await connection.close()
