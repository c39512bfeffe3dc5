"""Links that open one page for one purpose: the token is the only key, and the database knows its hash alone. Pure.

Chance and time come from outside: `mint` is given 32 random bytes, and every rule is given the moment.
"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from pydantic import AwareDatetime

from hub.sdk.commerce import Record

Purpose = Literal["tracking", "address", "choice", "supplier"]
"""What a link is for; with any other purpose its token opens nothing."""

Standing = Literal["open", "used", "gone"]
"""`used`: what it was for is done. `gone`: never was, is for something else, or is over; nobody is told which."""

PATHS: Mapping[Purpose, str] = MappingProxyType(
    {"tracking": "t", "address": "a", "choice": "c", "supplier": "s"}
)
"""The first part of each page's address; the token is the second."""

LASTS: Mapping[Purpose, timedelta] = MappingProxyType(
    {
        "tracking": timedelta(days=180),
        "address": timedelta(days=14),
        "choice": timedelta(days=7),
        "supplier": timedelta(days=45),
    }
)
"""How long a link opens; a supplier's must live from the purchase to the parcel."""

SECRET_BYTES = 32
"""256 bits: nobody finds one by trying."""

STAYS_OPEN = frozenset({"accepted"})
"""Answers after which the same link still takes another: a supplier accepts first and ships later."""


class Link(Record):
    """A link as it is kept. `digest` is its token's; `subject` names what it is about; `answer` is the last one."""

    digest: str
    purpose: Purpose
    subject: str
    created_at: AwareDatetime
    expires_at: AwareDatetime
    used_at: AwareDatetime | None = None
    answer: str = ""


def mint(chance: bytes) -> str:
    """A token of 43 signs that need no escaping, from 32 bytes of a cryptographic source."""
    if len(chance) != SECRET_BYTES:
        raise ValueError(f"A token is made of {SECRET_BYTES} random bytes.")
    return base64.urlsafe_b64encode(chance).rstrip(b"=").decode()


def digest(token: str) -> str:
    """What is kept and searched for instead of a token. A search by hash tells nothing by the time it takes."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def issue(
    token: str, purpose: Purpose, subject: str, now: datetime, *, lasts: timedelta | None = None
) -> Link:
    """A link to keep; `lasts` replaces the purpose's own time."""
    return Link(
        digest=digest(token),
        purpose=purpose,
        subject=subject,
        created_at=now,
        expires_at=now + (LASTS[purpose] if lasts is None else lasts),
    )


def standing(link: Link | None, purpose: Purpose, now: datetime) -> Standing:
    """Whether a page may open. An expired link is gone, used or not."""
    if link is None or link.purpose != purpose or now >= link.expires_at:
        return "gone"
    return "open" if link.used_at is None else "used"


def use(link: Link, answer: str, now: datetime) -> Link:
    """The link after an answer. Only an open link of a purpose that takes answers is used, in the answer's commit."""
    if link.purpose == "tracking" or standing(link, link.purpose, now) != "open":
        raise ValueError("This link takes no answer.")
    used_at = None if answer in STAYS_OPEN else now
    return link.model_copy(update={"answer": answer, "used_at": used_at})


def address_of(base_url: str, purpose: Purpose, token: str) -> str:
    """The link as it is written in a mail, at the brand's own address."""
    return f"{base_url.rstrip('/')}/{PATHS[purpose]}/{token}"
