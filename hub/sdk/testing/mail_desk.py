"""What a double of a mail server says of the mails it is handed, as strict servers would. Pure."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

MAX_BYTES = 1_000_000
MAILBOX = re.compile(r"[^\s@<>\",;]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_ONCE = ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version", "Content-Type")


def reply(stage: str, code: int, text: str) -> Response:
    return JSONResponse({"stage": stage, "code": code, "text": text})


def problem(content: bytes) -> str:
    """Why strict servers turn a mail down (RFC 5321, 2.3.8 and 4.5.3.1); empty for a good one."""
    lines = content.split(b"\r\n")
    if len(content) > MAX_BYTES:
        return "The mail is too large"
    if any(b"\r" in line or b"\n" in line for line in lines):
        return "A line does not end in CRLF"
    if any(len(line) > 998 for line in lines) or not content.isascii() or b"\0" in content:
        return "A line is too long, or not in ASCII"
    return _problem_of_headers(message_from_bytes(content, policy=default))


def _problem_of_headers(mail: EmailMessage) -> str:
    """What RFC 5322, 3.6 does not allow."""
    if any(part.defects for part in mail.walk()):
        return "The mail is malformed"
    for name in _ONCE:
        if len(mail.get_all(name, [])) != 1:
            return f"There must be one header {name}"
    if any(name in mail for name in ("Bcc", "Cc", "Resent-To")) or len(mail["To"].addresses) != 1:
        return "There must be one recipient"
    if not re.fullmatch(r"<[^\s<>@]+@[^\s<>@]+>", str(mail["Message-ID"])):
        return "Message-ID is none"
    return "" if parsedate_to_datetime(str(mail["Date"])).tzinfo is not None else "Date has no zone"


def read_envelope(request: Request, absent: Any = ()) -> Response | None:
    """Why the envelope is refused; None for a good one. `absent` are recipients nobody has heard of."""
    sender, recipient = request.headers.get("mail-from", ""), request.headers.get("rcpt-to", "")
    if not MAILBOX.fullmatch(sender):
        return reply("sender", 501, "5.1.7 Bad sender address syntax")
    if not MAILBOX.fullmatch(recipient):
        return reply("recipient", 501, "5.1.3 Bad recipient address syntax")
    if recipient in absent:
        return reply("recipient", 550, f"5.1.1 <{recipient}>: no such user here")
    return None


def decoded(mail: EmailMessage, recipient: str) -> dict[str, str]:
    """A mail as its reader sees it."""
    shown = {name: mail.get_body((kind,)) for name, kind in (("text", "plain"), ("html", "html"))}
    bodies = {name: str(part.get_content()) if part is not None else "" for name, part in shown.items()}
    named = {"from": mail["From"], "subject": mail["Subject"], "message_id": mail["Message-ID"]}
    return {"to": recipient, **{name: str(value) for name, value in named.items()}, **bodies}
