"""A mail server that takes no passwords: customers' mails go out with access tokens, and no mail goes twice for it."""

import asyncio
from typing import Any

import pytest

from connectors.smtp.connector import Smtp
from connectors.smtp.sandbox import USERNAME, SmtpSandbox
from connectors.smtp.settings import SmtpSettings
from connectors.supplier_email.sandbox import USERNAME as ACCOUNT
from connectors.supplier_email.sandbox import PostSandbox
from hub.sdk import Call, Client, Unauthorised
from hub.sdk.testing import Sandbox, SandboxTransport
from hub.sdk.testing.token_desk import TokenDesk
from tests.connectors.smtp.post_office import PostOffice, serve
from tests.connectors.smtp.shop import NOW, fails, send


def shop(double: Sandbox, base_url: str | None = None, **changes: Any) -> Smtp:
    given = {
        "host": "127.0.0.1",
        "security": "none",
        "message_id_domain": "brand.example",
        "oauth": {
            "provider": "own",
            "token_endpoint": "https://login.provider.example/token",
            "client_id": TokenDesk.client_id,
            "client_secret": TokenDesk.client_secret,
            "refresh_token": TokenDesk.refresh_token,
        },
    }
    return Smtp(SmtpSettings.model_validate(given | changes), Client(SandboxTransport(double)), base_url)


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
async def test_a_token_that_went_bad_is_renewed_and_the_mail_goes_once(mechanism: str) -> None:
    double = PostSandbox()
    async with double.servers() as ports:
        connection = shop(double, username=ACCOUNT, port=ports["smtp"])
        oauth = connection.settings.oauth
        assert oauth is not None
        connection.settings = connection.settings.model_copy(
            update={"oauth": oauth.model_copy(update={"mechanism": mechanism})}
        )
        await send(connection)
        double.tokens.expire()
        await send(connection)

    assert len(double.mails) == 2
    assert double.tokens.given == 2


async def test_an_address_of_smtp_is_gone_to_and_tokens_are_still_asked_for_at_the_provider() -> None:
    double = PostSandbox()
    async with double.servers() as ports:
        await send(shop(double, f"smtp://127.0.0.1:{ports['smtp']}", username=ACCOUNT, port=9))
    assert len(double.mails) == 1


async def test_a_server_without_oauth_is_not_shown_the_token() -> None:
    async with serve(PostOffice(), auth_require_tls=False) as office:
        error = await fails(shop(PostSandbox(), username=ACCOUNT, port=office.port))

    assert isinstance(error, Unauthorised)
    assert str(error) == "127.0.0.1 offers no login by XOAUTH2."
    assert (office.taken, office.logins) == ([], [])


async def test_the_double_by_http_is_entered_with_a_token() -> None:
    double = SmtpSandbox()
    connection = shop(double, "http://double", username=USERNAME)
    await send(connection)
    said = await connection.probe(Call("key", asyncio.get_running_loop().time() + 5, 1, NOW))

    assert said == "The mail server lets us in."
    assert len(double.mails) == 1
    assert double.tokens.given == 1
