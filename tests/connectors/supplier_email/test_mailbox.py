"""Answers over a real IMAP server: each mail once, whatever the server, the network or a second hub does meanwhile."""

import asyncio
import imaplib
from collections.abc import AsyncIterator
from time import monotonic

import pytest
import pytest_asyncio

from connectors.supplier_email.inbox import AT_ONCE, BYTES_AT_ONCE
from hub.fulfilment.mails.reading import read_mail
from hub.fulfilment.mails.trust import Gate
from hub.sdk import NotDone, Unauthorised
from tests.connectors.supplier_email.dovecot import PASSWORD, Dovecot, dovecot, needed
from tests.connectors.supplier_email.supplier import answer, call, connector, read_all, settings

pytestmark = [needed, pytest.mark.slow]


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Dovecot]:
    async with dovecot() as running:
        yield running


def reference(number: int) -> str:
    return f"{1000 + number}-1-abc234"


def shipped(number: int) -> bytes:
    return answer(reference(number), f"Shipped today with DHL, tracking number JJD0000909{number:010}")


@pytest.mark.row("S2-072")
async def test_twenty_answers_are_found_once_each_in_their_order_and_all_of_them_can_be_read(
    server: Dovecot,
) -> None:
    for number in range(20):
        server.deliver(shipped(number))
    before = server.lying()
    shop = connector(settings(imap_port=server.port))
    mails, cursor = await read_all(shop)

    readings = [read_mail(mail.data, gate=Gate(mail.authserv_id, mail.senders)) for mail in mails]
    assert [reading.order_references for reading in readings] == [[reference(n)] for n in range(20)]
    assert [len(reading.tracking_numbers) for reading in readings] == [1] * 20
    assert {reading.kind for reading in readings} == {"shipped"}
    assert all(reading.trust.trusted for reading in readings)
    assert await read_all(shop, cursor) == ([], cursor)
    assert server.lying() == before, "a mail was marked, moved or deleted"


async def test_what_comes_later_is_found_later_and_the_last_one_not_again(server: Dovecot) -> None:
    shop = connector(settings(imap_port=server.port))
    assert await read_all(shop) != ([], None)
    server.deliver(shipped(1))
    first, cursor = await read_all(shop)
    server.deliver(shipped(2))
    second, cursor = await read_all(shop, cursor)

    assert [mail.message_id for mail in (*first, *second)] == [
        f"<{reference(n)}@globex.example>" for n in (1, 2)
    ]


async def test_a_mailbox_made_anew_is_read_again_and_every_mail_is_known_by_its_key(server: Dovecot) -> None:
    for number in range(5):
        server.deliver(shipped(number))
    shop = connector(settings(imap_port=server.port))
    mails, cursor = await read_all(shop)
    server.make_anew()
    await server.stop()
    await server.start()
    server.deliver(shipped(9))
    again, later = await read_all(shop, cursor)

    assert later != cursor
    assert {mail.key() for mail in again} - {mail.key() for mail in mails} == {again[-1].key()}


async def test_two_hubs_that_look_at_once_find_the_same_keys(server: Dovecot) -> None:
    for number in range(30):
        server.deliver(shipped(number))
    one, two = await asyncio.gather(*(read_all(connector(settings(imap_port=server.port))) for _ in range(2)))
    assert len(one[0]) == 30
    assert [mail.key() for mail in one[0]] == [mail.key() for mail in two[0]]


async def test_copies_of_a_mail_have_one_key_and_two_mails_of_one_id_have_two(server: Dovecot) -> None:
    server.deliver(b"Delivered-To: one\r\n" + answer("1001-1-abc234", "Shipped.", id="same"))
    server.deliver(b"Delivered-To: two\r\n" + answer("1001-1-abc234", "Shipped.", id="same"))
    server.deliver(answer("1002-1-abc234", "Sold out.", id="same"))
    mails, _ = await read_all(connector(settings(imap_port=server.port)))

    assert len({mail.key() for mail in mails}) == len(mails) == 2


async def test_ten_thousand_mails_come_in_bounded_batches(server: Dovecot) -> None:
    for number in range(10_000):
        server.deliver(shipped(number))
    shop = connector(settings(imap_port=server.port))
    seen: set[str] = set()
    cursor, looks, more = None, 0, True
    while more:
        page = await shop.mail_received(cursor, call(seconds=60))
        assert len(page.events) <= AT_ONCE
        assert sum(len(mail.data) for mail in page.events) <= BYTES_AT_ONCE
        assert len(page.cursor or "") < 200, "what is remembered does not grow with the mailbox"
        seen |= {mail.key() for mail in page.events}
        cursor, looks, more = page.cursor, looks + 1, page.more
    assert len(seen) == 10_000
    assert looks == 10_000 / AT_ONCE


async def test_a_huge_mail_is_told_of_and_does_not_hold_up_the_next(server: Dovecot) -> None:
    server.deliver(answer("1001-1-abc234", "x" * 10_500_000))
    server.deliver(shipped(2))
    mails, _ = await read_all(connector(settings(imap_port=server.port)))

    assert [mail.problem for mail in mails] == ["too-large", ""]
    assert mails[0].data == b""


async def test_a_server_that_is_away_is_asked_again_from_the_same_mark(server: Dovecot) -> None:
    server.deliver(shipped(1))
    shop = connector(settings(imap_port=server.port))
    _, cursor = await read_all(shop)
    server.deliver(shipped(2))
    await server.stop()
    with pytest.raises(NotDone, match="was lost"):
        await shop.mail_received(cursor, call())
    await server.start()
    mails, _ = await read_all(shop, cursor)

    assert [mail.message_id for mail in mails] == [f"<{reference(2)}@globex.example>"]


async def test_a_wrong_password_is_told_apart_from_failure_and_is_not_repeated_aloud(server: Dovecot) -> None:
    imap = settings(imap_port=server.port).imap
    assert imap is not None
    wrong = settings(imap=imap.model_dump() | {"password": "canary-8841"})
    with pytest.raises(Unauthorised) as told:
        await connector(wrong).mail_received(None, call())
    assert "canary" not in f"{told.value!r} {told.value.__cause__!r}"


async def test_a_server_that_offers_it_is_listened_to_and_a_mail_is_found_as_it_comes(
    server: Dovecot,
) -> None:
    imap = settings(imap_port=server.port).imap
    assert imap is not None
    shop = connector(settings(imap=imap.model_dump() | {"password": PASSWORD, "listens": True}))
    looking = asyncio.create_task(shop.mail_received(None, call(seconds=12)))
    await asyncio.sleep(1)
    assert not looking.done()
    server.deliver(shipped(1))
    began = monotonic()
    page = await looking

    assert len(page.events) == 1
    assert monotonic() - began < 8, "the server's word was not heard"


async def test_a_server_that_offers_no_idle_is_asked_only() -> None:
    async with dovecot(idle=False) as server:
        client = imaplib.IMAP4("127.0.0.1", server.port)
        client.login("orders", PASSWORD)
        assert b"IDLE" not in client.capability()[1][0]
        client.logout()
        imap = settings(imap_port=server.port).imap
        assert imap is not None
        shop = connector(settings(imap=imap.model_dump() | {"password": PASSWORD, "listens": True}))
        began = monotonic()
        page = await shop.mail_received(None, call())
        assert page.events == []
        assert monotonic() - began < 3


async def test_a_mailbox_that_never_answers_ends_by_the_deadline() -> None:
    is_left = asyncio.Event()

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        is_left.set()

    quiet = await asyncio.start_server(silence, "127.0.0.1", 0)
    async with quiet:
        port = quiet.sockets[0].getsockname()[1]
        began = monotonic()
        with pytest.raises(NotDone):
            await connector(settings(imap_port=port)).mail_received(None, call(seconds=1))
        assert monotonic() - began < 3
        async with asyncio.timeout(5):
            await is_left.wait()
