"""The front door: the API and the pages of customers and suppliers answer on one port, and neither knows the other."""

from starlette.types import ASGIApp, Receive, Scope, Send

from hub.api import create_app
from hub.api.bell import Ring
from hub.assembly import Hub
from hub.fulfilment.links import PATHS
from hub.pages import create_pages
from hub.pages.brands import brands_of
from hub.pages.hub_desk import HubDesk

_PAGES = tuple(f"/{first}/" for first in PATHS.values())


class Front:
    """Sends a request to whom it is for: what begins like a link to the pages, everything else to the API."""

    def __init__(self, api: ASGIApp, pages: ASGIApp) -> None:
        self._api = api
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and scope["path"].startswith(_PAGES)
        await (self._pages if is_page else self._api)(scope, receive, send)


def open_front(hub: Hub, ring: Ring | None = None) -> Front:
    """Everything that answers HTTP. `ring` is called after a commit that gives workers something to do."""
    api = create_app(hub, ring=ring)
    desk = HubDesk(hub, api.state.bell.strike)
    pages = create_pages(desk, brands_of(lambda: hub.world), hub.clock.now)
    return Front(api, pages)
