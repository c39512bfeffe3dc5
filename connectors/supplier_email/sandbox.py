"""A double of a supplier at the other end of the mail: what it was sent, and what it answers."""

import base64
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.supplier_email.sandbox_imap import ImapSession, Kept
from connectors.supplier_email.sandbox_smtp import SmtpSession
from connectors.supplier_email.sandbox_wire import listening
from hub.sdk.commerce import Address, Money, NewPurchaseOrder, PurchaseLine
from hub.sdk.testing import Sandbox, route
from hub.sdk.testing.mail_desk import problem, read_envelope, reply
from hub.sdk.testing.token_desk import TokenDesk

USERNAME, PASSWORD, MAILBOX_PASSWORD = "orders", "post-sandbox-password", "mailbox-sandbox-password"
SUPPLIER, SENDER, AUTHSERV_ID = "orders@supplier.example", "orders@brand.example", "mx.brand.example"


class PostSandbox(Sandbox):
    """A mail server that takes purchase orders, and the mailbox that is answered to: over HTTP, and where `servers` are
    open by SMTP and IMAP.

    `mails` are the orders as they came. `reply` is the supplier's answer to one of them, `answer` any mail of its own,
    with what the brand's own server would write on it; `put` takes any bytes. `renumber` makes the mailbox anew, as
    servers do after repairs.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[EmailMessage] = []
        self.uid_validity = 1
        self.tokens = TokenDesk()
        self._box: dict[int, Kept] = {}

    def settings(self) -> dict[str, Any]:
        """Both accounts."""
        return {
            "supplier": SUPPLIER,
            "sender": SENDER,
            "shop": "Brand",
            "smtp": {"host": "mail.example", "username": USERNAME, "password": PASSWORD},
            "imap": {"host": "mail.example", "username": USERNAME, "password": MAILBOX_PASSWORD},
            "answers": {"authserv_id": AUTHSERV_ID},
        }

    def unsettled(self) -> dict[str, Any]:
        """How many orders it was sent, how many mails it has sent, and which references came more than once."""
        twice = sorted(reference for reference, times in self.bought().items() if times > 1)
        return {"orders": len(self.mails), "answers": len(self._box), "bought_twice": twice}

    def bought(self) -> Counter[str]:
        """How often each purchase was ordered, as the supplier reads it in its mails."""
        return Counter(str(mail["X-PO-Number"]) for mail in self.mails)

    @asynccontextmanager
    async def servers(self) -> AsyncIterator[dict[str, int]]:
        """Open both servers on this machine; gives their ports, as the settings call the servers."""
        async with (
            listening(lambda wire: SmtpSession(self, wire, USERNAME).talk()) as smtp,
            listening(lambda wire: ImapSession(self, wire, USERNAME).talk()) as imap,
        ):
            yield {"smtp": smtp, "imap": imap}

    def examples(self) -> dict[str, BaseModel]:
        """One input for each action."""
        lines = [
            PurchaseLine(
                line_id="1", sku="LAMP", supplier_sku="A1", title="Lamp", quantity=2,
                unit_cost=Money.model_validate({"amount": "12.50", "currency": "EUR"}),
            )
        ]  # fmt: skip
        to = Address(
            name="Ann Lee", line1="Strasse 5", line2="Apt 4B", city="Bonn", postcode="05113", country="DE"
        )
        order = NewPurchaseOrder(
            reference="1001-1-abc234",
            order_number="1001",
            ship_to=to,
            lines=lines,
            answer_url="https://track.brand.example/s/abc",
        )
        return {"create_purchase_order": order}

    def exempt(self) -> dict[str, str]:
        """What a mail cannot keep."""
        return {
            "statuses": "A mail that was taken has no status; what the supplier says of it the hub reads."
        }

    def seed(self) -> None:
        """The supplier has answered three times."""
        for number in range(3):
            self.answer(
                f"100{number}-1-abc234", f"Shipped today with UPS, tracking number 1Z999AA1012345678{number}"
            )

    def reply(self, reference: str, text: str) -> None:
        """The supplier opens the mail with this purchase, presses on reply, and writes."""
        order = next(mail for mail in self.mails if mail["X-PO-Number"] == reference)
        self._send(str(order["To"]), str(order["Reply-To"]), order, text)

    def answer(self, reference: str, text: str, *, sender: str = SUPPLIER, proof: str = "pass") -> None:
        """A mail of the supplier's about a purchase, whether it was sent to it or not."""
        order = EmailMessage(policy=SMTP)
        order["Subject"] = f"Purchase order {reference}"
        order["Message-ID"] = f"<po.{reference}@{SENDER.rpartition('@')[2]}>"
        self._send(sender, SENDER.replace("@", f"+{reference}@"), order, text, proof)

    def _send(self, sender: str, to: str, order: EmailMessage, text: str, proof: str = "pass") -> None:
        """The brand's own server takes the mail, and writes on it what it found out about the sender (RFC 8601)."""
        mail = EmailMessage(policy=SMTP)
        domain = sender.rpartition("@")[2]
        mail["Authentication-Results"] = f"mx.{to.rpartition('@')[2]}; dmarc={proof} header.from={domain}"
        mail["From"], mail["To"] = sender, to
        mail["Subject"] = f"Re: {order['Subject']}"
        mail["Date"] = format_datetime(self.now())
        mail["In-Reply-To"] = str(order["Message-ID"])
        mail["Message-ID"] = f"<{len(self._box) + 1}.{self.uid_validity}@{domain}>"
        mail.set_content(text)
        self.put(mail.as_bytes())

    def put(self, content: bytes) -> None:
        """A mail comes to the mailbox."""
        self._box[max(self._box, default=0) + 1] = Kept(content, self.now())

    def renumber(self) -> None:
        """The mailbox is made anew: the same mails under other UIDs, and another UIDVALIDITY."""
        self.uid_validity += 1
        self._box = {number * 10: kept for number, kept in enumerate(self._box.values(), 1)}

    def lets_in(self, username: str, password: str) -> bool:
        """Whether these are the credentials of who sends."""
        return (username, password) == (USERNAME, PASSWORD)

    def opens_for(self, username: str, password: str) -> bool:
        """Whether these are the credentials of who reads."""
        return (username, password) == (USERNAME, MAILBOX_PASSWORD)

    def knows(self, recipient: str) -> bool:
        """Whether mails for this address are taken."""
        return self.take_refusal("unreachable") is None

    def lying(self) -> Mapping[int, Kept]:
        """The mails in the mailbox, by UID."""
        return dict(sorted(self._box.items()))

    def take(self, content: bytes) -> tuple[int, str]:
        """Take an order's mail, or say why not."""
        if self.take_refusal("rejected"):
            return 550, "5.7.1 This looks like unsolicited mail"
        if self.take_refusal("slow-down"):
            return 451, "4.7.1 Try again later"
        if wrong := problem(content):
            return 552 if "large" in wrong else 554, f"5.6.0 {wrong}"
        self.mails.append(message_from_bytes(content, policy=default))
        self.changes += 1
        return 250, "2.0.0 Queued"

    @route("POST", "/token")
    async def token(self, request: Request) -> Any:
        """An access token for a refresh token."""
        return self.tokens.grant(dict(parse_qsl((await request.body()).decode())))

    @route("GET", "/login")
    async def login(self, request: Request) -> Any:
        """Only the login."""
        return self._unwelcome(request) or reply("login", 235, "2.7.0 Welcome")

    @route("POST", "/mails")
    async def converse(self, request: Request) -> Any:
        """A whole conversation: login, sender, recipient, mail."""
        if request.headers.get("content-type") != "message/rfc822":
            return JSONResponse({"error": "Send message/rfc822."}, 415)
        content = await request.body()
        recipient = request.headers.get("rcpt-to", "")
        absent = () if self.knows(recipient) else {recipient}
        refused = self._unwelcome(request) or read_envelope(request, absent)
        return refused or reply("data", *self.take(content))

    @route("GET", "/inbox")
    async def look(self, request: Request) -> Any:
        """The mails behind a mark."""
        given = request.headers.get("authorization", "")
        if given != _basic(MAILBOX_PASSWORD) and not self.tokens.admits(given.removeprefix("Bearer ")):
            return Response(status_code=401)
        asked = request.query_params
        after = int(asked["after"]) if int(asked["validity"]) == self.uid_validity else 0
        found = [uid for uid in sorted(self._box) if uid > after]
        most = int(asked["most"])
        mails = [
            {"uid": uid, "content": base64.b64encode(self._box[uid].content).decode()} for uid in found[:most]
        ]
        return 200, {"uid_validity": self.uid_validity, "mails": mails, "more": len(found) > most}

    def _unwelcome(self, request: Request) -> Response | None:
        given = request.headers.get("authorization", "")
        if not given:
            return reply("login", 530, "5.7.0 Authentication required")
        is_known = given == _basic(PASSWORD) or self.tokens.admits(given.removeprefix("Bearer "))
        return None if is_known else reply("login", 535, "5.7.8 Credentials invalid")

    def _controls(self) -> list[Route]:
        async def mails(request: Request) -> Response:
            return JSONResponse([_shown(mail) for mail in self.mails])

        async def answer(request: Request) -> Response:
            said = await request.json()
            self.answer(said["reference"], said["text"])
            return JSONResponse({"answers": len(self._box)})

        return [
            *super()._controls(),
            Route("/_sandbox/mails", mails, methods=["GET"]),
            Route("/_sandbox/answers", answer, methods=["POST"]),
        ]


def _basic(password: str) -> str:
    return f"Basic {b64encode(f'{USERNAME}:{password}'.encode()).decode()}"


def _shown(mail: EmailMessage) -> dict[str, str]:
    text = mail.get_body(("plain",))
    return {"subject": str(mail["Subject"]), "text": str(text.get_content()) if text is not None else ""}
