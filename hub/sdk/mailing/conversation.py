"""One conversation with a mail server, by aiosmtplib."""

import asyncio
import ipaddress
import socket
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPStatus

from hub.sdk.errors import NotDone, Refused, Unanswered, Unauthorised
from hub.sdk.http import checked_address
from hub.sdk.mailing.mail import Mail
from hub.sdk.mailing.oauth_settings import bearing
from hub.sdk.mailing.replies import Stage, read_reply
from hub.sdk.mailing.server import Server, is_loopback

FAREWELL = 1.0
"""Seconds a server has to say goodbye once it has taken the mail."""


class Conversation:
    """Says everything in order and knows how far it came: what fails before `data` has certainly sent nothing."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp = SMTP()
        self._stage: Stage = "greeting"

    async def hand_over(self, mail: Mail, deadline: float) -> None:
        """Hand one mail over to the server; whatever happens, this ends by the deadline (monotonic seconds)."""
        try:
            async with self._explained(deadline):
                await self._begin()
                self._stage = "sender"
                size = [f"SIZE={len(mail.content)}"] if self._smtp.supports_extension("size") else []
                await self._smtp.mail(mail.sender, options=size)
                self._stage = "recipient"
                await self._smtp.rcpt(mail.recipient)
                self._stage = "data"
                await self._smtp.data(mail.content)
            await self._leave(deadline)
        finally:
            self._smtp.close()

    async def try_login(self, deadline: float) -> None:
        """Go as far as the login and no further."""
        try:
            async with self._explained(deadline):
                await self._begin()
            await self._leave(deadline)
        finally:
            self._smtp.close()

    @asynccontextmanager
    async def _explained(self, deadline: float) -> AsyncIterator[None]:
        """Say what is known when aiosmtplib raises; its own errors may name the customer, so they are not kept."""
        host = self._server.host
        try:
            async with asyncio.timeout_at(deadline):
                yield
        except SMTPResponseException as reply:
            raise read_reply(self._stage, reply.code, reply.message) from None
        except (SMTPException, OSError) as error:
            if self._stage == "data":
                # The dot may have arrived. That it may also not have been sent yet is not told apart.
                raise Unanswered(f"{host} gave no answer to the mail and may have taken it.") from None
            lost = f"{host} was lost at the {self._stage} ({type(error).__name__})"
            raise NotDone(f"{lost}; no mail was sent.") from None

    async def _begin(self) -> None:
        self._smtp = await self._open()
        await self._smtp.connect()
        await self._smtp.ehlo()
        if self._server.security == "starttls":
            self._stage = "encryption"
            await self._smtp.starttls(server_hostname=self._server.host)
            await self._smtp.ehlo()
        if self._server.username:
            self._stage = "login"
            await self._log_in()

    async def _open(self) -> SMTP:
        """A client on the very address that the guard has checked: no second look-up can lead elsewhere."""
        server = self._server
        pinned = await _connect(await public_address(server.host), server.port) if server.is_guarded else None
        return SMTP(
            hostname=server.host,
            port=None if pinned else server.port,
            sock=pinned,
            use_tls=server.security == "tls",
            start_tls=False,
            tls_context=server.tls,
            local_hostname=server.greets_as,
            timeout=None,
        )

    async def _log_in(self) -> None:
        """One try, by the simplest way that the server offers: more tries would look like guessing."""
        if self._server.security == "none" and not is_loopback(self._server.host):
            raise Unauthorised("A password never leaves this machine without encryption.")
        smtp, offered = self._smtp, self._smtp.server_auth_methods
        if self._server.bearer:
            if self._server.bearer not in offered:
                raise Unauthorised(f"{self._server.host} offers no login by {self._server.bearer.upper()}.")
            await self._show_token()
            return
        ways = {"plain": smtp.auth_plain, "login": smtp.auth_login, "cram-md5": smtp.auth_crammd5}
        way = next((way for name, way in ways.items() if name in offered), None)
        if way is None:
            raise Unauthorised(f"{self._server.host} offers no way to log in that is known here.")
        await way(self._server.username, self._server.password.get_secret_value())

    async def _show_token(self) -> None:
        username, token = self._server.username, self._server.password.get_secret_value()
        if self._server.bearer == "xoauth2":
            await self._smtp.auth_xoauth2(username, token)
            return
        word = b64encode(bearing(username, token).encode())
        reply = await self._smtp.execute_command(b"AUTH", b"OAUTHBEARER", word)
        if reply.code == SMTPStatus.auth_continue:
            # Why it fails was said; the server waits for this before it ends the login (RFC 7628, 3.2.3).
            reply = await self._smtp.execute_command(b"AQ==")
        if reply.code != SMTPStatus.auth_successful:
            raise SMTPResponseException(reply.code, reply.message)

    async def _leave(self, deadline: float) -> None:
        """Say goodbye. The mail is taken; no failure here can change that."""
        until = min(deadline, asyncio.get_running_loop().time() + FAREWELL)
        with suppress(SMTPException, OSError):
            async with asyncio.timeout_at(until):
                await self._smtp.quit()


async def public_address(host: str) -> str:
    """The guard of hub.sdk.http, which knows addresses and not ports of mail servers. Gives the address to go to."""
    try:
        return await checked_address(f"https://[{host}]" if ":" in host else f"https://{host}")
    except Refused:
        said = f"{host} is not a public address; private_network says that it is meant."
        raise Refused("rejected", said) from None


async def _connect(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ipaddress.ip_address(address).version == 6 else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setblocking(False)
        await asyncio.get_running_loop().sock_connect(opened, (address, port))
    except BaseException:
        opened.close()
        raise
    return opened


async def hand_over_in_turn(places: asyncio.Semaphore, server: Server, mail: Mail, deadline: float) -> None:
    """Hand one mail over once one of these places is free; `NotDone` where none is by the deadline."""
    try:
        async with asyncio.timeout_at(deadline):
            await places.acquire()
    except TimeoutError:
        raise NotDone("Too many conversations with the mail server are under way.") from None
    try:
        await Conversation(server).hand_over(mail, deadline)
    finally:
        places.release()
