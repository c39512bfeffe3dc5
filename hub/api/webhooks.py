"""The way in for webhooks: a bare ASGI route, since every order begins here. Answered 2xx only once it is kept."""

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import orjson
import structlog
from starlette.types import Receive, Scope, Send

from hub.api.bell import Bell
from hub.api.figures import Figures
from hub.api.json_body import json_fault
from hub.api.problems import MEDIA_TYPE, encoded, problem
from hub.assembly import Hub
from hub.engine.intake import Inbox, Look, blindly
from hub.engine.world import Link
from hub.sdk import Delivery, Unverified

log = structlog.get_logger()

READING = 10.0
"""Seconds a sender may take for its whole body."""
KEEPING = 4.5
"""Seconds we try to keep it: the strictest sender hangs up after five, and then sends again in any case."""
MOST_HEADERS = 100

Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


class Refusal(Exception):
    """The delivery is not taken, and this is the answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


class SenderGone(Exception):
    """The sender hung up before its body was whole."""


def _json(status: int, body: bytes, media_type: str, *more: tuple[bytes, bytes]) -> Answer:
    length = str(len(body)).encode()
    return status, [(b"content-type", media_type.encode()), (b"content-length", length), *more], body


def _problem(status: int, kind: str, detail: str, *more: tuple[bytes, bytes]) -> Answer:
    return _json(status, encoded(problem(status, kind, detail)), MEDIA_TYPE, *more)


# What is left of a body that was not read to its end must not be taken for the next request.
_CLOSE = (b"connection", b"close")

UNKNOWN = _problem(404, "no-such-connection", "No webhooks are taken at this address.", _CLOSE)
UNVERIFIED = _problem(401, "unverified", "The delivery is not signed by its sender.")
UNWANTED_TYPE = _problem(415, "media-type", "This connection takes another media type, unencoded.", _CLOSE)
TOO_LARGE = _problem(413, "too-large", "The body is larger than this connection takes.", _CLOSE)
TOO_SLOW = _problem(408, "too-slow", "The body did not arrive in time.", _CLOSE)
TOO_MANY_HEADERS = _problem(431, "too-many-headers", "There are too many headers.", _CLOSE)
LATER = _problem(503, "not-kept", "The delivery could not be kept; send it again.", (b"retry-after", b"5"))
KNOWN = _json(200, b'{"duplicate":true}', "application/json")


class Webhooks:
    """`POST /webhooks/{connection}`. The lifespan gives it its inbox."""

    def __init__(self, hub: Hub, bell: Bell, figures: Figures) -> None:
        self._hub = hub
        self._bell = bell
        self._figures = figures
        self.inbox: Inbox | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        try:
            answer = await self._answer(scope, receive)
        except Refusal as refusal:
            answer = refusal.answer
        except SenderGone:
            return
        status, headers, body = answer
        self._figures.webhook(status, time.perf_counter() - started)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        link = self._link(scope["path_params"]["connection"])
        if len(scope["headers"]) > MOST_HEADERS:
            raise Refusal(TOO_MANY_HEADERS)
        headers = read_headers(scope["headers"])
        media_type = check_headers(link, headers)
        body = await read_body(receive, link.connector.inbound.max_bytes)
        delivery = Delivery(headers, body, self._hub.clock.now())
        try:
            return await self._keep(link, delivery, _must_be_json if media_type.endswith("json") else blindly)
        except Unverified:
            log.warning("delivery refused", connection=link.id)
            return UNVERIFIED

    def _link(self, connection: str) -> Link:
        link = self._hub.world.links.get(connection)
        if link is None:
            # One that exists but cannot be opened, a secret missing perhaps, will be: its sender shall try again.
            raise Refusal(LATER if connection in self._hub.source.broken else UNKNOWN)
        return link

    async def _keep(self, link: Link, delivery: Delivery, look: Look) -> Answer:
        try:
            assert self.inbox is not None
            async with asyncio.timeout(KEEPING):
                accepted = await self.inbox.accept(link, delivery, look)
        except (Unverified, Refusal):
            raise
        except Exception as error:  # noqa: BLE001  whatever it was, it is not kept: the sender must send again
            log.warning("delivery not kept", connection=link.id, error=type(error).__name__)
            return LATER
        if not accepted.is_new:
            return KNOWN
        self._bell.strike()
        return _json(202, orjson.dumps({"id": str(accepted.id)}), "application/json")


def _must_be_json(body: bytes) -> None:
    fault = json_fault(body)
    if fault is not None:
        raise Refusal(_problem(422, "unreadable", fault))


def read_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name. One that is given twice is joined, so that two signatures are no signature."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def check_headers(link: Link, headers: dict[str, str]) -> str:
    """The media type; raises `Refusal` for what is not taken, before any of the body is read."""
    inbound = link.connector.inbound
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in inbound.media_types or headers.get("content-encoding", "identity") != "identity":
        raise Refusal(UNWANTED_TYPE)
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > inbound.max_bytes:
        raise Refusal(TOO_LARGE)
    return media_type


async def read_body(receive: Receive, most: int) -> bytes:
    """The whole body; no more than `most` bytes of it are ever held, and not for longer than `READING` seconds."""
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(READING):
            while True:
                message: Any = await receive()
                if message["type"] == "http.disconnect":
                    raise SenderGone
                chunk = message.get("body", b"")
                size += len(chunk)
                if size > most:
                    raise Refusal(TOO_LARGE)
                chunks.append(chunk)
                if not message.get("more_body", False):
                    return b"".join(chunks)
    except TimeoutError:
        raise Refusal(TOO_SLOW) from None
