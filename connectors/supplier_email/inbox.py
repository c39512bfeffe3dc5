"""The narrow seam to a mailbox, what is remembered of it, and the event that a mail becomes. Pure."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes
from email.policy import compat32
from typing import Annotated, Literal, Protocol

from pydantic import AwareDatetime, BaseModel, Field

from hub.sdk import Call, Event
from hub.sdk.commerce import Internal, Record

AT_ONCE = 200
"""So many mails are given to the hub in one commit."""
BYTES_AT_ONCE = 5_000_000
"""So many bytes of mails are fetched at once, if there is more than one."""
MAX_BYTES = 10_000_000
"""Larger mails are told of and not fetched."""
_HEADERS = 64_000
"""Bytes in which a mail's own headers are looked for."""


class AwaitedFile(Record):
    """A file that the merchant has declared: its name, with * and ? for any signs, and what it means."""

    name: str
    kind: Literal["stock", "acknowledgements", "tracking", "invoices"]


class MailReceived(Event):
    """A mail came to the mailbox that a supplier answers to. `content` is as it came, unread, in base64.

    `authserv_id` and `senders` say whom the merchant believes, `attachments` which files may be opened. With `problem`
    there is no content.
    """

    match_fields = ("message_id",)

    message_id: Annotated[str, Internal()]
    digest: str
    content: Annotated[str, Internal()]
    authserv_id: str = ""
    senders: Annotated[list[str], Internal()] = []
    attachments: list[AwaitedFile] = []
    received_at: AwareDatetime
    problem: Literal["", "too-large"] = ""

    @property
    def data(self) -> bytes:
        """The mail's bytes."""
        return base64.b64decode(self.content)

    def key(self) -> str:
        # Some portals use one Message-ID for many mails, and one mail may lie in a mailbox twice.
        return f"{hashlib.sha256(self.message_id.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}@{self.digest}"

    def happened_at(self) -> datetime | None:
        return self.received_at


class Mark(BaseModel):
    """The cursor: up to where a mailbox was read. UIDs count only under their UIDVALIDITY (RFC 9051, 2.3.1.1);
    `since` leaves out what was old when the reading began."""

    uid_validity: Annotated[int, Field(ge=0)] = 0
    uid: Annotated[int, Field(ge=0)] = 0
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Lying:
    """A mail in the mailbox; no content if it is larger than `MAX_BYTES`."""

    uid: int
    size: int
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found, oldest first, from where to look on, and whether more lies there already."""

    mails: list[Lying]
    mark: Mark
    more: bool


class Inbox(Protocol):
    """A mailbox that is only looked into. A look that fails has changed nothing: it raises `NotDone` or
    `Unauthorised`, and is asked again from the same mark."""

    async def look(self, mark: Mark, call: Call) -> Look:
        """The mails behind the mark, at most `AT_ONCE`."""
        ...

    async def probe(self, call: Call) -> None:
        """Open the mailbox and close it again."""
        ...


def batch(sizes: dict[int, int]) -> list[int]:
    """The first UIDs whose mails are fetched in one go, by their sizes."""
    taken: list[int] = []
    total = 0
    for uid in sorted(sizes)[:AT_ONCE]:
        size = min(sizes[uid], MAX_BYTES)
        if taken and total + size > BYTES_AT_ONCE:
            break
        taken.append(uid)
        total += size
    return taken


def received(lying: Lying, uid_validity: int, now: datetime) -> MailReceived:
    """The event for a mail. Copies have one digest: it leaves out headers, in which each carries its own way here."""
    if lying.content is None:
        name = f"{uid_validity}/{lying.uid}"
        digest = hashlib.sha256(name.encode()).hexdigest()
        return MailReceived(message_id="", digest=digest, content="", received_at=now, problem="too-large")
    body = lying.content.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    return MailReceived(
        message_id=_message_id(lying.content),
        digest=hashlib.sha256(body).hexdigest(),
        content=base64.b64encode(lying.content).decode(),
        received_at=now,
    )


def _message_id(content: bytes) -> str:
    head = content[:_HEADERS].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = message_from_bytes(head + b"\n\n", policy=compat32)["Message-ID"]
    return " ".join(str(found).split())[:500] if found else ""
