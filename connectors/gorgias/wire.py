"""Gorgias's JSON: the parts of tickets, messages and pages that are read, and the delivery whose form is ours."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Wire(BaseModel):
    """A part of what Gorgias says; fields may be added to it at any time."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class WireTag(_Wire):
    """A tag on a ticket."""

    name: str


class WireTicket(_Wire):
    """A ticket. Its status stays a text here; the mapping knows which ones there are."""

    id: int
    external_id: str | None = None
    status: str
    tags: list[WireTag] = []


class WireMessage(_Wire):
    """A message on a ticket, of which only our own reference is read."""

    id: int
    external_id: str | None = None


class WirePosition(_Wire):
    """Where a page stands among the others."""

    next_cursor: str | None = None


class WireTickets(_Wire):
    """A page of tickets."""

    data: list[WireTicket]
    meta: WirePosition = WirePosition()


class WireMessages(_Wire):
    """A page of messages."""

    data: list[WireMessage]
    meta: WirePosition = WirePosition()


class WireFault(_Wire):
    """What is wrong with a request: `data` names the fields, and may quote what was sent after each."""

    data: Any = None


class WireRefusal(_Wire):
    """The body of a 4xx."""

    error: WireFault = WireFault()


class WireNews(_Wire):
    """A delivery of our HTTP integration, as README.md defines it. Gorgias fills a form with texts; what a ticket
    lacks comes as an empty one."""

    ticket_id: str
    from_agent: str | bool | None = None
    subject: str | None = None
    tags: Any = None
    customer_email: str | None = None
    created_datetime: str | None = None
