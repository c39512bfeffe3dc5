"""A purchase order as a mail: one layout for every order, as text and as HTML, and both say the same. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from connectors.supplier_email.settings import EmailSettings
from hub.sdk import Refused
from hub.sdk.commerce import NewPurchaseOrder, PurchaseLine
from hub.sdk.mailing.addresses import one_line
from hub.sdk.mailing.mail import Mail, boundary, local_part

LONGEST_LOCAL = 64
"""Signs that may stand before the @ (RFC 5321, 4.5.3.1.1)."""
NOTHING = "-"
"""What stands in place of a value that is not there, so that every order has the same lines."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the order: its title, and what it says as (label, value)."""

    title: str
    rows: tuple[tuple[str, str], ...]


def write_purchase_order(order: NewPurchaseOrder, settings: EmailSettings, now: datetime) -> Mail:
    """The mail. The same order has the same Message-ID and the same bytes whenever it is written; only Date moves."""
    reply_to = answer_address(order.reference, settings)
    domain = settings.sender.rpartition("@")[2]
    message_id = f"<{local_part(f'po.{order.reference}')}@{domain}>"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(settings.shop, addr_spec=settings.sender)
    mail["Reply-To"] = reply_to
    mail["To"] = settings.supplier
    mail["Subject"] = subject(order)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id
    # RFC 3834: keeps holiday notes and other robots from answering.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-PO-Number"] = one_line(order.reference, "reference")
    parts = list(_parts(order, settings))
    try:
        mail.set_content(_text(parts), cte="quoted-printable")
        mail.add_alternative(_html(parts, order), subtype="html", cte="quoted-printable")
        mail.set_boundary(boundary(order.reference))
    except UnicodeEncodeError:
        raise Refused("rejected", "The order has a character that is not text.") from None
    return Mail(reply_to, settings.supplier, message_id, mail.as_bytes())


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


def _parts(order: NewPurchaseOrder, settings: EmailSettings) -> Iterator[Part]:
    to = order.ship_to
    yield _part(
        "Purchase order",
        ("Purchase order number", order.reference),
        ("Order number", order.order_number),
        ("From", settings.shop),
        ("Lines", str(len(order.lines))),
        ("Shipping method", order.shipping_method),
        ("Instructions", settings.instructions),
        ("Note", order.note),
    )
    yield _part(
        "Ship to",
        ("Name", to.name),
        ("Company", to.company),
        ("Address 1", to.line1),
        ("Address 2", to.line2),
        ("City", to.city),
        ("Region", to.region),
        ("Postcode", to.postcode),
        ("Country", to.country),
        ("Phone", to.phone),
    )
    for number, line in enumerate(order.lines, 1):
        yield _line(number, len(order.lines), line)
    yield _part(
        "Your answer",
        ("By link", order.answer_url),
        (
            "By mail",
            f"Answer this mail, quote {order.reference}, and name carrier and tracking number of each parcel.",
        ),
        ("Regards", settings.signature or settings.shop),
    )


def _line(number: int, count: int, line: PurchaseLine) -> Part:
    cost = f"{line.unit_cost.amount:f} {line.unit_cost.currency}" if line.unit_cost else ""
    wishes = [(name, value) for name, value in sorted(line.properties.items()) if not name.startswith("_")]
    return _part(
        f"Line {number} of {count}",
        ("Product", line.title),
        ("Your SKU", line.supplier_sku),
        ("Our SKU", line.sku),
        ("Quantity", str(line.quantity)),
        ("Unit cost", cost),
        *((f"Wish: {name}", value) for name, value in wishes),
    )


def _part(title: str, *rows: tuple[str, str]) -> Part:
    return Part(title, tuple((_plain(label), _plain(value) or NOTHING) for label, value in rows))


def _plain(value: str) -> str:
    """A value on one line, so that a name with a line break in it cannot pose as another field."""
    return " ".join(value.splitlines()).strip() if value.splitlines() != [value] else value


def _text(parts: list[Part]) -> str:
    blocks = [
        "\n".join([part.title.upper(), *(f"{label}: {value}" for label, value in part.rows)])
        for part in parts
    ]
    return "\n\n".join(blocks) + "\n"


def _html(parts: list[Part], order: NewPurchaseOrder) -> str:
    tables = "\n".join(_table(part) for part in parts)
    title = escape(f"Purchase order {order.reference}")
    head = f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    return f"<!doctype html>\n{head}<body>\n{tables}\n</body></html>\n"


def _table(part: Part) -> str:
    rows = "\n".join(
        f'<tr><th scope="row" align="left">{escape(label)}</th><td>{_cell(value)}</td></tr>'
        for label, value in part.rows
    )
    return f'<h2>{escape(part.title)}</h2>\n<table cellpadding="4">\n{rows}\n</table>'


def _cell(value: str) -> str:
    shown = escape(value)
    return f'<a href="{shown}">{shown}</a>' if value.startswith(("https://", "http://")) else shown
