"""A customer's message as the bytes of one mail (RFC 5322). Pure."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from hub.sdk import Refused
from hub.sdk.mailing.addresses import mailbox, one_line
from hub.sdk.mailing.mail import Mail, boundary, local_part
from hub.sdk.messages import CustomerMessage


def write_mail(message: CustomerMessage, now: datetime, sender: str = "", domain: str = "") -> Mail:
    """The mail. `sender` stands in From instead of the brand's address; `domain` is that of the Message-ID.

    The same message has the same Message-ID and the same boundary whenever it is written; only Date moves.
    """
    if not message.to.email:
        raise Refused("unreachable", "The customer has no e-mail address.")
    recipient = mailbox(message.to.email, "recipient", "unreachable")
    brand = mailbox(message.sender.email, "sender's address") if message.sender.email else ""
    if not (sender or brand):
        raise Refused("rejected", "Neither the brand nor the connection has a sender's address.")
    from_address = sender or brand
    message_id = f"<{local_part(message.unique_id)}@{domain or from_address.rpartition('@')[2]}>"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(one_line(message.sender.name, "sender's name"), addr_spec=from_address)
    if brand and brand != from_address:
        mail["Reply-To"] = brand
    mail["To"] = recipient
    mail["Subject"] = one_line(message.subject, "subject")
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id
    # RFC 3834: keeps holiday notes and other robots from answering.
    mail["Auto-Submitted"] = "auto-generated"
    _write_bodies(mail, message)
    return Mail(from_address, recipient, message_id, mail.as_bytes())


def _write_bodies(mail: EmailMessage, message: CustomerMessage) -> None:
    """The text, and the HTML beside it. Quoted-printable keeps lines short and every byte in ASCII."""
    try:
        mail.set_content(message.text, cte="quoted-printable")
        if message.html:
            mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
            mail.set_boundary(boundary(message.unique_id))
    except UnicodeEncodeError:
        raise Refused("rejected", "The message has a character that is not text.") from None
