"""What a customer's mail looks like, and what can never be one."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from connectors.smtp.mail import write_mail
from hub.sdk import Refused
from hub.sdk.commerce import Customer
from hub.sdk.mailing.mail import Mail
from hub.sdk.messages import CustomerMessage, Sender

BRAND = Sender(name="Brand", email="hello@brand.example")
NOW = datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)


def message(to: str = "ada@example.com", **changes: object) -> CustomerMessage:
    plain = CustomerMessage(
        unique_id="1001/tracking-added/email",
        notice="tracking-added",
        channel="email",
        to=Customer(id="77", email=to),
        sender=BRAND,
        subject="Your order is on its way",
        text="Follow it here.",
        html="<p>Follow it here.</p>",
    )
    return plain.model_copy(update=changes)


def read(mail: Mail) -> EmailMessage:
    return message_from_bytes(mail.content, policy=default)


HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
}  # fmt: skip


def test_a_mail_says_who_writes_to_whom_when_and_that_a_machine_wrote_it() -> None:
    mail = read(write_mail(message(), NOW))

    assert mail["From"] == "Brand <hello@brand.example>"
    assert mail["To"] == "ada@example.com"
    assert mail["Subject"] == "Your order is on its way"
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"
    assert set(mail.keys()) == HEADERS


def test_a_mail_has_the_text_and_the_html_beside_it() -> None:
    mail = read(write_mail(message(text="Grüße 🎉\n.\nEnde", html="<p>Grüße 🎉</p>"), NOW))

    assert mail.get_content_type() == "multipart/alternative"
    parts = [part.get_content_type() for part in mail.iter_parts()]
    assert parts == ["text/plain", "text/html"]
    text, html = (part.get_content() for part in mail.iter_parts())
    assert (text, html) == ("Grüße 🎉\r\n.\r\nEnde\r\n", "<p>Grüße 🎉</p>\r\n")


def test_a_repeat_is_the_same_mail_to_the_byte_but_for_its_date() -> None:
    later = NOW.replace(hour=16)

    first, again = write_mail(message(), NOW), write_mail(message(), later)

    assert first.message_id == again.message_id == "<1001/tracking-added/email@brand.example>"
    assert first.content.replace(b"15:04:05", b"16:04:05") == again.content


def test_another_notice_is_another_mail() -> None:
    ids = {
        write_mail(message(unique_id=u), NOW).message_id for u in ("a", "b", "a b", "a  b", "ü", "x" * 200)
    }

    assert len(ids) == 6
    assert all(i.isascii() and " " not in i for i in ids)


def test_a_server_that_sends_for_one_address_only_still_leads_answers_to_the_brand() -> None:
    mail = write_mail(message(), NOW, sender="shop@relay.example", domain="ids.example")

    assert mail.sender == "shop@relay.example"
    assert read(mail)["From"] == "Brand <shop@relay.example>"
    assert read(mail)["Reply-To"] == "hello@brand.example"
    assert mail.message_id.endswith("@ids.example>")


def test_a_brand_without_an_address_has_its_mails_refused() -> None:
    with pytest.raises(Refused, match="rejected"):
        write_mail(message(sender=Sender(name="Brand")), NOW)


def test_a_customer_without_an_address_is_unreachable() -> None:
    with pytest.raises(Refused) as refused:
        write_mail(message(to=""), NOW)

    assert refused.value.code == "unreachable"


def test_a_domain_in_another_script_is_written_as_dns_knows_it() -> None:
    assert write_mail(message(to="ada@bücher.example"), NOW).recipient == "ada@xn--bcher-kva.example"


ENDS_OF_LINE = [
    "\r\n", "\n", "\r", "\0", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\x7f", "\x1b",
]  # fmt: skip
SECOND_HEADERS = ["Bcc: all@evil.example", "To: all@evil.example", "\r\n\r\n<h1>Phish</h1>"]
HOSTILE_LINES = [f"Hello{end}{header}" for end in ENDS_OF_LINE for header in SECOND_HEADERS] + [
    "Hello\ud800", "\ud83d alone", "\tTabbed", "Hello\x00", "\nLeading", "Trailing\r",
]  # fmt: skip
HOSTILE_ADDRESSES = [
    *(f"ada@example.com{end}Bcc: all@evil.example" for end in ENDS_OF_LINE),
    *(f"ada{end}@example.com" for end in ENDS_OF_LINE),
    "ada@example.com, all@evil.example", "ada@example.com;all@evil.example", "ada@example.com all@evil.example",
    "Ada <ada@example.com>", "<ada@example.com>", "ada@example.com>", "<ada@example.com> SIZE=1",
    '"ada\\"@evil.example"@example.com', '"ada bcc"@example.com', "ada@@example.com", "@example.com", "ada@", "ada",
    "ada@example..com", ".ada@example.com", "ada.@example.com", "a..da@example.com", "ada@-example.com",
    "ada@exa mple.com", "ada@example.com ORCPT=x", "ada@[127.0.0.1]", "ada@example.com%0d%0aBcc: x@y.example",
    "ada(comment)@example.com", "ädä@example.com", "ada@" + "a" * 64 + ".com", "a" * 65 + "@example.com",
    "ada@" + "a." * 120 + "com", "@a,@b:ada@example.com", "group: ada@example.com;", "ada\\@example.com",
]  # fmt: skip


def test_the_battery_is_as_long_as_it_claims() -> None:
    assert len(HOSTILE_LINES) + len(HOSTILE_ADDRESSES) >= 100


@pytest.mark.parametrize("line", HOSTILE_LINES, ids=ascii)
def test_no_subject_and_no_name_makes_a_second_header(line: str) -> None:
    for hostile in (message(subject=line), message(sender=BRAND.model_copy(update={"name": line}))):
        with pytest.raises(Refused) as refused:
            write_mail(hostile, NOW)
        assert refused.value.code == "rejected"
        assert "evil" not in str(refused.value)


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES, ids=ascii)
def test_no_address_makes_a_second_recipient_or_a_second_header(address: str) -> None:
    with pytest.raises(Refused) as refused:
        write_mail(message(to=address), NOW)

    assert refused.value.code == ("rejected" if not address.isprintable() else "unreachable")
    with pytest.raises(Refused, match="rejected"):
        write_mail(message(sender=Sender(name="Brand", email=address)), NOW)


@pytest.mark.parametrize(
    "name", ['B"r\\and', "Brand, Inc. <x@y.example>", "Brånd=?utf-8?q?x?=", "a@b.example", "()"]
)
def test_an_odd_name_stays_a_name(name: str) -> None:
    mail = read(write_mail(message(sender=Sender(name=name, email="hello@brand.example")), NOW))

    (shown,) = mail["From"].addresses
    assert shown.addr_spec == "hello@brand.example"
    assert len(mail["From"].addresses) == len(mail["To"].addresses) == 1
    assert set(mail.keys()) == HEADERS


@pytest.mark.parametrize("end", [*ENDS_OF_LINE, "\r\n.\r\n", "\n.\n", "\r\n--=_x--\r\n"], ids=ascii)
def test_no_text_ends_its_part_or_the_mail(end: str) -> None:
    hostile = f"Hello{end}Bcc: all@evil.example{end}MAIL FROM:<x@evil.example>{end}bye"

    mail = read(write_mail(message(text=hostile, html=hostile), NOW))

    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert set(mail.keys()) == HEADERS
    assert all("bye" in part.get_content() for part in mail.iter_parts())


def test_half_a_character_in_a_text_is_refused() -> None:
    with pytest.raises(Refused, match="not text"):
        write_mail(message(text="Hello \ud800"), NOW)
    with pytest.raises(Refused, match="not text"):
        write_mail(message(html="<p>\udfff</p>"), NOW)
