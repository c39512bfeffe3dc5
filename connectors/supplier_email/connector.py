"""The connector for suppliers who are reached by mail: it carries mails both ways and reads none."""

import asyncio
from datetime import datetime, timedelta

from connectors.supplier_email.desk import HttpInbox
from connectors.supplier_email.imap import ImapInbox
from connectors.supplier_email.inbox import AwaitedFile, Inbox, MailReceived, Mark, received
from connectors.supplier_email.layout import write_purchase_order, write_test
from connectors.supplier_email.settings import EmailSettings
from connectors.supplier_email.template import EXAMPLE
from hub.sdk import (
    SUPPLIER,
    Call,
    Client,
    Connector,
    Limits,
    Page,
    Unreadable,
    Unsafe,
    action,
    poll,
)
from hub.sdk.commerce import NewPurchaseOrder, PurchaseOrder
from hub.sdk.mailing.conversation import Conversation, hand_over_in_turn
from hub.sdk.mailing.mail import Mail
from hub.sdk.mailing.oauth import Entrance
from hub.sdk.mailing.replies import read_answer
from hub.sdk.testing import Sandbox


class SupplierEmail(Connector[EmailSettings]):
    """A supplier who takes orders by mail and answers by mail, or by the link in it.

    Sent is not taken: the order is `requested` until the supplier says more. With an http(s) `base_url`, as doubles
    have it, the same envelope and the same bytes go there, and mails are fetched there; all but SMTP and IMAP is used.
    """

    name = "supplier_email"
    title = "Supplier by e-mail"
    level = 1
    capabilities = (SUPPLIER,)
    integration_depth = "email"
    limits = Limits(in_flight=10)
    """Many servers take no more than 10 to 20 conversations from one address at once."""

    def __init__(self, settings: EmailSettings, client: Client, base_url: str | None = None) -> None:
        super().__init__(settings, client, base_url)
        self._server = settings.smtp.at(None, settings.sender.rpartition("@")[2])
        self._places = asyncio.Semaphore(self.limits.in_flight)
        self._entrance = Entrance(client, self.base_url, settings.smtp)
        self._inbox = self._opened()

    @classmethod
    def sandbox(cls) -> Sandbox:
        """A mail server and a mailbox."""
        from connectors.supplier_email.sandbox import PostSandbox

        return PostSandbox()

    # Once the final dot is sent and the reply is lost, SMTP has no question for whether the mail was taken, and a
    # supplier who gets it twice may well ship twice. So nothing is promised: a person decides. A repeat carries the
    # same Message-ID, by which many mailboxes show it once.
    @action(Unsafe(), refusals=("rejected", "unreachable"))
    async def create_purchase_order(self, order: NewPurchaseOrder, call: Call) -> PurchaseOrder:
        """Send the order to the supplier as one mail."""
        await self._hand_over(write_purchase_order(order, self.settings, call.now), call)
        return PurchaseOrder(reference=order.reference, status="requested")

    def preview(self, now: datetime) -> Mail:
        """The mail about an invented order, as the supplier would get it; nothing is sent."""
        return write_purchase_order(EXAMPLE, self.settings, now)

    async def send_test(self, recipient: str, call: Call) -> Mail:
        """Send that mail to this address instead, marked as a test, by the server that orders go by."""
        mail = write_test(EXAMPLE, self.settings, recipient, call)
        await self._hand_over(mail, call)
        return mail

    @poll(every=timedelta(seconds=30))
    async def mail_received(self, cursor: str | None, call: Call) -> Page[MailReceived]:
        """Mails that came since the last look, in the order they came, a few at a time."""
        if self._inbox is None:
            return Page([], cursor)
        try:
            mark = Mark.model_validate_json(cursor) if cursor else Mark()
        except ValueError:
            raise Unreadable("The cursor is not one that this connector has written.") from None
        look = await self._inbox.look(mark, call)
        events: dict[str, MailReceived] = {}
        for lying in look.mails:
            event = received(lying, look.mark.uid_validity, call.now).model_copy(
                update={
                    "authserv_id": self.settings.answers.authserv_id,
                    "senders": list(self.settings.believed),
                    "attachments": [
                        AwaitedFile(name=one.name, kind=one.kind) for one in self.settings.attachments
                    ],
                }
            )
            events.setdefault(event.key(), event)
        return Page(list(events.values()), look.mark.model_dump_json(), look.more)

    async def probe(self, call: Call) -> str:
        """Log in at both servers and leave."""
        await self._entrance.enter(call, lambda token: self._log_in(call, token))
        if self._inbox is None:
            return "The mail server lets us in. No mailbox is named, so answers come by link alone."
        await self._inbox.probe(call)
        return "The mail server and the mailbox let us in."

    def _is_over_http(self) -> bool:
        return (self.base_url or "").startswith(("http://", "https://"))

    def _opened(self) -> Inbox | None:
        imap = self.settings.imap
        if imap is None:
            return None
        entrance = Entrance(self._client, self.base_url, imap)
        return HttpInbox(self, entrance) if self._is_over_http() else ImapInbox(imap, entrance)

    async def _hand_over(self, mail: Mail, call: Call) -> None:
        await self._entrance.enter(call, lambda token: self._hand_over_with(token, mail, call))

    async def _hand_over_with(self, token: str, mail: Mail, call: Call) -> None:
        if self._is_over_http():
            envelope = {"mail-from": mail.sender, "rcpt-to": mail.recipient, "content-type": "message/rfc822"}
            headers = {**envelope, **self._entrance.headers(token)}
            read_answer(await self.http(call).post("/mails", content=mail.content, headers=headers))
        else:
            server = self._server.entered_with(token, self.settings.smtp.oauth)
            await hand_over_in_turn(self._places, server, mail, call.deadline)

    async def _log_in(self, call: Call, token: str) -> None:
        if self._is_over_http():
            read_answer(await self.http(call).get("/login", headers=self._entrance.headers(token)))
        else:
            server = self._server.entered_with(token, self.settings.smtp.oauth)
            await Conversation(server).try_login(call.deadline)
