"""A mail's parts, taken from their MIME wrapping within limits. Attachments stay shut. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses

from hub.fulfilment.mails.charsets import declared_in, decoded, header
from hub.sdk import HubError

LARGEST = 25 * 1024 * 1024
"""Bytes of a mail that is opened."""
PARTS = 50
DEPTH = 10
TEXT = 2 * 1024 * 1024
"""Bytes of a text part that are read."""
_LONGEST = TEXT * 3 // 2
"""Bytes of a part as it travels: base64 takes four for three, and its lines have ends."""
_CONTENT_TYPE = re.compile(rb"^content-type:", re.MULTILINE | re.IGNORECASE)
_FIRST_PART = re.compile(rb"\s{2,8}--([^\s\"]{5,70})\r?\ncontent-", re.IGNORECASE)
_BOUNDARY = re.compile(rb"^--[^\r\n]{1,80}$", re.MULTILINE)


class TooMuch(HubError):
    """The mail is larger, has more parts or is nested deeper than any honest one."""


@dataclass(slots=True)
class Body:
    """A text of a mail in the one or two forms it came in."""

    plain: str = ""
    html: str = ""


@dataclass(slots=True)
class Mail:
    """An opened mail. `headers` are in their order, names in lower case; `inner` are mails it carries as they were."""

    headers: list[tuple[str, str]]
    bodies: list[Body] = field(default_factory=list)
    inner: "list[Mail]" = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    is_report: bool = False

    def first(self, name: str) -> str:
        """The topmost header of a name, decoded; empty if there is none."""
        return next((header(value) for key, value in self.headers if key == name), "")

    @property
    def subject(self) -> str:
        """What it says it is about."""
        return self.first("subject")

    def senders(self) -> list[tuple[str, str]]:
        """Every address that a From header names, with its display name: an honest mail has one."""
        values = [value for key, value in self.headers if key == "from"]
        return [(header(name), address.lower()) for name, address in getaddresses(values) if address]


def open_mail(raw: bytes) -> Mail:
    """Take a mail apart. Raises TooMuch beyond the limits; broken MIME is read as far as it goes."""
    if len(raw) > LARGEST:
        raise TooMuch(f"The mail has more than {LARGEST // 1024 // 1024} MB.")
    try:
        message = message_from_bytes(_lightened(_declared(raw.lstrip(b"\r\n"))), policy=compat32)
        return _Opening().mail(message, 0)
    except RecursionError as error:
        raise TooMuch(f"The mail is nested deeper than {DEPTH}.") from error


def _declared(raw: bytes) -> bytes:
    """The mail with the head that its parts want: some program on the way cut Content-Type out of it."""
    head = raw.find(b"\n\n") if b"\r\n\r\n" not in raw[:20_000] else raw.find(b"\r\n\r\n")
    if head < 0 or _CONTENT_TYPE.search(raw[: head + 2]):
        return raw
    first = _FIRST_PART.match(raw[head : head + 500])
    if first is None:
        return raw
    return (
        raw[: head + 1].rstrip()
        + b'\nContent-Type: multipart/mixed; boundary="'
        + first[1]
        + b'"\n'
        + raw[head:]
    )


def _lightened(raw: bytes) -> bytes:
    """The mail without the far end of its long parts: attachments stay shut, and no text is read beyond TEXT."""
    if len(raw) <= _LONGEST:
        return raw
    pieces: list[bytes] = []
    start = 0
    for boundary in _BOUNDARY.finditer(raw):
        pieces += [raw[start : min(boundary.start(), start + _LONGEST)], b"\n", boundary[0]]
        start = boundary.end()
    return b"".join([*pieces, raw[start : start + _LONGEST]])


class _Opening:
    """Counts the parts of one mail over all it carries."""

    def __init__(self) -> None:
        self._parts = 0

    def mail(self, message: Message, depth: int) -> Mail:
        headers = [(name.lower(), str(value)) for name, value in message.items()]
        found = Mail(headers, is_report=message.get_content_type() == "multipart/report")
        self._part(message, found, depth)
        return found

    def _part(self, part: Message, mail: Mail, depth: int) -> None:
        self._parts += 1
        if self._parts > PARTS:
            raise TooMuch(f"The mail has more than {PARTS} parts.")
        if depth > DEPTH:
            raise TooMuch(f"The mail is nested deeper than {DEPTH}.")
        kind = part.get_content_type()
        if kind == "message/rfc822":
            mail.inner += [self.mail(one, depth + 1) for one in _parts_of(part)]
        elif kind == "multipart/alternative":
            self._alternative(part, mail, depth)
        elif part.is_multipart():
            for one in _parts_of(part):
                self._part(one, mail, depth + 1)
        elif kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment":
            text = _text(part, kind)
            mail.bodies.append(Body(html=text) if kind == "text/html" else Body(plain=text))
        else:
            mail.attachments.append(header(part.get_filename()) or kind)

    def _alternative(self, part: Message, mail: Mail, depth: int) -> None:
        """Forms of one text are one body, also where the HTML comes wrapped with its pictures."""
        forms = Mail([])
        for one in _parts_of(part):
            self._part(one, forms, depth + 1)
        mail.inner += forms.inner
        mail.attachments += forms.attachments
        body = Body()
        for form in forms.bodies:
            body.plain = body.plain or form.plain
            body.html = body.html or form.html
        if body.plain or body.html:
            mail.bodies.append(body)


def _parts_of(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    return (one for one in payload if isinstance(one, Message)) if isinstance(payload, list) else iter(())


def _text(part: Message, kind: str) -> str:
    payload = part.get_payload(decode=True)
    raw = payload[:TEXT] if isinstance(payload, bytes) else b""
    # get_content_charset would stop at a name that is no ASCII; the parameter itself is read instead.
    parameter = part.get_param("charset")
    charset = parameter if isinstance(parameter, str) else None
    text = decoded(raw, charset or (declared_in(raw) if kind == "text/html" else None))
    if kind == "text/plain" and str(part.get_param("format", "")).lower() == "flowed":
        return unflowed(text, delete_space=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """Lines that were wrapped for the journey, whole again (RFC 3676): a space at the end says that more follows."""
    lines: list[str] = []
    flows = False
    for line in text.splitlines():
        quoted = line[: len(line) - len(line.lstrip(">"))]
        words = line[len(quoted) :].removeprefix(" ")
        goes_on = words.endswith(" ") and words != "-- "
        words = words[:-1] if goes_on and delete_space else words
        if flows and lines and lines[-1].startswith(quoted) and words != "-- ":
            lines[-1] += words
        else:
            lines.append(f"{quoted} {words}" if quoted else words)
        flows = goes_on
    return "\n".join(lines)
