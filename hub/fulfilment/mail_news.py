"""The hub's own `mails` action: read a supplier's mail in a process of its own, and say what may be acted on."""

import asyncio
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, Base64Bytes

from hub.fulfilment.call import OwnCall
from hub.fulfilment.feed_changes import PurchaseChange
from hub.fulfilment.mail_verdicts import Bought, Meaning, judge
from hub.fulfilment.mails.attached import Awaited, awaited
from hub.fulfilment.mails.reading import SHUT, MailReading, unread
from hub.fulfilment.mails.references import Known
from hub.fulfilment.mails.trust import Gate
from hub.fulfilment.mails.warm import READER
from hub.sdk.commerce import Internal, Record
from hub.store import purchases

REMEMBERED = timedelta(days=180)
"""A mail about an older purchase is a question."""


class ReadMail(Record):
    """A mail as it came, and whom its receiver believes: what our own server calls itself, and the expected senders.

    `attachments` are the files that another flow reads; a mail that only carries them is no question.
    """

    content: Annotated[Base64Bytes, Internal()]
    authserv_id: str = ""
    senders: Annotated[list[str], Internal()] = []
    attachments: list[Awaited] = []
    received_at: AwareDatetime
    problem: Literal["", "too-large"] = ""


class MailRead(Record):
    """What a mail means. `changes` are news of purchases, to be told on; `question` is for a person, empty if nobody
    need be asked; `about` are the purchases that it speaks of. `evidence` is what its kind rests on, and `shut` are the
    files in it that nobody has opened."""

    meaning: Meaning
    changes: list[PurchaseChange] = []
    question: str = ""
    case: str = "supplier-mail"
    about: list[str] = []
    evidence: list[str] = []
    shut: list[str] = []


async def read(asked: ReadMail, call: OwnCall) -> MailRead:
    """Read a mail that came for this supplier's connection: news of its own purchases, a question, or nothing."""
    found = await purchases.open_at(call.connection, call.store_id, call.source, call.now - REMEMBERED)
    bought = [Bought(reference=ref, order_number=number, lines=lines) for ref, number, lines in found]
    reading = await _read(asked, bought)
    names = [one.what for one in reading.left_out if one.why == SHUT]
    opened = {one.kind for name in names if (one := awaited(name, asked.attachments))}
    verdict = judge(reading, bought, opened if reading.trust.trusted else ())
    return MailRead(
        meaning=verdict.meaning,
        changes=verdict.changes,
        question=verdict.question,
        case=verdict.kind,
        about=verdict.about,
        evidence=reading.evidence,
        shut=[one for one in names if not (reading.trust.trusted and awaited(one, asked.attachments))],
    )


async def _read(asked: ReadMail, bought: list[Bought]) -> MailReading:
    if asked.problem:
        return unread("It is too large to be fetched.")
    known = Known(
        references=tuple({text for one in bought for text in (one.reference, one.order_number) if text}),
        messages={f"<po.{one.reference}@": one.reference for one in bought},
    )
    gate = Gate(asked.authserv_id, tuple(asked.senders))
    return await asyncio.to_thread(READER.read, bytes(asked.content), known, gate)
