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

from connectors.webhook.sandbox import SECRET, SIGNATURE, SenderSandbox
from hub.api import create_app
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
