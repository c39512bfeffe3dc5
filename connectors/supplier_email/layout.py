"""A purchase order as a mail: one layout for every order, as text and as HTML, and both say the same. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from connectors.supplier_email.parts import House, Part, as_text, parts_of
from connectors.supplier_email.settings import EmailSettings
from hub.sdk import Call, Refused
from hub.sdk.commerce import NewPurchaseOrder
from hub.sdk.mailing.addresses import one_line
from hub.sdk.mailing.mail import Mail, boundary, local_part

PAGE = "margin:0;padding:24px;background:#fff;color:#1d2530;font:15px/1.5 Arial,Helvetica,sans-serif"
SHEET = "max-width:640px;overflow-wrap:anywhere"
TITLE = "margin:26px 0 6px;font-size:16px;line-height:1.3"
TABLE = "width:100%;border-collapse:collapse;page-break-inside:avoid"
LABEL = "width:34%;padding:5px 12px 5px 0;border-top:1px solid #dfe2e0;color:#55606c;font-weight:normal;text-align:left"
VALUE = "padding:5px 0;border-top:1px solid #dfe2e0"
LINK = "color:#0f766e"
"""Styles stand on each element: mail programs leave style sheets out. Black on white, so that it can be printed."""
TOLD_APART = {"Purchase order number", "Your SKU", "Quantity"}
"""What a packer looks for first."""
LONGEST_LOCAL = 64
"""Signs that may stand before the @ (RFC 5321, 4.5.3.1.1)."""


def write_purchase_order(order: NewPurchaseOrder, settings: EmailSettings, now: datetime) -> Mail:
    """The mail. The same order has the same Message-ID and the same bytes whenever it is written; only Date moves."""
    reply_to = answer_address(order.reference, settings)
    domain = settings.sender.rpartition("@")[2]
    message_id = f"<{local_part(f'po.{order.reference}')}@{domain}>"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(settings.shop, addr_spec=settings.sender)
    mail["Reply-To"] = reply_to
    mail["To"] = settings.supplier
    written = _written(order, settings)
    mail["Subject"] = written.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id
    # RFC 3834: keeps holiday notes and other robots from answering.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-PO-Number"] = one_line(order.reference, "reference")
    try:
        mail.set_content(written.text, cte="quoted-printable")
        mail.add_alternative(written.html, subtype="html", cte="quoted-printable")
        mail.set_boundary(boundary(order.reference))
    except UnicodeEncodeError:
        raise Refused("rejected", "The order has a character that is not text.") from None
    return Mail(reply_to, settings.supplier, message_id, mail.as_bytes())


def write_test(order: NewPurchaseOrder, settings: EmailSettings, recipient: str, call: Call) -> Mail:
    """The mail as it would be sent, to somebody else, and by its subject and its numbers no order."""
    theirs = settings.model_copy(update={"supplier": recipient, "reply_tokens": False})
    mail = message_from_bytes(write_purchase_order(order, theirs, call.now).content, policy=SMTP)
    message_id = f"<{local_part(f'test.{call.key}')}@{settings.sender.rpartition('@')[2]}>"
    del mail["X-PO-Number"]
    mail.replace_header("Subject", f"[Test, nothing is ordered] {mail['Subject']}")
    mail.replace_header("Message-ID", message_id)
    return Mail(settings.sender, recipient, message_id, mail.as_bytes())


@dataclass(frozen=True, slots=True)
class _Written:
    subject: str
    text: str
    html: str


def _written(order: NewPurchaseOrder, settings: EmailSettings) -> _Written:
    """What the mail says: our own layout, or what the merchant's template makes of the same parts."""
    house = House(settings.shop, settings.instructions, settings.signature)
    title = escape(f"Purchase order {order.reference}")
    if settings.template is not None:
        own = settings.template.render(order, house)
        return _Written(one_line(own.subject, "subject"), own.text, _page(title, _paragraphs(own.text)))
    parts = parts_of(order, house)
    text = "\n\n".join(as_text(part) for part in parts) + "\n"
    return _Written(subject(order), text, _page(title, "\n".join(_table(part) for part in parts)))


def answer_address(reference: str, settings: EmailSettings) -> str:
    """Where answers and reports of this order go: by it alone they are known to be about it."""
    local, _, domain = settings.sender.rpartition("@")
    token = f"{local}+{reference}"
    if not settings.reply_tokens or len(token) > LONGEST_LOCAL or local_part(reference) != reference:
        return settings.sender
    return f"{token}@{domain}"


def subject(order: NewPurchaseOrder) -> str:
    """Names the purchase and the order, so that an answer that keeps it needs no more."""
    count = "1 line" if len(order.lines) == 1 else f"{len(order.lines)} lines"
    return one_line(f"Purchase order {order.reference} (order {order.order_number}), {count}", "subject")


def _page(title: str, body: str) -> str:
    head = f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    sheet = f'<div style="{SHEET}">\n{body}\n</div>'
    return f'<!doctype html>\n{head}<body style="{PAGE}">\n{sheet}\n</body></html>\n'


def _paragraphs(text: str) -> str:
    """A text as HTML: what stands between empty lines is a paragraph, and addresses of pages are links."""
    shown = re.sub(
        r"https?://[^\s<>\"&]+(?:&amp;[^\s<>\"&]+)*", r'<a href="\g<0>">\g<0></a>', escape(text.strip())
    )
    return "\n".join(
        f"<p>{part.replace(chr(10), '<br>' + chr(10))}</p>" for part in re.split(r"\n\s*\n", shown)
    )


def _table(part: Part) -> str:
    rows = "\n".join(
        f'<tr valign="top"><th scope="row" style="{LABEL}">{escape(label)}</th>'
        f'<td style="{VALUE}">{_cell(label, value)}</td></tr>'
        for label, value in part.rows
    )
    return f'<h2 style="{TITLE}">{escape(part.title)}</h2>\n<table style="{TABLE}">\n{rows}\n</table>'


def _cell(label: str, value: str) -> str:
    shown = escape(value)
    if value.startswith(("https://", "http://")):
        return f'<a href="{shown}" style="{LINK}">{shown}</a>'
    return f"<strong>{shown}</strong>" if label in TOLD_APART else shown
