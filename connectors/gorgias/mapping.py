"""Tickets and notes as Gorgias wants them, and what it says of them. Pure."""

import re
from typing import Any, Literal

from pydantic import ValidationError

from connectors.gorgias.wire import WireMessages, WireRefusal, WireTicket, WireTickets
from hub.sdk import Answer, Refused, Unreadable
from hub.sdk.messages import AddTicketNote, NewTicket, Ticket

STATUSES: dict[str, Literal["open", "closed"]] = {"open": "open", "closed": "closed"}

_FIELD = re.compile(r"[a-z_]{1,40}")


def write_ticket(ticket: NewTicket, agent: str) -> dict[str, Any]:
    """A ticket whose only message is a note, so that Gorgias writes to nobody."""
    body: dict[str, Any] = {
        "external_id": ticket.external_id,
        "subject": ticket.subject,
        "channel": "api",
        "via": "api",
        "from_agent": True,
        "status": "open",
        "priority": ticket.priority,
        "tags": [{"name": tag} for tag in ticket.tags],
        "messages": [write_note(ticket.body, ticket.external_id, agent)],
    }
    if ticket.order_number:
        body["meta"] = {"order_number": ticket.order_number}
    if ticket.customer.email:
        name = f"{ticket.customer.first_name} {ticket.customer.last_name}".strip()
        body["customer"] = {"email": ticket.customer.email} | ({"name": name} if name else {})
    return body


def write_note(text: str, reference: str, agent: str) -> dict[str, Any]:
    """An internal note. A message by any other channel would be sent to the customer."""
    return {
        "external_id": reference,
        "channel": "internal-note",
        "via": "api",
        "from_agent": True,
        "public": False,
        "sender": {"email": agent},
        "source": {"type": "internal-note", "from": {"address": agent}, "to": []},
        "body_text": text,
    }


def note_of(note: AddTicketNote, agent: str) -> dict[str, Any]:
    """A note on a ticket that is there."""
    return write_note(note.text, note.reference, agent)


def read_ticket(answer: Answer) -> Ticket:
    """A ticket, if its status is one we know."""
    try:
        return to_ticket(WireTicket.model_validate(answer.json()))
    except ValidationError:
        raise Unreadable("Gorgias's ticket is not as expected.") from None


def to_ticket(found: WireTicket) -> Ticket:
    """A ticket in the trade's words."""
    if found.status not in STATUSES:
        raise Unreadable(f"Gorgias says that a ticket is {found.status!r}, which is not known here.")
    return Ticket(
        id=str(found.id),
        external_id=found.external_id or "",
        status=STATUSES[found.status],
        tags=[tag.name for tag in found.tags],
    )


def find_ticket(answer: Answer, external_id: str) -> Ticket | None:
    """Our ticket among those listed, the oldest if there are several: nothing keeps two from having one id."""
    try:
        page = WireTickets.model_validate(answer.json())
    except ValidationError:
        raise Unreadable("Gorgias's tickets are not as expected.") from None
    ours = [ticket for ticket in page.data if ticket.external_id == external_id]
    return to_ticket(min(ours, key=lambda ticket: ticket.id)) if ours else None


def find_note(answer: Answer, reference: str) -> tuple[bool, str | None]:
    """Whether our note is on this page of messages, and the cursor of the next page."""
    try:
        page = WireMessages.model_validate(answer.json())
    except ValidationError:
        raise Unreadable("Gorgias's messages are not as expected.") from None
    return any(message.external_id == reference for message in page.data), page.meta.next_cursor


def read_refusal(answer: Answer) -> Refused:
    """Which fields Gorgias does not like. Its words are left out: they may quote the customer."""
    try:
        data = WireRefusal.model_validate(answer.json()).error.data
    except (Unreadable, ValidationError):
        data = None
    fields = sorted(name for name in data if _FIELD.fullmatch(name)) if isinstance(data, dict) else []
    about = f" about {', '.join(fields)}" if fields else ""
    return Refused("rejected", f"Gorgias says status {answer.status_code}{about}.")
