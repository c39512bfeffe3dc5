"""A double of a supplier at the other end of the mail: what it was sent, and what it answers."""

import base64
from base64 import b64encode
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.sdk.commerce import Address, Money, NewPurchaseOrder, PurchaseLine
from hub.sdk.testing import Sandbox, route
from hub.sdk.testing.mail_desk import problem, read_envelope, reply

USERNAME, PASSWORD, MAILBOX_PASSWORD = "orders", "post-sandbox-password", "mailbox-sandbox-password"
SUPPLIER, SENDER, AUTHSERV_ID = "orders@supplier.example", "orders@brand.example", "mx.brand.example"


class PostSandbox(Sandbox):
    """A mail server that takes purchase orders, and the mailbox that is answered to.

    `mails` are the orders as they came. `answer` puts a mail of the supplier's into the mailbox, with what the brand's
    own server would write on it; `put` takes any bytes. `renumber` makes the mailbox anew, as servers do after repairs.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[EmailMessage] = []
        self.uid_validity = 1
        self._box: dict[int, bytes] = {}

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
        """How many orders it was sent, and how many mails it has sent."""
        return {"orders": len(self.mails), "answers": len(self._box)}

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

    def answer(self, reference: str, text: str, *, sender: str = SUPPLIER, proof: str = "pass") -> None:
        """The supplier answers the mail about a purchase."""
        mail = EmailMessage(policy=SMTP)
        domain = sender.rpartition("@")[2]
        mail["Authentication-Results"] = f"{AUTHSERV_ID}; dmarc={proof} header.from={domain}"
        mail["From"] = sender
        mail["To"] = SENDER.replace("@", f"+{reference}@")
        mail["Subject"] = f"Re: Purchase order {reference}"
        mail["In-Reply-To"] = f"<po.{reference}@{SENDER.rpartition('@')[2]}>"
        mail["Message-ID"] = f"<{len(self._box)}.{reference}@{domain}>"
        mail.set_content(text)
        self.put(mail.as_bytes())

    def put(self, content: bytes) -> None:
        """A mail comes to the mailbox."""
        self._box[max(self._box, default=0) + 1] = content

    def renumber(self) -> None:
        """The mailbox is made anew: the same mails under other UIDs, and another UIDVALIDITY."""
        self.uid_validity += 1
        self._box = {number * 10: content for number, content in enumerate(self._box.values(), 1)}

    @route("GET", "/login")
    async def login(self, request: Request) -> Any:
        """Only the login."""
        return self._unwelcome(request) or reply("login", 235, "2.7.0 Welcome")

    @route("POST", "/mails")
    async def take(self, request: Request) -> Any:
        """A whole conversation: login, sender, recipient, mail."""
        if request.headers.get("content-type") != "message/rfc822":
            return JSONResponse({"error": "Send message/rfc822."}, 415)
        content = await request.body()
        absent = {request.headers.get("rcpt-to", "")} if self.take_refusal("unreachable") else ()
        refused = self._unwelcome(request) or read_envelope(request, absent)
        if refused is not None:
            return refused
        if self.take_refusal("rejected"):
            return reply("data", 550, "5.7.1 This looks like unsolicited mail")
        if self.take_refusal("slow-down"):
            return reply("data", 451, "4.7.1 Try again later")
        if wrong := problem(content):
            return reply("data", 552 if "large" in wrong else 554, f"5.6.0 {wrong}")
        self.mails.append(message_from_bytes(content, policy=default))
        self.changes += 1
        return reply("data", 250, "2.0.0 Queued")

    @route("GET", "/inbox")
    async def look(self, request: Request) -> Any:
        """The mails behind a mark."""
        if request.headers.get("authorization") != _basic(MAILBOX_PASSWORD):
            return Response(status_code=401)
        asked = request.query_params
        after = int(asked["after"]) if int(asked["validity"]) == self.uid_validity else 0
        found = [uid for uid in sorted(self._box) if uid > after]
        most = int(asked["most"])
        mails = [{"uid": uid, "content": base64.b64encode(self._box[uid]).decode()} for uid in found[:most]]
        return 200, {"uid_validity": self.uid_validity, "mails": mails, "more": len(found) > most}

    def _unwelcome(self, request: Request) -> Response | None:
        given = request.headers.get("authorization", "")
        if not given:
            return reply("login", 530, "5.7.0 Authentication required")
        return None if given == _basic(PASSWORD) else reply("login", 535, "5.7.8 Credentials invalid")

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
