"""The double's mail server by SMTP (RFC 5321): as much of it as a client needs that logs in and hands over mails."""

import re
from base64 import b64decode
from collections.abc import Awaitable, Callable
from typing import Protocol

from connectors.supplier_email.sandbox_wire import Wire
from hub.sdk.testing.mail_desk import MAILBOX, MAX_BYTES
from hub.sdk.testing.token_desk import TokenDesk

NAME = "mx.sandbox.invalid"
_SENDER = re.compile(r"FROM:<([^<>]*)>(?: SIZE=(\d{1,12}))?", re.IGNORECASE)
_RECIPIENT = re.compile(r"TO:<([^<>]*)>", re.IGNORECASE)

Reply = tuple[int, str]


class Desk(Protocol):
    """Who decides what is taken."""

    def lets_in(self, username: str, password: str) -> bool:
        """Whether these are the account's credentials."""
        ...

    tokens: TokenDesk

    def knows(self, recipient: str) -> bool:
        """Whether mails for this address are taken."""
        ...

    def take(self, content: bytes) -> Reply:
        """Take a mail, or say why not."""
        ...


class SmtpSession:
    """One conversation. What comes out of its order is answered 503, what is not spoken here 502."""

    def __init__(self, desk: Desk, wire: Wire, username: str) -> None:
        self._desk, self._wire, self._username = desk, wire, username
        self._is_greeted = self._is_known = self._is_over = False
        self._sender = self._recipient = ""
        self._steps: dict[str, Callable[[str], Awaitable[Reply]]] = {
            "EHLO": self._ehlo, "AUTH": self._auth, "MAIL": self._mail, "RCPT": self._rcpt, "DATA": self._data,
            "RSET": self._reset, "NOOP": self._noop, "QUIT": self._quit,
        }  # fmt: skip

    async def talk(self) -> None:
        """From the greeting to the farewell."""
        await self._say((220, f"{NAME} ESMTP"))
        while not self._is_over:
            verb, _, rest = (await self._wire.line()).decode("ascii", "replace").partition(" ")
            step = self._steps.get(verb.upper())
            await self._say(await step(rest) if step else (502, "5.5.1 Not spoken here"))

    async def _say(self, reply: Reply) -> None:
        code, *lines = str(reply[0]), *reply[1].split("\n")
        last = len(lines) - 1
        said = [f"{code}{' ' if place == last else '-'}{text}" for place, text in enumerate(lines)]
        await self._wire.say(*(line.encode() for line in said))

    async def _ehlo(self, rest: str) -> Reply:
        await self._reset(rest)
        self._is_greeted = True
        return 250, f"{NAME}\nSIZE {MAX_BYTES}\nAUTH PLAIN XOAUTH2 OAUTHBEARER"

    async def _auth(self, rest: str) -> Reply:
        """RFC 4954 with RFC 4616, the credentials in the same line."""
        way, _, given = rest.partition(" ")
        if not self._is_greeted or self._is_known:
            return 503, "5.5.1 Not now"
        if way.upper() in ("XOAUTH2", "OAUTHBEARER") and given:
            return await self._bearer(given)
        if way.upper() != "PLAIN" or not given:
            return 504, "5.5.4 Only PLAIN, XOAUTH2 and OAUTHBEARER, in one line"
        try:
            _, username, password = b64decode(given, validate=True).decode().split("\0")
        except ValueError:
            return 501, "5.5.2 These are no credentials"
        self._is_known = self._desk.lets_in(username, password)
        return (235, "2.7.0 Welcome") if self._is_known else (535, "5.7.8 Credentials invalid")

    async def _bearer(self, given: str) -> Reply:
        """A token that is not good is told why in a challenge, and fails once that is answered."""
        self._is_known = self._desk.tokens.admits_bearer(given, self._username)
        if self._is_known:
            return 235, "2.7.0 Welcome"
        await self._say((334, self._desk.tokens.challenge()))
        await self._wire.line()
        return 535, "5.7.8 Credentials invalid"

    async def _mail(self, rest: str) -> Reply:
        if not self._is_known:
            return 530, "5.7.0 Authentication required"
        if self._sender:
            return 503, "5.5.1 One mail at a time"
        found = _SENDER.fullmatch(rest)
        if found is None or not MAILBOX.fullmatch(found[1]):
            return 501, "5.1.7 Bad sender address syntax"
        if int(found[2] or 0) > MAX_BYTES:
            return 552, "5.3.4 The mail is too large"
        self._sender = found[1]
        return 250, "2.1.0 OK"

    async def _rcpt(self, rest: str) -> Reply:
        found = _RECIPIENT.fullmatch(rest)
        if not self._sender:
            return 503, "5.5.1 First say from whom"
        if self._recipient:
            return 452, "4.5.3 One recipient for each mail"
        if found is None or not MAILBOX.fullmatch(found[1]):
            return 501, "5.1.3 Bad recipient address syntax"
        if not self._desk.knows(found[1]):
            return 550, f"5.1.1 <{found[1]}>: no such user here"
        self._recipient = found[1]
        return 250, "2.1.5 OK"

    async def _data(self, rest: str) -> Reply:
        if not self._recipient:
            return 503, "5.5.1 First say to whom"
        await self._say((354, "End with a point on a line of its own"))
        content, size = [], 0
        while (line := await self._wire.line()) != b".":
            # RFC 5321, 4.5.2: a point that begins a line was doubled on its way.
            content.append(line.removeprefix(b"."))
            size += len(line) + 2
            if size > 2 * MAX_BYTES:
                raise EOFError
        await self._reset("")
        return self._desk.take(b"".join(line + b"\r\n" for line in content))

    async def _reset(self, rest: str) -> Reply:
        self._sender = self._recipient = ""
        return 250, "2.0.0 OK"

    async def _noop(self, rest: str) -> Reply:
        return 250, "2.0.0 OK"

    async def _quit(self, rest: str) -> Reply:
        self._is_over = True
        return 221, "2.0.0 Goodbye"
