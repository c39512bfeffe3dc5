"""A mail as it is handed to a server. Pure."""

from dataclasses import dataclass, field
from hashlib import sha256

from hub.sdk.mailing.addresses import DOT_ATOM


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one recipient. `sender` is also where the server reports what it cannot deliver."""

    sender: str
    recipient: str = field(repr=False)
    message_id: str
    content: bytes = field(repr=False)


def local_part(unique_id: str) -> str:
    """Our id as it is where that can stand in a Message-ID, so that people find it in the server's log."""
    if len(unique_id) <= 64 and DOT_ATOM.fullmatch(unique_id):
        return unique_id
    return sha256(unique_id.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def boundary(unique_id: str) -> str:
    """The same for the same mail; `=_` cannot occur in quoted-printable, so no text can end its part early."""
    return f"=_{sha256(unique_id.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
