"""What a mail server's reply lets us know. Pure."""

import re
from typing import Literal

from hub.sdk import HubError, NotDone, Refused, Unauthorised, Unreadable

Stage = Literal["greeting", "encryption", "login", "sender", "recipient", "data"]
"""How far a conversation has come. Before `data` no mail can have been taken."""

_LOGIN = frozenset({530, 534, 535, 538})
"""RFC 4954, 6: log in first, stronger mechanism needed, wrong credentials, encryption needed."""
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)", re.ASCII)
"""RFC 3463: the code that says more than the three digits."""


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
