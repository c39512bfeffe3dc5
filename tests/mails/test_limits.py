"""A hostile mail costs a question and at most ten seconds; an honest one with a large attachment is read."""

import base64

import pytest

from hub.fulfilment.mails.apart import read_apart
from hub.fulfilment.mails.reading import read_mail
from tests.mails.letters import UPS, letter

HEAD = b"From: ship@sun.example\nSubject: Order 8492 has shipped\nMIME-Version: 1.0\n"


def mixed(*parts: bytes) -> bytes:
    return (
        HEAD + b"Content-Type: multipart/mixed; boundary=X\n\n--X\n" + b"\n--X\n".join(parts) + b"\n--X--\n"
    )


TEXT = f"Content-Type: text/plain\n\nOrder 8492 has shipped, tracking number {UPS}".encode()


@pytest.mark.slow
def test_a_large_attachment_stays_shut_and_its_letter_is_read() -> None:
    pdf = b"Content-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n"
    pdf += b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(bytes(17 * 1024 * 1024))
    reading = read_apart(mixed(TEXT, pdf))
    assert reading.order_references == ["8492"]
    assert [(one.what, one.why) for one in reading.left_out] == [("a.pdf", "attachments stay shut")]


def test_a_mail_above_25_megabytes_is_not_opened() -> None:
    assert read_apart(HEAD + bytes(26 * 1024 * 1024)).left_out[0].why == "The mail has more than 25 MB."


def test_more_than_fifty_parts_and_more_than_ten_floors_are_too_much() -> None:
    many = read_mail(mixed(*[TEXT] * 60))
    deep = HEAD + b"".join(b"Content-Type: message/rfc822\n\nSubject: x\n" for _ in range(40))
    nested = HEAD + b"".join(
        f"Content-Type: multipart/mixed; boundary=B{i}\n\n--B{i}\n".encode() for i in range(900)
    )
    assert many.left_out[0].why == "The mail has more than 50 parts."
    for raw in (deep, nested):
        assert read_mail(raw).left_out[0].why == "The mail is nested deeper than 10."


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        b"<!--" * 500_000,
        b"<a " + b'a="' * 600_000,
        b"<table><tr><td>" * 60_000,
        b'<p style="' + b"display: " * 200_000 + b'">',
        b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>",
    ],
    ids=["comments", "attributes", "tables", "styles", "brackets"],
)
def test_hostile_markup_harms_nobody(text: bytes) -> None:
    reading = read_apart(HEAD + b"Content-Type: text/html\n\n" + text)
    assert reading.tracking_numbers == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "word", ["1 ", "1234 ", "order ", "tracking number ", "has been ", "a.", "a@", "(", "DE89 ", "+1 ("]
)
def test_a_text_of_one_word_is_read_in_the_end(word: str) -> None:
    line = (word * (1990 // len(word))).encode() + b"\n"
    reading = read_apart(HEAD + b"Content-Type: text/plain\n\n" + line * 300)
    assert reading.left_out == [] or "seconds" not in reading.left_out[0].why
    assert reading.tracking_numbers == []


@pytest.mark.parametrize("charset", ["zip", "no-such-set", '"', "utf-7", "idna", "\u00e9"])
def test_a_charset_that_lies_harms_nobody(charset: str) -> None:
    head = HEAD + f"Content-Type: text/plain; charset={charset}\n\n".encode()
    assert read_mail(head + TEXT.partition(b"\n\n")[2]).order_references == ["8492"]


def test_what_the_child_reads_is_what_we_read() -> None:
    raw = letter(f"Order 8492 has shipped, tracking number {UPS}", "Order 8492")
    assert read_apart(raw) == read_mail(raw)
