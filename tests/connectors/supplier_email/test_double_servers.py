"""The double's own mail servers: clients that know nothing of a double send by SMTP and read by IMAP, as elsewhere."""

import asyncio
import imaplib
import smtplib
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from imapclient import IMAPClient

from connectors.supplier_email.connector import SupplierEmail
from connectors.supplier_email.sandbox import (
    AUTHSERV_ID,
    MAILBOX_PASSWORD,
    PASSWORD,
    SENDER,
    SUPPLIER,
    USERNAME,
    PostSandbox,
)
from hub.fulfilment.mails.reading import read_mail
from hub.fulfilment.mails.trust import Gate
from hub.sdk import NotDone, Refused, Unauthorised
from tests.connectors.smtp.post_office import PostOffice, serve
from tests.connectors.supplier_email.dovecot import dovecot, needed
from tests.connectors.supplier_email.supplier import (
    NOW,
    answer,
    call,
    connector,
    order,
    read_all,
    settings,
)

ADDRESSES: dict[str, Any] = {"supplier": SUPPLIER, "sender": SENDER, "answers": {"authserv_id": AUTHSERV_ID}}


@asynccontextmanager
async def at_double(double: PostSandbox, **changes: str) -> AsyncIterator[SupplierEmail]:
    """The shop's connection to the double's servers, as hub.yaml would have it; `changes` are of the mailbox."""
    double.now = lambda: NOW
    async with double.servers() as ports:
        here = {"host": "127.0.0.1", "security": "none", "username": USERNAME}
        smtp = {**here, "port": ports["smtp"], "password": PASSWORD}
        imap = {**here, "port": ports["imap"], "password": MAILBOX_PASSWORD, **changes}
        yield connector(settings(**ADDRESSES, smtp=smtp, imap=imap))


async def test_a_supplier_is_sent_its_order_and_answers_and_both_are_read() -> None:
    double = PostSandbox()
    async with at_double(double) as shop:
        placed = await shop.create_purchase_order(order("1001"), call())
        assert placed.status == "requested"
        (reference,) = double.bought()
        double.reply(reference, "Shipped today with UPS, tracking number 1Z999AA10123456784.")
        (mail,), cursor = await read_all(shop)

        reading = read_mail(mail.data, gate=Gate(mail.authserv_id, mail.senders))
        assert reading.order_references == [reference] == ["1001-1-abc234"]
        assert [found.number for found in reading.tracking_numbers] == ["1Z999AA10123456784"]
        assert reading.trust.trusted
        assert await read_all(shop, cursor) == ([], cursor)


async def test_the_double_takes_the_bytes_that_a_real_server_takes() -> None:
    double = PostSandbox()
    async with serve(PostOffice()) as office, at_double(double) as shop:
        await shop.create_purchase_order(order(), call())
        await connector(settings(office.port, supplier=SUPPLIER, sender=SENDER)).create_purchase_order(
            order(), call()
        )
    assert double.mails[0].as_bytes() == office.mails[0].as_bytes()


@needed
async def test_a_mailbox_reads_as_it_does_at_a_real_server() -> None:
    mails = [
        answer(f"{1000 + n}-1-abc234", f"Shipped.\r\n.\r\n..\r\nTracking {n}", id=f"<{n}>") for n in range(7)
    ]
    double = PostSandbox()
    async with dovecot() as real, at_double(double) as shop:
        there = connector(settings(imap_port=real.port))
        cursors: list[str | None] = [None, None]
        for mail in mails:
            double.put(mail)
            real.deliver(mail)
            found = [await read_all(one, cursors[place]) for place, one in enumerate((shop, there))]
            cursors = [cursor for _, cursor in found]
            assert [one.data for one in found[0][0]] == [one.data for one in found[1][0]] == [mail]


async def test_a_mailbox_made_anew_is_read_again_and_nothing_older_than_wanted() -> None:
    double = PostSandbox()
    async with at_double(double) as shop:
        double.now = lambda: NOW - timedelta(days=30)
        double.put(answer("0900-1-abc234", "Long ago."))
        double.now = lambda: NOW
        double.put(answer("1001-1-abc234", "Today."))
        first, cursor = await read_all(shop)
        double.renumber()
        again, _ = await read_all(shop, cursor)
        assert [mail.message_id for mail in first] == ["<1001-1-abc234@globex.example>"]
        assert [mail.key() for mail in first] == [mail.key() for mail in again]


@pytest.mark.parametrize(
    ("refusal", "expected"), [("rejected", Refused), ("unreachable", Refused), ("slow-down", NotDone)]
)
async def test_a_refusal_is_one_by_smtp_too(refusal: str, expected: type[Exception]) -> None:
    double = PostSandbox()
    async with at_double(double) as shop:
        double.refuse(refusal)
        with pytest.raises(expected):
            await shop.create_purchase_order(order(), call())
    assert double.mails == []


async def test_a_wrong_password_opens_no_mailbox() -> None:
    async with at_double(PostSandbox(), password="guessed") as shop:
        with pytest.raises(Unauthorised):
            await read_all(shop)


async def test_the_mail_server_goes_by_the_order_of_a_conversation() -> None:
    double = PostSandbox()
    async with double.servers() as ports:
        codes = await asyncio.to_thread(_out_of_order, ports["smtp"])
    assert codes == [502, 530, 504, 501, 535, 235, 503, 501, 503, 501, 552, 250, 503, 501, 250, 452, 250, 221]
    assert double.mails == []


def _out_of_order(port: int) -> list[int]:
    good = "AUTH PLAIN " + b64encode(f"\0{USERNAME}\0{PASSWORD}".encode()).decode()
    wrong = "AUTH PLAIN " + b64encode(b"\0orders\0guessed").decode()
    said = [
        "VRFY orders", "MAIL FROM:<a@b.example>", "AUTH LOGIN", "AUTH PLAIN !!", wrong, good, good,
        "MAIL FROM:nobody", "RCPT TO:<c@d.example>", "MAIL FROM:<>", "MAIL FROM:<a@b.example> SIZE=99999999",
        "MAIL FROM:<a@b.example>", "DATA", "RCPT TO:<nobody>", "RCPT TO:<c@d.example>", "RCPT TO:<e@f.example>",
        "RSET", "QUIT",
    ]  # fmt: skip
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.ehlo()
        return [server.docmd(line)[0] for line in said]


async def test_what_the_mailbox_does_not_speak_it_says_and_changes_nothing() -> None:
    double = PostSandbox()
    double.put(b"Subject: one\r\n\r\nHello\r\n")
    async with double.servers() as ports:
        await asyncio.to_thread(_unspoken, ports["imap"])
    assert list(double.lying()) == [1]


def _unspoken(port: int) -> None:
    with IMAPClient("127.0.0.1", port, ssl=False) as client:
        client.login(USERNAME, MAILBOX_PASSWORD)
        with pytest.raises(imaplib.IMAP4.error, match="no such mailbox"):
            client.select_folder("Archive", readonly=True)
        client.select_folder("INBOX", readonly=True)
        for unspoken in (
            lambda: client.search(["UNSEEN"]),
            lambda: client.search(["SINCE", "tomorrow"]),
            lambda: client.search(["UID", "first"]),
            lambda: client.fetch([1], ["BODY[]"]),
            lambda: client.delete_messages([1]),
            client.expunge,
        ):
            with pytest.raises(imaplib.IMAP4.error, match=r"searched|date|UID|fetched|spoken"):
                unspoken()
        assert client.search(["UID", "1:*"]) == [1]
