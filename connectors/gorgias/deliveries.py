"""What a delivery of our HTTP integration says, and what a ticket is about. Pure."""

import re
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import ValidationError

from connectors.gorgias.wire import WireNews
from hub.sdk import Delivery, TicketReceived, Unreadable
from hub.sdk.paths import read_json

FORM = {
    "ticket_id": "{{ticket.id}}",
    "from_agent": "{{ticket.from_agent}}",
    "subject": "{{ticket.subject}}",
    "tags": "{{ticket.tags}}",
    "customer_email": "{{ticket.customer.email}}",
    "created_datetime": "{{ticket.created_datetime}}",
}
"""What our HTTP integration asks Gorgias to fill in when a ticket is created. README.md says where it goes."""

WISMO_TAGS = frozenset({"wismo", "where-is-my-order", "order-status", "shipping-status"})
"""A ticket with one of these tags asks where an order is. They are compared in lower case, with hyphens."""

WISMO_WORDS = (
    "where is my order",
    "where is my package",
    "where is my parcel",
    "wheres my order",
    "wheres my package",
    "wheres my parcel",
    "order status",
    "not arrived",
    "not received",
    "has my order shipped",
    "tracking",
    "wismo",
)
"""So does a ticket whose subject has one of these, without regard to case and punctuation."""

_APOSTROPHE = "['\u2019]"
_TRUTHS = {"true": True, "false": False, "": False, "none": False, "null": False}
_ORDER = re.compile(r"#\s?([A-Za-z0-9][A-Za-z0-9-]{0,39})")


def read_news(delivery: Delivery) -> list[TicketReceived]:
    """The ticket that a customer began; one that an agent, a rule or this hub began is no event."""
    try:
        news = WireNews.model_validate(read_json(delivery.body))
    except ValidationError as error:
        places = ", ".join(".".join(map(str, e["loc"])) for e in error.errors(include_input=False))
        raise Unreadable(f"The delivery is not as README.md defines it, at {places}.") from None
    if not news.ticket_id.isdecimal():
        raise Unreadable("The delivery names no ticket.")
    if _is_true(news.from_agent):
        return []
    subject = news.subject or ""
    found = TicketReceived(
        ticket_id=news.ticket_id,
        order_number=read_order_number(subject),
        topic=read_topic(subject, news.tags),
        customer=news.customer_email or "",
        received_at=read_moment(news.created_datetime or ""),
    )
    return [found]


def read_topic(subject: str, tags: Any) -> Literal["where-is-my-order", "other"]:
    """What a ticket is about, by its tags or the words of its subject. Its text is not read."""
    if any(_hyphened(tag) in WISMO_TAGS for tag in read_tags(tags)):
        return "where-is-my-order"
    words = re.findall(r"[a-z0-9]+", re.sub(_APOSTROPHE, "", subject.lower()))
    said = f" {' '.join(words)} "
    return "where-is-my-order" if any(f" {phrase} " in said for phrase in WISMO_WORDS) else "other"


def read_tags(tags: Any) -> list[str]:
    """Tags as a list of names or objects, or as the text that a template makes of either."""
    if isinstance(tags, str):
        named = re.findall(r"""["']name["']\s*:\s*["']([^"']+)["']""", tags)
        return named or [part.strip(" \"'[]") for part in tags.split(",")]
    if isinstance(tags, list):
        return [str(tag.get("name", "")) if isinstance(tag, dict) else str(tag) for tag in tags]
    return []


def read_order_number(subject: str) -> str:
    """The order a customer names with a # in front, written as sales channels give it: without."""
    found = _ORDER.search(subject)
    return found[1] if found and any(c.isdigit() for c in found[1]) else ""


def read_moment(text: str) -> datetime | None:
    """When the ticket was created. Gorgias writes moments of UTC, mostly without saying so."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable("created_datetime is not an ISO 8601 moment.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_true(said: str | bool | None) -> bool:
    """A yes or a no as a template writes it."""
    word = str(said if said is not None else "").strip().lower()
    if word not in _TRUTHS:
        raise Unreadable("from_agent is neither true nor false.")
    return _TRUTHS[word]


def _hyphened(tag: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", tag.lower()).strip("-")
