"""The hub and real mail servers: who took the mail, who did not, and when nobody can know."""

import asyncio
import socket
from datetime import timedelta

import pytest

from hub.sdk import HubError, NotDone, Refused, Unanswered, Unauthorised, Unreadable
from tests.connectors.smtp.post_office import PostOffice, scripted, serve
from tests.connectors.smtp.shop import NOW, example, fails, send, smtp


async def test_a_server_takes_one_mail_for_one_recipient() -> None:
    async with serve(PostOffice()) as office:
        accepted = await send(smtp(office.port))

    (envelope,), (mail,) = office.taken, office.mails
    assert accepted.reference == mail["Message-ID"] == "<1001/tracking-added/email@brand.example>"
    assert (envelope.mail_from, envelope.rcpt_tos) == ("hello@brand.example", ["ada@example.com"])
    assert mail["Subject"] == "Your order is on its way"
    assert any(option.startswith("SIZE=") for option in envelope.mail_options)


async def test_a_text_with_lines_of_dots_arrives_whole() -> None:
    text = ".\n..\n.hidden\nend\n.\nMAIL FROM:<x@evil.example>\n"
    async with serve(PostOffice()) as office:
        await send(smtp(office.port), example(text=text, html=""))

    (mail,) = office.mails
    assert mail.get_content().replace("\r\n", "\n") == text


async def test_a_text_message_is_not_for_a_mail_server() -> None:
    with pytest.raises(Refused) as refused:
        await send(smtp(9), example(channel="sms"))

    assert refused.value.code == "unreachable"


async def test_a_server_that_refuses_for_ten_minutes_gets_the_mail_once_when_it_is_back() -> None:
    clock, tries = NOW, 0
    async with serve(PostOffice(at_mail="421 4.3.2 Shutting down")) as office:
        shop = smtp(office.port)
        while not office.taken:
            tries += 1
            if clock >= NOW + timedelta(minutes=10):
                office.at_mail = ""
            try:
                await send(shop)
            except NotDone as later:
                clock += timedelta(seconds=later.retry_after or 60)

    assert tries == 11
    assert len(office.taken) == 1


async def test_a_server_that_is_away_did_nothing() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    assert isinstance(await fails(smtp(port)), NotDone)


@pytest.mark.parametrize("greeting", ["421 4.3.2 Busy", "554 5.3.2 No mail here", "SSH-2.0-OpenSSH_9.9", ""])
async def test_a_server_that_does_not_greet_did_nothing(greeting: str) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"{greeting}\r\n".encode() if greeting else b"")
        await writer.drain()

    async with scripted(script) as port:
        assert isinstance(await fails(smtp(port)), NotDone)


STAGES = [
    ({"at_mail": "451 4.3.0 Try later"}, NotDone, ""),
    ({"at_mail": "550 5.7.1 <hello@brand.example> may not send"}, Refused, "rejected"),
    ({"at_mail": "530 5.7.0 Log in first"}, Unauthorised, ""),
    ({"at_rcpt": "450 4.2.1 <ada@example.com> greylisted"}, NotDone, ""),
    ({"at_rcpt": "550 5.1.1 <ada@example.com>: no such user"}, Refused, "unreachable"),
    ({"at_rcpt": "552 5.2.2 ada@example.com is full"}, Refused, "unreachable"),
    ({"at_data": "451 4.3.0 Disk full"}, NotDone, ""),
    ({"at_data": "554 5.6.0 ada@example.com wants no such mail"}, Refused, "rejected"),
    ({"at_data": "299 Hmm"}, Unreadable, ""),
]


@pytest.mark.parametrize(("said", "known", "code"), STAGES, ids=[str(*s[0].values()) for s in STAGES])
async def test_a_reply_is_told_by_its_stage(said: dict[str, str], known: type[HubError], code: str) -> None:
    async with serve(PostOffice(**said)) as office:  # type: ignore[arg-type]  # the names of replies only
        error = await fails(smtp(office.port))

    assert type(error) is known
    assert getattr(error, "code", "") == code
    assert office.taken == []


async def test_a_server_that_dies_after_the_final_dot_may_have_taken_the_mail() -> None:
    async with serve(PostOffice(dies_after_the_dot=True)) as office:
        error = await fails(smtp(office.port))

    assert isinstance(error, Unanswered)
    assert len(office.taken) == 1


async def test_a_server_that_says_nothing_after_the_final_dot_may_have_taken_the_mail() -> None:
    began = asyncio.get_running_loop().time()
    async with serve(PostOffice(stalls_after_the_dot=True)) as office:
        error = await fails(smtp(office.port), seconds=0.3)

    assert isinstance(error, Unanswered)
    assert asyncio.get_running_loop().time() - began < 1


@pytest.mark.parametrize("last", ["", "220 hi", "220 hi|250 hi", "220 hi|250 hi|250 ok"], ids=ascii)
async def test_a_server_that_falls_silent_before_the_mail_did_nothing_and_is_not_waited_for(
    last: str,
) -> None:
    silent = asyncio.Event()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for place, line in enumerate(last.split("|") if last else []):
            if place:
                await reader.readline()
            writer.write(f"{line}\r\n".encode())
        await silent.wait()

    async with scripted(script) as port:
        assert isinstance(await fails(smtp(port), seconds=0.3), NotDone)
        silent.set()


async def test_a_server_that_never_says_goodbye_has_taken_the_mail_all_the_same() -> None:
    heard: list[bytes] = []
    silent = asyncio.Event()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hi\r\n")
        for reply in (b"250 hi", b"250 ok", b"250 ok", b"354 go"):
            heard.append(await reader.readline())
            writer.write(reply + b"\r\n")
        await reader.readuntil(b"\r\n.\r\n")
        writer.write(b"250 taken\r\n")
        heard.append(await reader.readline())
        await silent.wait()

    async with scripted(script) as port:
        await send(smtp(port), seconds=0.5)
        silent.set()

    assert [h.split()[0] for h in heard] == [b"EHLO", b"MAIL", b"RCPT", b"DATA", b"QUIT"]
    assert heard[0] == b"EHLO brand.example\r\n"


async def test_twelve_mails_at_once_are_ten_conversations_at_a_time() -> None:
    arrived: asyncio.Queue[object] = asyncio.Queue()
    go = asyncio.Event()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.put_nowait(writer.get_extra_info("peername"))
        await go.wait()
        writer.write(b"421 busy\r\n")
        await writer.drain()

    async with scripted(script) as port:
        shop = smtp(port)
        sending = asyncio.gather(*(send(shop) for _ in range(12)), return_exceptions=True)
        first = [await arrived.get() for _ in range(10)]
        _, knock = await asyncio.open_connection("127.0.0.1", port)
        while (peer := await arrived.get()) != knock.get_extra_info("sockname"):
            first.append(peer)
        go.set()
        ends = await sending
        knock.close()

    assert len(first) == 10
    assert [type(end) for end in ends] == [NotDone] * 12
