"""The connector for mail servers."""

import asyncio
from collections.abc import Mapping

from connectors.smtp.mail import write_mail
from connectors.smtp.settings import SmtpSettings
from hub.sdk import (
    MESSENGER,
    Call,
    Client,
    Connector,
    Declared,
    Kind,
    Limits,
    Refused,
    action,
)
from hub.sdk.commerce import Accepted
from hub.sdk.mailing.conversation import Conversation, hand_over_in_turn
from hub.sdk.mailing.mail import Mail
from hub.sdk.mailing.oauth import Entrance
from hub.sdk.mailing.replies import read_answer
from hub.sdk.messages import CustomerMessage
from hub.sdk.testing import Sandbox


class Smtp(Connector[SmtpSettings]):
    """A mail server, spoken to by SMTP (RFC 5321).

    A connection's `base_url` may be `smtp://host:port`, which is gone to instead of the settings' host and is not
    held to be public. With an http(s) `base_url`, as doubles have it, the same envelope and the same bytes go there
    in one request: HTTP servers are what `faros up` runs, and everything but aiosmtplib's conversation is in use.
    """

    name = "smtp"
    title = "Mail server"
    capabilities = (MESSENGER,)
    integration_depth = "email"
    schemes = ("smtp", "https", "http")
    limits = Limits(in_flight=10)
    """Many servers take no more than 10 to 20 conversations from one address at once."""

    def __init__(self, settings: SmtpSettings, client: Client, base_url: str | None = None) -> None:
        super().__init__(settings, client, base_url)
        self._server = settings.at(
            self.base_url, settings.message_id_domain or settings.sender.rpartition("@")[2]
        )
        self._places = asyncio.Semaphore(self.limits.in_flight)
        self._entrance = Entrance(client, self.base_url, settings)

    @classmethod
    def sandbox(cls) -> Sandbox:
        """A mail server whose conversation is one HTTP request."""
        from connectors.smtp.sandbox import SmtpSandbox

        return SmtpSandbox()

    def declared_effect(self, step: Mapping[str, object]) -> Kind:
        """What the server does with a repeat, as merchant or step declares it; nobody can be asked."""
        return self.settings.effect.resolve(step, has_lookup=False)

    # Once the final dot is sent and the reply is lost, SMTP has no question for whether the mail was taken. A repeat
    # carries the same Message-ID, by which some servers and many mailboxes show it once, but no standard makes them.
    # So silence means unsafe: a person decides, or the flow's step does by `if_in_doubt`. A merchant who knows that
    # the server drops what it has seen writes `effect: keyed`; one whom two mails do not trouble, `effect: idempotent`.
    @action(Declared(), refusals=("rejected", "unreachable"), audience="customer")
    async def send_message(self, message: CustomerMessage, call: Call) -> Accepted:
        """Hand one mail to the server, in the brand's name."""
        if message.channel != "email":
            raise Refused("unreachable", "A mail server sends mails only.")
        mail = write_mail(message, call.now, self.settings.sender, self.settings.message_id_domain)
        await self._entrance.enter(call, lambda token: self._hand_over(mail, call, token))
        return Accepted(reference=mail.message_id)

    async def probe(self, call: Call) -> str:
        """Log in and leave."""
        await self._entrance.enter(call, lambda token: self._log_in(call, token))
        return "The mail server lets us in." if self.settings.username else "The mail server answers."

    def _is_over_http(self) -> bool:
        return (self.base_url or "").startswith(("http://", "https://"))

    async def _hand_over(self, mail: Mail, call: Call, token: str) -> None:
        if self._is_over_http():
            envelope = {"mail-from": mail.sender, "rcpt-to": mail.recipient, "content-type": "message/rfc822"}
            headers = {**envelope, **self._entrance.headers(token)}
            read_answer(await self.http(call).post("/mails", content=mail.content, headers=headers))
        else:
            server = self._server.entered_with(token, self.settings.oauth)
            await hand_over_in_turn(self._places, server, mail, call.deadline)

    async def _log_in(self, call: Call, token: str) -> None:
        if self._is_over_http():
            read_answer(await self.http(call).get("/login", headers=self._entrance.headers(token)))
        else:
            server = self._server.entered_with(token, self.settings.oauth)
            await Conversation(server).try_login(call.deadline)
