"""A double of a mail server. One HTTP request stands for one conversation; what it refuses is what servers refuse."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.sdk.commerce import Customer
from hub.sdk.messages import CustomerMessage, Sender
from hub.sdk.testing import Sandbox, route

USERNAME, PASSWORD = "brand", "smtp-sandbox-password"
MAX_BYTES = 1_000_000
_MAILBOX = re.compile(r"[^\s@<>\",;]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_ONCE = ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version", "Content-Type")


class SmtpSandbox(Sandbox):
    """A mail server. `mails` is what it took, decoded; `drops_repeats` makes it know a Message-ID again.

    `absent` are recipients it has never heard of.
    """

    def __init__(self, drops_repeats: bool = False) -> None:
        super().__init__()
        self.drops_repeats = drops_repeats
        self.mails: list[dict[str, str]] = []
        self.absent: set[str] = set()
        self._seen: set[str] = set()

    def settings(self) -> dict[str, Any]:
        """An account there, and the promise that this server keeps."""
        effect = "keyed" if self.drops_repeats else "unsafe"
        account = {"username": USERNAME, "password": PASSWORD}
        return {"host": "mail.example", **account, "message_id_domain": "brand.example", "effect": effect}

    def unsettled(self) -> Mapping[str, Any]:
        """How many mails it took."""
        return {"mails": len(self.mails)}

    def reset(self) -> None:
        """Forget every mail."""
        self.__init__(self.drops_repeats)  # type: ignore[misc]  # a double forgets by starting over

    def variants(self) -> Mapping[str, Callable[[], Sandbox]]:
        """A server that sends whatever it is handed, and one that drops what it has seen."""
        return {"unsafe": SmtpSandbox, "keyed": partial(SmtpSandbox, True)}

    def examples(self) -> Mapping[str, BaseModel]:
        """One input for each action."""
        message = CustomerMessage(
            unique_id="1001/tracking-added/email",
            notice="tracking-added",
            channel="email",
            to=Customer(id="77", first_name="Ada", email="ada@example.com"),
            sender=Sender(name="Brand", email="hello@brand.example"),
            subject="Your order is on its way",
            text="Follow it here: https://track.brand.example/t/abc",
            html="<p><a href='https://track.brand.example/t/abc'>Follow it here</a></p>",
        )
        return {"send_message": message}

    def statuses(self) -> Mapping[str, str]:
        """Where a reply's code stands."""
        return {"send_message": "code"}

    @route("GET", "/login")
    async def login(self, request: Request) -> Any:
        """Only the login."""
        return self._unwelcome(request) or _reply("login", 235, "2.7.0 Welcome")

    @route("POST", "/mails")
    async def take(self, request: Request) -> Any:
        """A whole conversation: login, sender, recipient, mail."""
        if request.headers.get("content-type") != "message/rfc822":
            return JSONResponse({"error": "Send message/rfc822."}, 415)
        content = await request.body()
        refused = self._unwelcome(request) or self._refused_envelope(request)
        if refused is not None:
            return refused
        if self.take_refusal("rejected"):
            return _reply("data", 550, "5.7.1 This looks like unsolicited mail")
        if self.take_refusal("451", "slow-down"):
            return _reply("data", 451, "4.7.1 Try again later")
        if problem := _problem(content):
            return _reply("data", 552 if "large" in problem else 554, f"5.6.0 {problem}")
        mail = message_from_bytes(content, policy=default)
        if not (self.drops_repeats and mail["Message-ID"] in self._seen):
            self._seen.add(mail["Message-ID"])
            self.mails.append(_decoded(mail, request.headers["rcpt-to"]))
            self.changes += 1
        return _reply("data", 250, "2.0.0 Queued")

    def _unwelcome(self, request: Request) -> Response | None:
        given = request.headers.get("authorization", "")
        if not given:
            return _reply("login", 530, "5.7.0 Authentication required")
        if given != f"Basic {b64encode(f'{USERNAME}:{PASSWORD}'.encode()).decode()}":
            return _reply("login", 535, "5.7.8 Credentials invalid")
        return None

    def _refused_envelope(self, request: Request) -> Response | None:
        sender, recipient = request.headers.get("mail-from", ""), request.headers.get("rcpt-to", "")
        if not _MAILBOX.fullmatch(sender):
            return _reply("sender", 501, "5.1.7 Bad sender address syntax")
        if not _MAILBOX.fullmatch(recipient):
            return _reply("recipient", 501, "5.1.3 Bad recipient address syntax")
        if self.take_refusal("unreachable") or recipient in self.absent:
            return _reply("recipient", 550, f"5.1.1 <{recipient}>: no such user here")
        return None

    def _controls(self) -> list[Route]:
        async def mails(request: Request) -> Response:
            return JSONResponse(self.mails)

        return [*super()._controls(), Route("/_sandbox/mails", mails, methods=["GET"])]


def _reply(stage: str, code: int, text: str) -> Response:
    return JSONResponse({"stage": stage, "code": code, "text": text})


def _problem(content: bytes) -> str:
    """Why strict servers turn a mail down (RFC 5321, 2.3.8 and 4.5.3.1); empty for a good one."""
    lines = content.split(b"\r\n")
    if len(content) > MAX_BYTES:
        return "The mail is too large"
    if any(b"\r" in line or b"\n" in line for line in lines):
        return "A line does not end in CRLF"
    if any(len(line) > 998 for line in lines) or not content.isascii() or b"\0" in content:
        return "A line is too long, or not in ASCII"
    return _problem_of_headers(message_from_bytes(content, policy=default))


def _problem_of_headers(mail: EmailMessage) -> str:
    """What RFC 5322, 3.6 does not allow."""
    if any(part.defects for part in mail.walk()):
        return "The mail is malformed"
    for name in _ONCE:
        if len(mail.get_all(name, [])) != 1:
            return f"There must be one header {name}"
    if any(name in mail for name in ("Bcc", "Cc", "Resent-To")) or len(mail["To"].addresses) != 1:
        return "There must be one recipient"
    if not re.fullmatch(r"<[^\s<>@]+@[^\s<>@]+>", str(mail["Message-ID"])):
        return "Message-ID is none"
    return "" if parsedate_to_datetime(str(mail["Date"])).tzinfo is not None else "Date has no zone"


def _decoded(mail: EmailMessage, recipient: str) -> dict[str, str]:
    """A mail as its reader sees it."""
    shown = {name: mail.get_body((kind,)) for name, kind in (("text", "plain"), ("html", "html"))}
    bodies = {name: str(part.get_content()) if part is not None else "" for name, part in shown.items()}
    named = {"from": mail["From"], "subject": mail["Subject"], "message_id": mail["Message-ID"]}
    return {"to": recipient, **{name: str(value) for name, value in named.items()}, **bodies}
