"""The doubles of remote services, served over HTTP at /{connector}/{connection}/..., one for each connection."""

from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any

from starlette.responses import JSONResponse

from hub.catalog.catalog import Catalog, Unknown
from hub.sdk.testing import Sandbox

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Doubles:
    """An ASGI app. A double is made at the first request for its connection and remembers until the process ends."""

    def __init__(self, catalog: Catalog, now: Callable[[], datetime] | None = None) -> None:
        """`now` is the time they go by; without it, the real one."""
        self._catalog = catalog
        self._now = now
        self._doubles: dict[tuple[str, str], Sandbox] = {}

    def double(self, connector: str, connection: str) -> Sandbox:
        """The double of one connection; raises `Unknown`, or LookupError for a connector without a sandbox."""
        found = self._doubles.get((connector, connection))
        if found is None:
            found = self._doubles[(connector, connection)] = self._catalog.connector(connector).sandbox()
            if self._now is not None:
                found.now = self._now
        return found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        _, connector, connection, rest = [*scope["path"].split("/", 3), "", "", ""][:4]
        try:
            double = self.double(connector, connection)
        except (Unknown, LookupError) as error:
            await JSONResponse({"error": str(error)}, 404)(scope, receive, send)
            return
        inner = {**scope, "path": f"/{rest}", "raw_path": _inside(scope), "root_path": ""}
        await double(inner, receive, send)


def _inside(scope: Scope) -> bytes:
    """The path as it was sent, without the first two parts: a double may read what is escaped in it."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return b"/" + (raw.split(b"/", 3)[3] if raw.count(b"/") > 2 else b"")
