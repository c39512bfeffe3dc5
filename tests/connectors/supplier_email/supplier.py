"""A supplier who is written to, the shop's connection to it, and the orders they speak of."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.supplier_email.connector import SupplierEmail
from connectors.supplier_email.inbox import MailReceived
from connectors.supplier_email.sandbox import PostSandbox
from connectors.supplier_email.settings import EmailSettings
from hub.sdk import Call, Client, Page
from hub.sdk.commerce import Address, Money, NewPurchaseOrder, PurchaseLine
from hub.sdk.testing import SandboxTransport
from tests.connectors.supplier_email.dovecot import PASSWORD

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def settings(smtp_port: int = 2525, imap_port: int | None = None, **changes: Any) -> EmailSettings:
    """A connection to servers on this machine."""
    given: dict[str, Any] = {
        "supplier": "orders@globex.example",
        "sender": "orders@brand.example",
        "shop": "Lune & Fils",
        "smtp": {"host": "127.0.0.1", "port": smtp_port, "security": "none"},
        "answers": {"authserv_id": "mx.brand.example"},
    }
    if imap_port is not None:
        given["imap"] = {
            "host": "127.0.0.1", "port": imap_port, "security": "none", "username": "orders", "password": PASSWORD,
            "listens": False,
        }  # fmt: skip
    return EmailSettings.model_validate(given | changes)


def connector(known: EmailSettings, double: PostSandbox | None = None) -> SupplierEmail:
    """The shop's connection; with a double it goes there."""
    client = Client(SandboxTransport(double or PostSandbox()))
    return SupplierEmail(known, client, "http://post.test" if double else None)


def call(seconds: float = 8, minutes: int = 0) -> Call:
    """A call some minutes into the test's morning."""
    return Call("key", asyncio.get_running_loop().time() + seconds, 1, NOW + timedelta(minutes=minutes))


def order(number: str = "1001", *lines: PurchaseLine, **to: str) -> NewPurchaseOrder:
    """A purchase order of two lamps, or of these lines."""
    lamp = PurchaseLine(
        line_id="1", sku="LAMP", supplier_sku="A1", title="Lamp", quantity=2,
        unit_cost=Money.model_validate({"amount": "12.50", "currency": "EUR"}),
    )  # fmt: skip
    place = {"name": "Ann Lee", "line1": "Strasse 5", "line2": "Apt 4B", "city": "Bonn", "postcode": "05113"}
    return NewPurchaseOrder(
        reference=f"{number}-1-abc234",
        order_number=number,
        ship_to=Address.model_validate({**place, "country": "DE", **to}),
        lines=list(lines) or [lamp],
        answer_url="https://track.brand.example/s/abc",
    )


def answer(reference: str, text: str, *, id: str = "", subject: str = "", sender: str = "") -> bytes:
    """A mail of the supplier's about a purchase, as the brand's own server hands it on."""
    return (
        "Authentication-Results: mx.brand.example; dmarc=pass header.from=globex.example\r\n"
        f"From: Globex <{sender or 'ship@globex.example'}>\r\nTo: orders+{reference}@brand.example\r\n"
        f"Subject: {subject or f'Re: Purchase order {reference}'}\r\n"
        f"Message-ID: <{id or reference}@globex.example>\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


async def read_all(shop: SupplierEmail, cursor: str | None = None) -> tuple[list[MailReceived], str | None]:
    """Poll until there is no more; every mail that was found, and the cursor behind them."""
    found: list[MailReceived] = []
    while True:
        page: Page[MailReceived] = await shop.mail_received(cursor, call())
        found += page.events
        cursor = page.cursor
        if not page.more:
            return found, cursor
