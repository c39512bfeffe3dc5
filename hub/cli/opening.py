"""How a command reaches the hub: in its own process, on the hub's own database, by the same API as everybody."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from hub import logs
from hub.assembly import Hub, open_hub
from hub.cli.folder import catalog_for, settings_of
from hub.cli.terminal import err
from hub.sdk import HubError
from hub.settings import Settings


class Answered(HubError):
    """The hub declined."""


@asynccontextmanager
async def opened(folder: Path, settings: Settings | None = None) -> AsyncIterator[Hub]:
    """The hub of a folder: its running servers, or its own for as long as this takes."""
    logs.configure("error")
    with err.status("Opening the hub ..."):
        opening = open_hub(settings or settings_of(folder), catalog=catalog_for(folder), pool=3)
        hub = await opening.__aenter__()
    try:
        yield hub
    finally:
        await opening.__aexit__(None, None, None)


class Desk:
    """Asks the API."""

    def __init__(self, client: httpx.AsyncClient, now: datetime) -> None:
        self._client = client
        self.now = now
        """The trade's time as the desk was opened."""

    async def ask(self, method: str, path: str, **what: Any) -> Any:
        """The answer's JSON; raises `Answered` with the hub's own words and remedy."""
        answer = await self._client.request(method, path, **what)
        found = answer.json() if answer.content else None
        if answer.is_success:
            return found
        words = found if isinstance(found, dict) else {}
        wrong = [f"{w.get('field')}: {w.get('message')}" for w in words.get("errors") or []]
        parts = [
            words.get("detail") or words.get("title") or f"The hub answered {answer.status_code}.",
            *wrong,
        ]
        raise Answered(" ".join([*parts, words.get("hint") or ""]).strip())


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[Desk]:
    """The API of the folder's hub, without a server. What it does is audited under the key of this process."""
    # Only here: it takes half a second, and a flow can be checked without it.
    from hub.api import create_app

    key = secrets.token_urlsafe(32)
    settings = settings_of(folder).model_copy(update={"api_key": SecretStr(key)})
    async with opened(folder, settings) as hub:
        transport = httpx.ASGITransport(create_app(hub))
        headers = {"authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="https://hub.invalid", headers=headers
        ) as client:
            yield Desk(client, hub.clock.now())
