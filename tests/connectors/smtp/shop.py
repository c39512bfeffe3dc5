"""A shop with a message for Ada, and its connection to a mail server."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.smtp.connector import Smtp
from connectors.smtp.sandbox import SmtpSandbox
from connectors.smtp.settings import SmtpSettings
from hub.sdk import Call, Client, HubError
from hub.sdk.commerce import Accepted
from hub.sdk.messages import CustomerMessage
from hub.sdk.testing import SandboxTransport

NOW = datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)


def example(**changes: Any) -> CustomerMessage:
    message = SmtpSandbox().examples()["send_message"]
    assert isinstance(message, CustomerMessage)
    return message.model_copy(update=changes)


def smtp(port: int, base_url: str | None = None, **settings: Any) -> Smtp:
    given = SmtpSettings.model_validate(
        {"host": "127.0.0.1", "security": "none", "message_id_domain": "brand.example", "port": port}
        | settings
    )
    return Smtp(given, Client(SandboxTransport(SmtpSandbox())), base_url)


async def send(shop: Smtp, message: CustomerMessage | None = None, seconds: float = 5) -> Accepted:
    wanted = message or example()
    call = Call(wanted.unique_id, asyncio.get_running_loop().time() + seconds, 1, NOW)
    async with asyncio.timeout(seconds + 3):  # a call that forgets its deadline fails here and does not hang
        accepted: Accepted = await shop.send_message(wanted, call)
    return accepted


async def fails(shop: Smtp, seconds: float = 5) -> HubError:
    with pytest.raises(HubError) as raised:
        await send(shop, seconds=seconds)
    assert "ada@" not in f"{raised.value!r} {raised.value.__cause__!r}"
    return raised.value
