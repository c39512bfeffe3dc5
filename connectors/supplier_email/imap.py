"""A mailbox by IMAP (RFC 9051), by IMAPClient: in a thread, read only, and over before the call's deadline."""

import asyncio
import imaplib
import logging
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, TypeVar

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from connectors.supplier_email.inbox import AT_ONCE, MAX_BYTES, Look, Lying, Mark, batch
from connectors.supplier_email.settings import Mailbox
from hub.sdk import Call, NotDone, Unauthorised
from hub.sdk.mailing.conversation import public_address
from hub.sdk.mailing.oauth import Entrance
from hub.sdk.mailing.server import tls_context

T = TypeVar("T")

_RESERVE = 2.0
"""Seconds kept for a last look when the server was listened to."""
# The libraries would write whole mails into a log of debugging.
logging.getLogger("imapclient").setLevel(logging.WARNING)


class ImapInbox:
    """Each look is a session of its own: a lost server is found again by the next, and two hubs may look at once."""

    def __init__(self, settings: Mailbox, entrance: Entrance) -> None:
        self._settings, self._entrance = settings, entrance

    async def look(self, mark: Mark, call: Call) -> Look:
        """The mails behind the mark. Where nothing is new and the server offers it, wait a little for one to come."""
        return await self._within(
            call, lambda client, until: _looked(client, self._settings, mark, call, until)
        )

    async def probe(self, call: Call) -> None:
        """Log in and open the folder."""
        await self._within(
            call, lambda client, until: client.select_folder(self._settings.folder, readonly=True)
        )

    async def _within(self, call: Call, work: Callable[[IMAPClient, float], T]) -> T:
        return await self._entrance.enter(call, lambda token: self._within_time(call, token, work))

    async def _within_time(self, call: Call, token: str, work: Callable[[IMAPClient, float], T]) -> T:
        """A thread cannot be stopped, but each of its waits ends by the deadline, and a look changes nothing."""
        host = self._settings.host
        seconds = call.deadline - asyncio.get_running_loop().time()
        if seconds <= 0:
            raise NotDone("There was no time left to look into the mailbox.")
        try:
            async with asyncio.timeout_at(call.deadline):
                at = await public_address(host) if self._settings.is_guarded else host
                until = time.monotonic() + max(0.1, call.deadline - asyncio.get_running_loop().time())
                return await asyncio.to_thread(self._session, at, until, token, work)
        except LoginError as error:
            if isinstance(error.__context__, imaplib.IMAP4.abort):
                raise NotDone(f"The mailbox at {host} was lost at the login.") from None
            raise Unauthorised(f"{host} does not accept the credential.") from None
        except (IMAPClientError, imaplib.IMAP4.error, OSError, TimeoutError) as error:
            # Their texts may hold what is in a mail.
            raise NotDone(f"The mailbox at {host} was lost ({type(error).__name__}).") from None

    def _session(self, address: str, until: float, token: str, work: Callable[[IMAPClient, float], T]) -> T:
        with _client(self._settings, address, max(0.1, until - time.monotonic())) as client:
            if self._settings.security == "starttls":
                client.starttls(tls_context(self._settings.ca_certificate))
            _log_in(client, self._settings, token)
            return work(client, until)


def _log_in(client: IMAPClient, settings: Mailbox, token: str) -> None:
    """By password, or with the token: what a server says to one that is not good is answered as it wants."""
    if settings.oauth is None:
        assert settings.password is not None  # a username never comes without either
        client.login(settings.username, settings.password.get_secret_value())
    elif settings.oauth.mechanism == "oauthbearer":
        client.oauthbearer_login(settings.username, token)
    else:
        client.oauth2_login(settings.username, token)


def _looked(client: IMAPClient, settings: Mailbox, mark: Mark, call: Call, until: float) -> Look:
    chosen = client.select_folder(settings.folder, readonly=True)
    validity = int(chosen[b"UIDVALIDITY"])
    if mark.uid_validity != validity:
        # Another mailbox, as far as UIDs go. What was read before is known again by its Message-ID and contents.
        mark = Mark(uid_validity=validity, uid=0, since=(call.now - settings.look_back).date())
    new = _behind(client, mark)
    if not new and settings.listens and client.has_capability("IDLE") and _heard(client, until - _RESERVE):
        new = _behind(client, mark)
    if not new:
        return Look([], mark, more=False)
    sizes = {
        uid: int(said[b"RFC822.SIZE"]) for uid, said in client.fetch(new[:AT_ONCE], ["RFC822.SIZE"]).items()
    }
    taken = batch(sizes)
    wanted = [uid for uid in taken if sizes[uid] <= MAX_BYTES]
    fetched = client.fetch(wanted, ["BODY.PEEK[]"]) if wanted else {}
    # Who deleted a mail between the two questions leaves no content: then it never came.
    mails = [
        Lying(uid, sizes[uid], fetched[uid][b"BODY[]"] if uid in fetched else None)
        for uid in taken
        if uid in fetched or sizes[uid] > MAX_BYTES
    ]
    reached = taken[-1] if taken else new[:AT_ONCE][-1]
    return Look(mails, mark.model_copy(update={"uid": reached}), more=reached < new[-1])


def _behind(client: IMAPClient, mark: Mark) -> list[int]:
    """The UIDs behind the mark. `n:*` always names the last mail too, even where it lies before n."""
    asked: list[Any] = ["UID", f"{mark.uid + 1}:*"]
    if mark.since is not None:
        # The server's days begin in its own zone.
        asked += ["SINCE", mark.since - timedelta(days=1)]
    return sorted(uid for uid in client.search(asked) if uid > mark.uid)


def _heard(client: IMAPClient, until: float) -> bool:
    """Whether the server says anything before the moment comes; what it says is looked up, not believed."""
    if (seconds := until - time.monotonic()) <= 0:
        return False
    client.idle()
    said = client.idle_check(timeout=seconds)
    client.idle_done()
    return bool(said)


@contextmanager
def _client(settings: Mailbox, address: str, seconds: float) -> Iterator[IMAPClient]:
    client = _Pinned(settings, address, seconds)
    try:
        yield client
    finally:
        with suppress(IMAPClientError, imaplib.IMAP4.error, OSError):
            client.shutdown()


class _Pinned(IMAPClient):  # type: ignore[misc]  # IMAPClient is published without types
    """A client that goes to the very address that was checked, and asks for a certificate in the host's name."""

    def __init__(self, settings: Mailbox, address: str, seconds: float) -> None:
        self._address = address
        super().__init__(
            settings.host,
            settings.imap_port,
            ssl=settings.security == "tls",
            ssl_context=tls_context(settings.ca_certificate) if settings.security == "tls" else None,
            timeout=SocketTimeout(connect=seconds, read=seconds),
        )

    def _create_IMAP4(self) -> imaplib.IMAP4:
        return _Wire(
            self.host, (self._address, self.port), self.ssl_context if self.ssl else None, self._timeout
        )


class _Wire(imaplib.IMAP4):
    """The connection itself."""

    def __init__(
        self, host: str, at: tuple[str, int], tls: ssl.SSLContext | None, timeout: SocketTimeout
    ) -> None:
        self._at, self._tls, self._seconds = at, tls, timeout.connect
        super().__init__(host, at[1], timeout=timeout.connect)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        opened = socket.create_connection(self._at, timeout or self._seconds)
        # A session is many short questions; none should wait for the answer to the last to be acknowledged.
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened if self._tls is None else self._tls.wrap_socket(opened, server_hostname=self.host)
