"""Passwords, certificates and addresses: what a mail server's connection never gives away."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from hub.sdk import Call, NotDone, Refused, Unauthorised
from tests.connectors.smtp.post_office import PASSWORD, PostOffice, found_authority, serve
from tests.connectors.smtp.shop import NOW, fails, send, smtp


async def test_a_wrong_password_is_tried_once_and_stops_the_connection() -> None:
    async with serve(PostOffice(), auth_require_tls=False) as office:
        error = await fails(smtp(office.port, username="brand", password="wrong-password-99"))

    assert isinstance(error, Unauthorised)
    assert office.logins == ["PLAIN"]
    assert "wrong-password-99" not in str(error)


async def test_a_server_that_offers_no_login_we_know_is_not_guessed_at() -> None:
    methods = ["PLAIN", "LOGIN"]
    async with serve(PostOffice(), auth_require_tls=False, auth_exclude_mechanism=methods) as office:
        error = await fails(smtp(office.port, username="brand", password=PASSWORD))

    assert isinstance(error, Unauthorised)


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_an_encrypted_server_is_trusted_by_its_authority_only(security: str, tmp_path: Path) -> None:
    authority = found_authority(tmp_path)
    stranger = found_authority(tmp_path)
    account = {"host": "localhost", "username": "brand", "password": PASSWORD, "security": security}
    tls: dict[str, Any] = (
        {"tls": authority.server, "auth_require_tls": False}
        if security == "tls"
        else {"tls_context": authority.server}
    )
    async with serve(PostOffice(), **tls) as office:
        for unknown in ("", stranger.certificate):
            assert isinstance(await fails(smtp(office.port, ca_certificate=unknown, **account)), NotDone)
        assert (office.taken, office.logins) == ([], [])

        await send(smtp(office.port, ca_certificate=authority.certificate, **account))

    assert len(office.taken) == 1
    assert office.logins == ["PLAIN"]


async def test_a_server_that_offers_no_encryption_gets_neither_password_nor_mail() -> None:
    account = {"username": "brand", "password": PASSWORD, "security": "starttls"}
    async with serve(PostOffice(), auth_require_tls=False) as office:
        assert isinstance(await fails(smtp(office.port, **account)), NotDone)

    assert (office.taken, office.logins) == ([], [])


async def test_a_name_that_leads_into_a_private_network_is_not_gone_to_unless_it_is_meant() -> None:
    async with serve(PostOffice()) as office:
        hidden = {"host": "localhost.", "security": "starttls"}
        with pytest.raises(ValueError, match="host"):
            smtp(office.port, **hidden)
        for host in ("10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "fd00::1", "2130706433"):
            error = await fails(smtp(office.port, host=host, security="starttls"))
            assert isinstance(error, Refused)
            assert "not a public address" in error.reason

        await send(smtp(9, base_url=f"smtp://127.0.0.1:{office.port}"))

    assert len(office.taken) == 1


async def test_a_password_never_leaves_this_machine_unencrypted_by_a_base_url_either() -> None:
    async with serve(PostOffice(), auth_require_tls=False) as office:
        # 127.0.0.1 as one number: the system goes there, and no rule takes it for this machine.
        shop = smtp(9, f"smtp://2130706433:{office.port}", username="brand", password=PASSWORD)
        error = await fails(shop)

    assert isinstance(error, Unauthorised)
    assert office.logins == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "mail.brand.example"},
        {"host": "mail.brand.example", "allow_unencrypted": True, "username": "b", "password": "p"},
        {"username": "brand"},
        {"password": "secret"},
        {"host": "evil.example\r\nRCPT TO:<x@y.example>"},
        {"sender": "shop@brand.example\r\nBcc: x@y.example"},
        {"message_id_domain": "brand.example>\r\nX: y"},
        {"ca_certificate": "-----BEGIN NONSENSE-----"},
        {"port": 0},
    ],
    ids=str,
)
def test_settings_that_do_not_fit_together_are_refused_when_they_are_read(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        smtp(**({"port": 25} | wrong))


async def test_a_probe_logs_in_and_sends_nothing() -> None:
    async with serve(PostOffice(), auth_require_tls=False) as office:
        shop = smtp(office.port, username="brand", password=PASSWORD)
        call = Call("probe", asyncio.get_running_loop().time() + 5, 1, NOW)

        assert "lets us in" in await shop.probe(call)

    assert office.taken == []


async def test_neither_password_nor_customer_shows_in_any_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("mail.log", "mail.debug"):  # aiosmtpd's own, which is not ours to keep quiet
        logging.getLogger(name).setLevel(logging.CRITICAL)
    async with serve(PostOffice(), auth_require_tls=False) as office:
        account = {"username": "brand", "password": PASSWORD}
        await send(smtp(office.port, **account))
        office.at_rcpt = "550 5.1.1 <ada@example.com> unknown"
        await fails(smtp(office.port, **account))

    assert PASSWORD not in caplog.text
    assert "ada@" not in caplog.text
    assert repr(smtp(9, **account)._server).count(PASSWORD) == 0
