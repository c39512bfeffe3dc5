"""Mails made on the spot for one question each."""

from hub.fulfilment.mails.reading import MailReading, read_mail
from hub.fulfilment.mails.references import Known
from hub.fulfilment.mails.trust import Gate

UPS = "1Z999AA10123456784"


def letter(text: str, subject: str = "News", *, headers: str = "", html: bool = False) -> bytes:
    """A mail of one text."""
    kind = "html" if html else "plain"
    head = f"From: Sun Supply <ship@sun.example>\nSubject: {subject}\n{headers}"
    return f"{head}Content-Type: text/{kind}; charset=utf-8\n\n{text}".encode()


def read(
    text: str, subject: str = "News", *, headers: str = "", html: bool = False, known: Known | None = None
) -> MailReading:
    """What such a mail says."""
    return read_mail(letter(text, subject, headers=headers, html=html), known)


def trusted(
    headers: str, *, allowed: tuple[str, ...] = ("sun.example",), authserv_id: str = "mx.shop.example"
) -> bool:
    """Whether a mail with these headers on top is believed to be from whom it says."""
    raw = f"{headers}\n".encode() + letter(f"Order 8492 has shipped, tracking number {UPS}")
    return read_mail(raw, gate=Gate(authserv_id, allowed)).trust.trusted
