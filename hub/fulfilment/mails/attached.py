"""Files that a mail carries: which are awaited, by their names, and what is in one of them. Pure.

Only files of a mail that is proved to be its sender's are opened, and only those that the merchant has declared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from fnmatch import fnmatchcase

from hub.fulfilment.mails.charsets import header
from hub.fulfilment.mails.opening import PARTS
from hub.fulfilment.supplier import FileKind
from hub.sdk.commerce import Record

MOST = 5
"""Files of one mail that are opened."""
LARGEST = 5 * 1024 * 1024
"""Bytes of a file that is opened."""


class Awaited(Record):
    """A file that the supplier's mails carry: how it is named, with * and ? for any signs, and what it means."""

    name: str
    kind: FileKind


@dataclass(frozen=True, slots=True)
class Attached:
    """A file in a mail: which of its files it is, from 0, its name, and its bytes when they were on their way."""

    place: int
    name: str
    size: int


def awaited(name: str, declared: Sequence[Awaited]) -> Awaited | None:
    """The first declaration that a file's name fits; capitals do not count."""
    return next((one for one in declared if fnmatchcase(name.casefold(), one.name.casefold())), None)


def files_of(raw: bytes) -> list[Attached]:
    """The files of a mail, not those of mails within it."""
    return [
        Attached(place, header(part.get_filename()), len(str(part.get_payload())))
        for place, part in enumerate(_files(raw))
    ]


def content_of(raw: bytes, place: int) -> bytes | None:
    """What is in the file at this place; None if there is none."""
    for at, part in enumerate(_files(raw)):
        if at == place:
            payload = part.get_payload(decode=True)
            return payload if isinstance(payload, bytes) else None
    return None


def _files(raw: bytes) -> Iterator[Message]:
    yield from _below(message_from_bytes(raw.lstrip(b"\r\n"), policy=compat32), [PARTS])


def _below(part: Message, left: list[int]) -> Iterator[Message]:
    left[0] -= 1
    if left[0] < 0 or part.get_content_type() == "message/rfc822":
        return
    payload = part.get_payload()
    if isinstance(payload, list):
        for one in payload:
            if isinstance(one, Message):
                yield from _below(one, left)
    elif part.get_filename():
        yield part
