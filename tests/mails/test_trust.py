"""Whom a mail is from is what our own server says, on the topmost line, of the one sender we expect."""

import pytest

from hub.fulfilment.mails.reading import read_mail
from hub.fulfilment.mails.trust import Gate
from tests.mails.letters import letter, trusted

PASS = "Authentication-Results: mx.shop.example; dmarc=pass (p=reject) header.from=sun.example"


@pytest.mark.parametrize(
    "headers",
    [
        PASS,
        "Authentication-Results: mx.shop.example 1; dmarc=pass header.from=SUN.example; spf=fail",
        "Authentication-Results: mx.shop.example;\n dkim=pass header.d=sun.example header.s=a;\n spf=none",
        "Authentication-Results: MX.shop.example; dkim=pass header.i=@sun.example",
        'Authentication-Results: mx.shop.example; dkim=pass reason="a; b" header.d=sun.example',
    ],
)
def test_a_sender_whom_our_server_proves_and_we_expect_is_trusted(headers: str) -> None:
    assert trusted(headers)


@pytest.mark.parametrize(
    "headers",
    [
        "X-Nothing: yes",
        "Authentication-Results: mx.shop.example; none",
        "Authentication-Results: mx.shop.example; dmarc=fail header.from=sun.example; dkim=pass header.d=evil.example",
        "Authentication-Results: mx.shop.example; dmarc=pass header.from=evil.example",
        "Authentication-Results: mx.shop.example; dmarc=pass",
        "Authentication-Results: mx.shop.example; spf=pass smtp.mailfrom=sun.example",
        "Authentication-Results: mx.shop.example; dkim=pass header.d=notsun.example",
        "Authentication-Results: mx.shop.example; dkim=pass header.d=example",
        "Authentication-Results: mx.evil.example; dmarc=pass header.from=sun.example",
        "Authentication-Results: (mx.shop.example) evil.example; dmarc=pass header.from=sun.example",
        "Authentication-Results: mx.shop.example; x=y (dmarc=pass header.from=sun.example)",
        'Authentication-Results: mx.shop.example; spf=fail reason="; dmarc=pass header.from=sun.example"',
        "Authentication-Results: mx.shop.example; dmarc=pass (unclosed header.from=sun.example",
        "ARC-Authentication-Results: i=1; mx.shop.example; dmarc=pass header.from=sun.example",
    ],
)
def test_anything_else_is_not(headers: str) -> None:
    assert not trusted(headers)


def test_results_that_came_with_the_mail_count_for_nothing() -> None:
    assert not trusted(f"Authentication-Results: mx.shop.example; dmarc=fail header.from=sun.example\n{PASS}")
    assert not trusted(f"Authentication-Results: relay.example; dmarc=none\n{PASS}")


def test_results_within_a_forwarded_mail_count_for_nothing() -> None:
    inner = f"{PASS}\n".encode() + letter("Order 8492 has shipped")
    raw = b"From: ship@sun.example\nContent-Type: message/rfc822\n\n" + inner
    assert not read_mail(raw, gate=Gate("mx.shop.example", ["sun.example"])).trust.trusted


def test_a_proved_sender_whom_nobody_expects_is_not_trusted() -> None:
    assert not trusted(PASS, allowed=("moon.example",))
    assert not trusted(PASS, allowed=("other@sun.example",))
    assert not trusted(PASS, allowed=())
    assert trusted(PASS, allowed=("ship@sun.example",))


def test_a_domain_on_the_list_does_not_stand_for_those_below_it_or_like_it() -> None:
    assert not trusted(PASS, allowed=("example",))
    assert not trusted(PASS, allowed=("xsun.example", "un.example"))


def test_without_the_name_of_our_server_nobody_is_trusted() -> None:
    assert not trusted(PASS, authserv_id="")
    reading = read_mail(letter("hello"))
    assert reading.trust.reasons == ["no mail server of ours is named (authserv-id)"]


def test_two_senders_are_none() -> None:
    assert not trusted(f"{PASS}\nFrom: boss@moon.example")
    assert not trusted(f"{PASS}\nFrom: a@sun.example, b@sun.example")


def test_a_signature_over_a_part_of_the_text_proves_nothing() -> None:
    assert not trusted(f"{PASS}\nDKIM-Signature: v=1; a=rsa-sha256; d=sun.example; l=12; b=AAAA")


def test_a_domain_of_look_alike_letters_is_another() -> None:
    cyrillic = "s\u0443n.example"
    raw = f"Authentication-Results: mx.shop.example; dmarc=pass header.from={cyrillic}\n".encode()
    raw += f"From: ship@{cyrillic}\n\nhello".encode()
    assert not read_mail(raw, gate=Gate("mx.shop.example", ["sun.example"])).trust.trusted
