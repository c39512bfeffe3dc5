"""A brand with a supplier of each level, all of them on real servers of this machine: mail, files, and HTTP."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP as Aiosmtpd
from aiosmtpd.smtp import Envelope, Session
from aiosmtplib import send

from hub.sdk import WireTransport
from hub.store.stock import Level, keep_levels
from tests.acceptance.brand import Brand
from tests.acceptance.mail_server import revise
from tests.connectors.serving import serve as serve_double
from tests.connectors.smtp.post_office import PostOffice, serve
from tests.connectors.supplier_csv.supplier import PASSWORD as SFTP_PASSWORD
from tests.connectors.supplier_csv.supplier import USER, Server, sftp_server
from tests.connectors.supplier_email.dovecot import PASSWORD, Dovecot, dovecot

COLUMNS = {
    "po_number": "reference", "sku": "supplier_sku", "qty": "quantity", "ship_name": "ship_name",
    "ship_address_1": "ship_address1", "ship_address_2": "ship_address2", "ship_city": "ship_city",
    "ship_zip": "ship_postcode", "ship_country": "ship_country",
}  # fmt: skip

MAIL = """
  mail: {{connector: supplier_email, store: main, settings: {{
    supplier: orders@globex.example, sender: orders@brand.example, shop: Lune & Fils,
    smtp: {{host: 127.0.0.1, port: {smtp}, security: none}},
    imap: {{host: 127.0.0.1, port: {imap}, security: none, username: orders, password: {password},
           listens: false}},
    answers: {{authserv_id: mx.brand.example}}{attachments}}}}}
"""
FILES = """
  files: {{connector: supplier_csv, store: main, settings: {{
    transport: {{type: sftp, host: 127.0.0.1, port: {sftp}, username: {user}, password: {password},
                host_key: {key}, private_network: true}},
    orders: {{path: in, {batches}profile: {{columns: [{columns}]}}}},
    inboxes: [{{kind: stock, path: out, pattern: "inv*.csv"}},
              {{kind: acknowledgements, path: out, pattern: "ack*.csv"}},
              {{kind: tracking, path: out, pattern: "shp*.csv"}},
              {{kind: invoices, path: out, pattern: "bill*.csv"}}],
    check_every: {every}, effect: checkable}}}}
"""
SUPPLIERS = """
  mail: {connection: mail, region: US-OR, stock_mode: batch, shipping: [{cost: 4.00 USD}],
    files: {
      stock: {columns: [{name: sku, meaning: supplier_sku}, {name: stock, meaning: stock}], is_full: false},
      tracking: {columns: [{name: po, meaning: order_reference}, {name: number, meaning: tracking_number},
                           {name: carrier, meaning: carrier}]}}}
  files: {connection: files, region: US-WA, stock_mode: batch, shipping: [{cost: 4.00 USD}], %s
    files: {
      stock: {columns: [{name: sku, meaning: supplier_sku}, {name: stock, meaning: stock}], is_full: false},
      acknowledgements: {columns: [{name: po, meaning: order_reference}, {name: status, meaning: status}],
                         status_words: {ok: accepted, no: rejected}},
      tracking: {columns: [{name: po, meaning: order_reference}, {name: number, meaning: tracking_number},
                           {name: carrier, meaning: carrier}]},
      invoices: {columns: [{name: invoice, meaning: invoice_number}, {name: po, meaning: order_reference},
                           {name: goods, meaning: charge}, {name: freight, meaning: shipping_charge}],
                 decimal_mark: ".", currency: USD}}}
"""


@dataclass
class Mail(PostOffice):
    """The mail server of brand and supplier in one. What is for the brand lies in Dovecot afterwards, with what the
    server found out about its sender; what is for the supplier is kept."""

    imap: Dovecot | None = None
    refused: list[Envelope] = field(default_factory=list)

    async def handle_DATA(self, server: Aiosmtpd, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        if all(str(to).endswith("@brand.example") for to in envelope.rcpt_tos):
            assert self.imap is not None
            domain = str(envelope.mail_from).rpartition("@")[2]
            proof = "pass" if domain == "globex.example" else "none"
            stamp = f"Authentication-Results: mx.brand.example; dmarc={proof} header.from={domain}\r\n"
            self.imap.deliver(stamp.encode() + content)
            return "250 2.0.0 Delivered"
        return await super().handle_DATA(server, session, envelope)


@dataclass
class Levels:
    """The brand, and its suppliers by mail (`mail`), by files (`files`) and by API (`a`)."""

    brand: Brand
    post: Mail
    disk: Server

    def orders_by_mail(self) -> list[EmailMessage]:
        """The purchase orders in the first supplier's mailbox."""
        return [message_from_bytes(one.original_content or b"", policy=default) for one in self.post.taken]

    def orders_by_file(self) -> list[list[dict[str, str]]]:
        """The purchase orders in the second supplier's folder, a list of rows for each file."""
        found = sorted((self.disk.root / "in").glob("*.csv"))
        return [list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline=""))) for path in found]

    async def writes(self, order: EmailMessage, text: str, sender: str = "ship@globex.example") -> None:
        """The supplier answers a purchase order's mail, over SMTP."""
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"] = sender, str(order["Reply-To"])
        mail["Subject"] = f"Re: {order['Subject']}"
        mail["In-Reply-To"] = str(order["Message-ID"])
        mail["Message-ID"] = f"<{len(self.post.imap.lying() if self.post.imap else [])}@globex.example>"
        mail.set_content(text)
        await send(mail, hostname="127.0.0.1", port=self.post.port, sender=sender, start_tls=False)

    async def attaches(self, text: str, *files: tuple[str, str], sender: str = "ship@globex.example") -> None:
        """The supplier writes to the brand of its own accord, with files in the mail."""
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = sender, "orders@brand.example", "Our list of today"
        mail["Message-ID"] = f"<{len(self.post.imap.lying() if self.post.imap else [])}@globex.example>"
        mail.set_content(text)
        for name, content in files:
            mail.add_attachment(content, subtype="csv", filename=name)
        await send(mail, hostname="127.0.0.1", port=self.post.port, sender=sender, start_tls=False)

    async def bounces(self, order: EmailMessage) -> None:
        """The supplier's mail server reports that nobody there has this address."""
        report = EmailMessage(policy=SMTP)
        report["From"], report["To"] = "MAILER-DAEMON@mx.globex.example", str(order["Reply-To"])
        report["Subject"], report["Auto-Submitted"] = "Undelivered mail", "auto-replied"
        report.set_content("550 5.1.1 no such user")
        await send(report, hostname="127.0.0.1", port=self.post.port, sender="", start_tls=False)

    def puts(self, name: str, text: str) -> None:
        """The supplier writes a file for the brand."""
        (self.disk.root / "out" / name).write_text(text, encoding="utf-8")

    async def go_on(self, minutes: int = 10) -> None:
        """Time passes, and mailboxes and folders are looked into as it does."""
        for _ in range(minutes):
            await self.brand.floor.let_pass(minutes=1)
            while polling := [*self.brand.floor.pump.engine.polling.values()]:
                await asyncio.wait(polling)
            await self.brand.floor.settle()

    async def stocks(self, supplier: str, article: str, units: int) -> None:
        """What the merchant knows of a supplier's shelves is kept."""
        level = Level(supplier, article, units, self.brand.floor.now)
        async with self.brand.floor.hub.database.transaction() as connection:
            await keep_levels(connection, "main", [level], self.brand.floor.now)

    async def told(self, status: str) -> set[str]:
        """The purchases of which such news was told, whoever brought it."""
        rows = await self.brand.floor.rows(
            "select subject, key from events where name = 'purchase_order_changed' order by key"
        )
        return {row["subject"] for row in rows if f"@{status}@" in row["key"]}


@asynccontextmanager
async def open_levels(
    brand: Brand,
    folder: Path,
    *,
    skus: str,
    orders_at: str = "",
    every: str = "1 minute",
    attachments: str = "",
) -> AsyncIterator[Levels]:
    """Open the servers, and let the merchant connect them. `skus` are more rows of the SKU map."""
    async with AsyncExitStack() as stack:
        imap = await stack.enter_async_context(dovecot())
        post = Mail(imap=imap)
        await stack.enter_async_context(serve(post))
        folder.mkdir()
        disk = await stack.enter_async_context(sftp_server(folder))
        origin = stack.enter_context(serve_double(brand.suppliers["a"]))
        wire = WireTransport(frozenset({origin}))
        stack.push_async_callback(wire.close)
        brand.floor.wires |= {"a": wire, "mail": wire, "files": wire}
        columns = ", ".join(f"{{name: {name}, holds: {holds}}}" for name, holds in COLUMNS.items())
        files = FILES.format(
            sftp=disk.port, user=USER, password=SFTP_PASSWORD, key=disk.host_key, columns=columns, every=every,
            batches="batches: 'orders_{batch}.csv', " if orders_at else "",
        )  # fmt: skip
        mail = MAIL.format(smtp=post.port, imap=imap.port, password=PASSWORD, attachments=attachments)
        (brand.folder / "skus.csv").write_text(brand.terms.skus + skus, encoding="utf-8")
        at = f"orders_at: [{orders_at}]," if orders_at else ""
        await revise(
            brand,
            ("\nroles:\n", f"{mail}{files}\nroles:\n  mailbox: [mail]\n  files: [files]\n"),
            ("  supplier: [", "  supplier: [mail, files, "),
            ("\nsuppliers:\n", f"\nsuppliers:{SUPPLIERS % at}"),
            ("everybody, use: [a", "everybody, use: [mail, files, a"),
            ("'http://a.test'", f"'{origin}'"),
        )
        yield Levels(brand, post, disk)


def facts(order: EmailMessage) -> dict[str, Any]:
    """What a purchase order says, by its labels."""
    body = order.get_body(("plain",))
    assert body is not None
    lines = str(body.get_content()).replace("\r\n", "\n").splitlines()
    return dict(line.partition(": ")[::2] for line in lines if ": " in line)
