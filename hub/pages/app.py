"""The pages as one app. GET changes nothing, whoever opens it; POST answers once; what opens nothing is one page."""

import time
from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from hub.pages.answering import Answering
from hub.pages.desk import Desk
from hub.pages.forms import Unacceptable
from hub.pages.guard import Guard
from hub.pages.rendering import page
from hub.pages.tracking import show_tracking
from hub.pages.views import Brand


def create_pages(
    desk: Desk,
    brand_of: Callable[[str], Brand],
    now: Callable[[], datetime],
    *,
    seconds: Callable[[], float] = time.monotonic,
) -> FastAPI:
    """The app. `brand_of` knows a store's brand by the store's id; `now` is the trade's time; `seconds` never goes back
    and measures how often somebody asks."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    answering = Answering(desk, brand_of)

    @app.get("/t/{token}")
    async def tracking(token: str) -> Response:
        return show_tracking(await desk.tracking(token), brand_of, now())

    app.get("/a/{token}")(answering.show_address)
    app.post("/a/{token}")(answering.take_address)
    app.get("/c/{token}")(answering.show_choice)
    app.post("/c/{token}")(answering.take_choice)
    # The two links of the mail: each opens the same page with its own way out chosen, and still to be confirmed.
    app.get("/c/{token}/{wish}")(answering.show_choice)
    app.post("/c/{token}/{wish}")(answering.take_choice)
    app.get("/s/{token}")(answering.show_purchase)
    app.post("/s/{token}")(answering.take_purchase)
    app.add_exception_handler(HTTPException, _nothing_there)
    app.add_exception_handler(Unacceptable, _unacceptable)
    app.add_middleware(Guard, clock=seconds)
    return app


async def _nothing_there(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return page("trouble.html", status) if status == 405 else page("gone.html", 404)


async def _unacceptable(request: Request, error: Exception) -> Response:
    return page("trouble.html", error.status if isinstance(error, Unacceptable) else 400)
