"""A mailbox at a provider that takes no passwords: entered with access tokens, which are renewed in time or once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from connectors.supplier_email.connector import SupplierEmail
from connectors.supplier_email.sandbox import USERNAME, PostSandbox
from connectors.supplier_email.settings import EmailSettings
from hub.sdk import Client, HubError, NotDone, Unanswered, Unauthorised
from hub.sdk.testing import SandboxTransport
from hub.sdk.testing.token_desk import TokenDesk
from tests.connectors.supplier_email.supplier import call, order, read_all

SECRETS = (TokenDesk.client_secret, TokenDesk.refresh_token, "sandbox-access-token")


def consent(**changes: Any) -> dict[str, Any]:
    """What the account's owner has given once."""
    return {
        "provider": "own",
        "token_endpoint": "https://login.provider.example/token",
        "client_id": TokenDesk.client_id,
        "client_secret": TokenDesk.client_secret,
        "refresh_token": TokenDesk.refresh_token,
    } | changes


def shop(
    double: PostSandbox, ports: dict[str, int], transport: SandboxTransport | None = None, **changes: Any
) -> SupplierEmail:
    """A connection to the double's own servers, by SMTP and IMAP."""
    account = {
        "host": "127.0.0.1",
        "security": "none",
        "username": USERNAME,
        "oauth": consent(**changes),
    }
    settings = EmailSettings.model_validate(
        double.settings()
        | {
            "smtp": {**account, "port": ports["smtp"]},
            "imap": {**account, "port": ports["imap"], "listens": False},
        }
    )
    return SupplierEmail(settings, Client(transport or SandboxTransport(double)), None)


class Silent(SandboxTransport):
    """A provider that takes the question and gives no answer."""

    async def send(self, *asked: Any) -> Any:
        raise Unanswered("It gave no answer.")


@contextmanager
def nothing_told(caplog: pytest.LogCaptureFixture) -> Iterator[list[HubError]]:
    """Errors and logs name no secret."""
    errors: list[HubError] = []
    with caplog.at_level("DEBUG"):
        yield errors
    told = caplog.text + "".join(f"{error!r} {error.__cause__!r}" for error in errors)
    assert [secret for secret in SECRETS if secret in told] == []


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
async def test_orders_go_out_and_answers_come_in_without_a_password(mechanism: str) -> None:
    double = PostSandbox()
    double.answer("1001-1-abc234", "Shipped today with UPS")
    async with double.servers() as ports:
        connection = shop(double, ports, mechanism=mechanism)
        await connection.create_purchase_order(order(), call())
        await connection.create_purchase_order(order("1002"), call(minutes=1))
        mails, _ = await read_all(connection)

    assert sorted(double.bought()) == ["1001-1-abc234", "1002-1-abc234"]
    assert len(mails) == 1
    assert double.tokens.given == 2, "one for each account, kept for the next call"


async def test_a_token_is_renewed_before_it_expires_and_once_when_it_is_refused() -> None:
    double = PostSandbox()
    async with double.servers() as ports:
        connection = shop(double, ports)
        await connection.create_purchase_order(order(), call())
        await connection.create_purchase_order(order("1002"), call(minutes=54))
        assert double.tokens.given == 1
        await connection.create_purchase_order(order("1003"), call(minutes=56))
        assert double.tokens.given == 2
        double.tokens.expire()
        await connection.create_purchase_order(order("1004"), call(minutes=57))
        assert double.tokens.given == 3
        double.tokens.expire()
        await connection.mail_received(None, call(minutes=58))

    assert set(double.bought().values()) == {1}
    assert len(double.mails) == 4


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
async def test_who_is_let_in_by_no_token_is_told_so_and_nothing_is_sent(
    mechanism: str, caplog: pytest.LogCaptureFixture
) -> None:
    double = PostSandbox()
    double.tokens.admits = lambda token: False  # type: ignore[method-assign]  # a provider that has shut the account
    async with double.servers() as ports:
        connection = shop(double, ports, mechanism=mechanism)
        with nothing_told(caplog) as errors:
            for asked in (
                connection.create_purchase_order(order(), call()),
                connection.mail_received(None, call()),
            ):
                with pytest.raises(Unauthorised) as raised:
                    await asked
                errors.append(raised.value)

    assert double.mails == []
    assert double.tokens.given == 4, "each account asked once more, and no more"


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"refresh_token": "stale"}, "invalid_grant"), ({"client_secret": "wrong"}, "invalid_client")],
)
async def test_a_consent_that_was_taken_back_is_named_by_the_providers_word_alone(
    changes: dict[str, Any], said: str, caplog: pytest.LogCaptureFixture
) -> None:
    double = PostSandbox()
    async with double.servers() as ports:
        with nothing_told(caplog) as errors, pytest.raises(Unauthorised) as raised:
            await shop(double, ports, **changes).probe(call())
        errors.append(raised.value)

    assert str(raised.value) == (
        f"login.provider.example gives no access token: {said}. Consent may have to be given anew."
    )


async def test_a_provider_that_is_away_means_that_nothing_was_sent() -> None:
    double = PostSandbox()
    async with double.servers() as ports:
        connection = shop(double, ports, transport=Silent(double))
        with pytest.raises(NotDone):
            await connection.create_purchase_order(order(), call())

    assert double.mails == []


async def test_a_double_by_http_is_entered_with_tokens_too() -> None:
    double = PostSandbox()
    given = double.settings()
    for server in ("smtp", "imap"):
        del given[server]["password"]
        given[server]["oauth"] = consent()
    connection = SupplierEmail(
        EmailSettings.model_validate(given), Client(SandboxTransport(double)), "http://post.test"
    )
    await connection.create_purchase_order(order(), call())
    double.tokens.expire()
    await connection.create_purchase_order(order("1002"), call())
    await connection.mail_received(None, call())
    assert len(double.mails) == 2


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ({"password": "p", "oauth": consent()}, "not by both"),
        ({"oauth": consent(), "username": ""}, "come together"),
        ({"oauth": consent(token_endpoint="http://login.example/token")}, "an https address"),
        ({"oauth": consent(provider="gmail")}, "is known"),
        ({"oauth": consent(), "host": "mail.example", "security": "none"}, "no token does"),
    ],
)
def test_settings_that_do_not_fit_together_are_mistakes(account: dict[str, Any], said: str) -> None:
    smtp = {"host": "mail.example", "username": "orders", **account}
    with pytest.raises(ValueError, match=said):
        EmailSettings.model_validate(PostSandbox().settings() | {"smtp": smtp})


def test_the_known_providers_are_asked_where_they_say() -> None:
    def asked(provider: str, **changes: Any) -> tuple[str, str]:
        given = consent(provider=provider, **changes)
        del given["token_endpoint"]
        smtp = {"host": "mail.example", "username": "orders", "oauth": given}
        oauth = EmailSettings.model_validate(PostSandbox().settings() | {"smtp": smtp}).smtp.oauth
        assert oauth is not None
        return oauth.endpoint, oauth.form().get("scope", "")

    assert asked("gmail") == ("https://oauth2.googleapis.com/token", "")
    where, scope = asked("microsoft", tenant="brand.example")
    assert where == "https://login.microsoftonline.com/brand.example/oauth2/v2.0/token"
    assert "https://outlook.office.com/IMAP.AccessAsUser.All" in scope
    assert "https://outlook.office.com/SMTP.Send" in scope
