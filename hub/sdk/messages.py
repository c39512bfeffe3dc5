"""What is said to customers and to the people who run the shop: messages, tickets, alerts."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from hub.sdk.commerce import Customer, Personal, Record
from hub.sdk.effects import EffectKey

Channel = Literal["email", "sms"]


class Sender(Record):
    """The brand in whose name a message goes: the name people see, and the address that answers come to."""

    name: Annotated[str, Field(min_length=1)]
    email: str = ""


class CustomerMessage(Record):
    """One message to one customer by one channel, rendered and checked. Only the hub makes these.

    `unique_id` is one per order, notice and channel. `properties` are facts a customer may see, for services that
    render messages themselves: order_number, tracking_number, tracking_url, items, and so on.
    """

    unique_id: Annotated[str, EffectKey(), Field(min_length=1, max_length=200)]
    notice: Annotated[str, Field(min_length=1, max_length=100)]
    channel: Channel
    to: Customer
    sender: Sender
    subject: Annotated[str, Personal("note")] = ""
    text: Annotated[str, Personal("note"), Field(min_length=1)]
    html: Annotated[str, Personal("note")] = ""
    happened_at: AwareDatetime | None = None
    properties: dict[str, Any] = {}


class NewTicket(Record):
    """A ticket for the support desk about one order; the customer is not written to by opening it.

    `external_id` is ours, one per order and exception: the same one is opened once.
    """

    external_id: Annotated[str, EffectKey(), Field(min_length=1, max_length=255)]
    subject: Annotated[str, Field(min_length=1, max_length=900)]
    body: Annotated[str, Personal("note"), Field(min_length=1)]
    customer: Customer = Customer()
    order_number: str = ""
    tags: list[str] = []
    priority: Literal["low", "normal", "high", "critical"] = "normal"


class TicketRef(Record):
    """Names one ticket by the desk's id."""

    id: str


class Ticket(Record):
    """A ticket at the support desk."""

    id: str
    external_id: str = ""
    status: Literal["open", "closed"] = "open"
    tags: list[str] = []


class AddTicketNote(Record):
    """A note on a ticket for staff; no customer sees it. `reference` is one per note, so that it is written once."""

    id: str
    reference: Annotated[str, EffectKey(), Field(min_length=1, max_length=200)]
    text: Annotated[str, Personal("note"), Field(min_length=1)]


class TagTicket(Record):
    """Tags to add to a ticket; those it has stay."""

    id: str
    tags: Annotated[list[str], Field(min_length=1)]


class NewAlert(Record):
    """Something the people who run the shop must hear. No customer's data, no secret: ids and links."""

    unique_id: Annotated[str, EffectKey(), Field(min_length=1, max_length=200)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    text: str = ""
    url: str = ""
    severity: Literal["info", "warning", "critical"] = "warning"
    happened_at: datetime | None = None
