"""A double of a mail server. One HTTP request stands for one conversation; what it refuses is what servers refuse."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.policy import default
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.sdk.commerce import Customer
from hub.sdk.messages import CustomerMessage, Sender
from hub.sdk.testing import Sandbox, route
from hub.sdk.testing.mail_desk import decoded, read_envelope, reply
from hub.sdk.testing.mail_desk import problem as find_problem
from hub.sdk.testing.token_desk import TokenDesk

USERNAME, PASSWORD = "brand", "smtp-sandbox-password"


class SmtpSandbox(Sandbox):
    """A mail server. `mails` is what it took, decoded; `drops_repeats` makes it know a Message-ID again.

    `absent` are recipients it has never heard of.
    """

    def __init__(self, drops_repeats: bool = False) -> None:
        super().__init__()
        self.drops_repeats = drops_repeats
        self.mails: list[dict[str, str]] = []
        self.absent: set[str] = set()
        self.tokens = TokenDesk()
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

    @route("POST", "/token")
    async def token(self, request: Request) -> Any:
        """An access token for a refresh token."""
        return self.tokens.grant(dict(parse_qsl((await request.body()).decode())))

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
        refused = self._unwelcome(request) or self._refused_envelope(request)
        if refused is not None:
            return refused
        if self.take_refusal("rejected"):
            return reply("data", 550, "5.7.1 This looks like unsolicited mail")
        if self.take_refusal("451", "slow-down"):
            return reply("data", 451, "4.7.1 Try again later")
        if problem := find_problem(content):
            return reply("data", 552 if "large" in problem else 554, f"5.6.0 {problem}")
        mail = message_from_bytes(content, policy=default)
        if not (self.drops_repeats and mail["Message-ID"] in self._seen):
            self._seen.add(mail["Message-ID"])
            self.mails.append(decoded(mail, request.headers["rcpt-to"]))
            self.changes += 1
        return reply("data", 250, "2.0.0 Queued")

    def _unwelcome(self, request: Request) -> Response | None:
        given = request.headers.get("authorization", "")
        if not given:
            return reply("login", 530, "5.7.0 Authentication required")
        basic = f"Basic {b64encode(f'{USERNAME}:{PASSWORD}'.encode()).decode()}"
        if given != basic and not self.tokens.admits(given.removeprefix("Bearer ")):
            return reply("login", 535, "5.7.8 Credentials invalid")
        return None

    def _refused_envelope(self, request: Request) -> Response | None:
        absent = {request.headers.get("rcpt-to", "")} if self.take_refusal("unreachable") else self.absent
        return read_envelope(request, absent)

    def _controls(self) -> list[Route]:
        async def mails(request: Request) -> Response:
            return JSONResponse(self.mails)

        return [*super()._controls(), Route("/_sandbox/mails", mails, methods=["GET"])]
