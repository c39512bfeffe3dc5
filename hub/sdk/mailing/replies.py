"""What a mail server's reply lets us know. Pure."""

import re
from typing import Literal

from pydantic import BaseModel

from hub.sdk.errors import HubError, NotDone, Refused, Unauthorised, Unreadable
from hub.sdk.http import Answer

Stage = Literal["greeting", "encryption", "login", "sender", "recipient", "data"]
"""How far a conversation has come. Before `data` no mail can have been taken."""

_LOGIN = frozenset({530, 534, 535, 538})
"""RFC 4954, 6: log in first, stronger mechanism needed, wrong credentials, encryption needed."""
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)", re.ASCII)
"""RFC 3463: the code that says more than the three digits."""


class HttpReply(BaseModel):
    """How a conversation ended, as a double tells it by HTTP: how far it came, and the server's last reply."""

    stage: Stage
    code: int
    text: str = ""


def read_answer(answer: Answer) -> None:
    """Nothing if the mail was taken (or the login, for a probe); raises what the reply lets us know."""
    if 400 <= answer.status_code < 500 and answer.status_code not in (401, 403, 408, 429):
        raise Refused("rejected", f"The mail service answered {answer.status_code}.")
    answer.raise_for_status()
    try:
        reply = HttpReply.model_validate(answer.json())
    except ValueError:
        raise Unreadable("The answer is not a reply of a mail server.") from None
    if reply.code not in (235, 250):
        raise read_reply(reply.stage, reply.code, reply.text)


def read_reply(stage: Stage, code: int, text: str) -> HubError:
    """The error for a reply other than the one that was wanted.

    A negative reply is certain, after the mail too: the server says that it did not take it (RFC 5321, 4.2.1). The
    reply's own words are left out, since they often repeat the customer's address.
    """
    enhanced = _ENHANCED.match(text)
    said = f"The mail server answered {code}{' ' + enhanced[0] if enhanced else ''} at the {stage}."
    if code in _LOGIN or (stage == "login" and 500 <= code < 600):
        return Unauthorised(said)
    if 400 <= code < 500:
        return NotDone(said)
    if stage in ("greeting", "encryption", "login"):
        # It has not heard of this mail yet, so it cannot have refused this mail.
        return NotDone(said)
    if 500 <= code < 600:
        return Refused("unreachable" if stage == "recipient" else "rejected", said)
    return Unreadable(said) if stage == "data" else NotDone(said)
