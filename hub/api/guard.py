"""What holds for every request: answers carry security headers, and no body but a webhook's may be large or slow."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.api.problems import MEDIA_TYPE, Problem, encoded, problem

LARGEST = 65_536
"""Bytes of a request's body; a flow file is a tenth of that."""
READING = 10.0

_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"strict-transport-security", b"max-age=63072000"),
]


class Guard:
    """Wraps the app. There are no CORS headers: no page of another origin is to read this API."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS]
            await send(message)

        # A webhook's body is bounded by what its connection takes; the route itself sees to it.
        if scope["method"] in ("GET", "HEAD") or scope["path"].startswith("/webhooks/"):
            await self._app(scope, receive, send_guarded)
            return
        body = await _read(receive)
        if isinstance(body, Problem):
            await _send(send_guarded, body)
        elif body is not None:
            await self._app(scope, _replay(body, receive), send_guarded)


async def _read(receive: Receive) -> bytes | Problem | None:
    """The body; a problem if it is too large or too slow; None if the caller hung up."""
    body = b""
    try:
        async with asyncio.timeout(READING):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                body += bytes(message.get("body", b""))
                if len(body) > LARGEST:
                    return problem(413, "too-large", f"A body may have {LARGEST} bytes.")
                if not message.get("more_body", False):
                    return body
    except TimeoutError:
        return problem(408, "too-slow", f"A body must arrive within {READING:.0f} seconds.")


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _send(send: Send, found: Problem) -> None:
    body = encoded(found)
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": found.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
