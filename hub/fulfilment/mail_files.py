"""The hub's own `mails.attachments` action: which files of a mail may be opened, and why the others stay shut."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AwareDatetime, Base64Bytes

from hub.fulfilment.call import OwnCall
from hub.fulfilment.mails.attached import LARGEST, MOST, Attached, Awaited, awaited, files_of
from hub.fulfilment.mails.trust import Gate
from hub.fulfilment.mails.warm import READER
from hub.fulfilment.supplier import FileKind
from hub.sdk.commerce import Internal, Record


class AskedFiles(Record):
    """A mail as it came, whom its receiver believes, and the files that the merchant has declared."""

    content: Annotated[Base64Bytes, Internal()]
    authserv_id: str = ""
    senders: Annotated[list[str], Internal()] = []
    attachments: list[Awaited] = []
    received_at: AwareDatetime
    problem: Literal["", "too-large"] = ""


class MailFile(Record):
    """A file to be read: which of the mail's files it is, its name, and what it means."""

    place: int
    name: str
    kind: FileKind


class ShutFile(Record):
    """A file that stays shut, and why."""

    name: str
    why: str


class MailFiles(Record):
    """The files of a mail. `missed` counts those that were declared and stay shut all the same."""

    files: list[MailFile] = []
    shut: list[ShutFile] = []
    missed: int = 0


async def attachments(asked: AskedFiles, call: OwnCall) -> MailFiles:
    """The declared files of a mail whose sender is proved; of any other mail none."""
    if asked.problem:
        return MailFiles()
    raw = bytes(asked.content)
    # Taken apart in a process of its own first: what is hostile goes no further.
    gate = Gate(asked.authserv_id, tuple(asked.senders))
    reading = await asyncio.to_thread(READER.read, raw, None, gate)
    if reading.form in ("unread", "report"):
        return MailFiles()
    found = await asyncio.to_thread(files_of, raw)
    if not reading.trust.trusted:
        why = f"it is not proved that the supplier sent it: {'; '.join(reading.trust.reasons)}"
        return MailFiles(shut=[ShutFile(name=one.name, why=why) for one in found])
    return _parted(found, asked.attachments)


def _parted(found: Sequence[Attached], declared: Sequence[Awaited]) -> MailFiles:
    files: list[MailFile] = []
    shut: list[ShutFile] = []
    missed = 0
    for one in found:
        meant = awaited(one.name, declared)
        if meant is None:
            shut.append(ShutFile(name=one.name, why="no such file is declared"))
        elif one.size > LARGEST * 3 // 2:
            missed += 1
            shut.append(ShutFile(name=one.name, why=f"it has more than {LARGEST // 1024 // 1024} MB"))
        elif len(files) >= MOST:
            missed += 1
            shut.append(ShutFile(name=one.name, why=f"a mail's first {MOST} files are opened"))
        else:
            files.append(MailFile(place=one.place, name=one.name, kind=meant.kind))
    return MailFiles(files=files, shut=shut, missed=missed)
