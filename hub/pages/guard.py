"""What holds for every page: strict headers, so many requests a minute, and no word of what went wrong inside."""

from collections.abc import Callable

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.pages.bucket import Buckets
from hub.pages.rendering import page

log = structlog.get_logger()

_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex, nofollow"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
    (b"strict-transport-security", b"max-age=63072000"),
]


class Guard:
    """Wraps the pages. `clock` counts seconds for the limit of requests."""

    def __init__(self, app: ASGIApp, clock: Callable[[], float]) -> None:
        self._app = app
        self._buckets = Buckets(clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def send_guarded(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                message["headers"] = [*message.get("headers", []), *_HEADERS]
            await send(message)

        if not self._buckets.admit((scope.get("client") or ("", 0))[0]):
            busy = page("too_many.html", 429)
            busy.headers["retry-after"] = "60"
            await busy(scope, receive, send_guarded)
            return
        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:  # noqa: BLE001  whatever it is, the customer sees a friendly page
            # The path holds a token, and the message may hold what somebody typed: neither is logged.
            log.error("page failed", error=type(error).__name__)
            if not has_started:
                await page("trouble.html", 500)(scope, receive, send_guarded)
