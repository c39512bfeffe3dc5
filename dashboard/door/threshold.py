"""Where a page is asked for by nobody we know: they are sent to the door, and then to where they wanted to go."""

from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.door.page import LEAVE, PLACE
from dashboard.door.visits import COOKIE, visits


class Threshold:
    """Wraps the app. No page of it is shown within another site's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def framed_nowhere(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-frame-options"] = "DENY"
            await send(message)

        request = Request(scope)
        if _is_page(request) and not _may_be_known(request):
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            to = RedirectResponse(f"{PLACE}?{urlencode({'to': asked})}", 303, {"cache-control": "no-store"})
            await to(scope, receive, framed_nowhere)
            return
        await self._app(scope, receive, framed_nowhere)


def _is_page(request: Request) -> bool:
    return (
        request.method == "GET"
        and "text/html" in request.headers.get("accept", "")
        and not request.url.path.startswith((PLACE, LEAVE))
    )


def _may_be_known(request: Request) -> bool:
    """A link on another site brings no cookie, though the page it opens will: whoever follows one is asked there."""
    is_link = request.headers.get("sec-fetch-site") == "cross-site"
    return is_link or visits.token(request.cookies.get(COOKIE)) is not None
