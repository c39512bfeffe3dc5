"""Gorgias's connector before its double."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from connectors.gorgias.connector import Gorgias
from connectors.gorgias.sandbox import GorgiasSandbox
from connectors.gorgias.settings import GorgiasSettings
from hub.sdk import Call, Client, Http, TicketReceived
from hub.sdk.commerce import Customer
from hub.sdk.http import Answer
from hub.sdk.messages import AddTicketNote, NewTicket, Ticket
from hub.sdk.testing import SandboxTransport
from hub.sdk.testing.trial import Wire

NOW = datetime(2026, 3, 2, 10, 15, tzinfo=UTC)


def exception(**changes: Any) -> NewTicket:
    """A ticket about a parcel that was not scanned."""
    ticket = NewTicket(
        external_id="main/8492/no-scan",
        subject="Order 8492: no scan since the label was made",
        body="Order 8492. Tracking 1Z999AA10123456784. Last scan: none since 2 March 10:15 UTC.",
        customer=Customer(first_name="Ada", last_name="Sample", email="ada@example.com"),
        order_number="8492",
        tags=["faros", "no-scan"],
        priority="high",
    )
    return ticket.model_copy(update=changes)


def note(ticket_id: str, reference: str = "main/8492/no-scan/1") -> AddTicketNote:
    """A note for staff."""
    return AddTicketNote(id=ticket_id, reference=reference, text="The supplier looks for it.")


class Desk:
    """A support desk on a Monday morning, and the connector that works there."""

    def __init__(self, **settings: Any) -> None:
        self.sandbox = GorgiasSandbox()
        self.sandbox.now = lambda: NOW
        self.wire = Wire(SandboxTransport(self.sandbox))
        told = GorgiasSettings.model_validate(self.sandbox.settings() | settings)
        self.gorgias = Gorgias(told, Client(self.wire), "https://sandbox.example")

    def call(self) -> Call:
        """A new call, with five seconds left."""
        return Call("k", asyncio.get_running_loop().time() + 5, 1, NOW)

    def http(self) -> Http:
        """The bare client, for requests that the connector never makes."""
        return self.gorgias.http(self.call())

    def headers(self) -> dict[str, str]:
        """What the connector proves itself with."""
        return {"authorization": self.wire.sent[-1].headers["authorization"]}

    async def open(self, ticket: NewTicket | None = None) -> Ticket:
        """Open a ticket about an exception."""
        opened: Ticket = await self.gorgias.open_ticket(ticket or exception(), self.call())
        return opened

    def events(self, *args: str) -> list[TicketReceived]:
        """What the hub learns when a customer writes."""
        delivery = self.sandbox.customer_writes(*args)
        self.gorgias.verify(delivery)
        heard: list[TicketReceived] = self.gorgias.ticket_received(delivery)
        return heard

    def answer_writes_with(self, answer: Answer) -> None:
        """Let the double act, and put this in place of what it says of anything it made or changed."""
        self.wire.instead = lambda told: answer if told.status_code in (201, 202) else told
