"""The door for connection tests. Only `hub.engine.probe` may use it."""

import asyncio
from typing import Any

from hub.sdk import Call, Connector


async def probe(connector: Connector[Any], call: Call) -> str:
    """Ask something harmless; a sentence for a person, or whatever the connector raises."""
    async with asyncio.timeout_at(call.deadline):
        return await connector.probe(call)
