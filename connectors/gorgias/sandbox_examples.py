"""An input for each action, which the double answers with success, and some that it refuses."""

from collections.abc import Mapping

from pydantic import BaseModel

from hub.sdk.commerce import Customer
from hub.sdk.messages import AddTicketNote, NewTicket, TagTicket, TicketRef

EXAMPLES: Mapping[str, BaseModel] = {
    "open_ticket": NewTicket(
        external_id="main/1001/no-scan",
        subject="Order 1001 has not been scanned for five days",
        body="Tracking number 1Z999AA10123456784, last scan none since the label was made.",
        customer=Customer(id="77", first_name="Ada", email="ada@example.com"),
        order_number="1001",
        tags=["faros", "no-scan"],
        priority="high",
    ),
    "add_ticket_note": AddTicketNote(
        id="1", reference="main/1001/no-scan/1", text="The supplier looks for it."
    ),
    "tag_ticket": TagTicket(id="1", tags=["no-scan"]),
    "close_ticket": TicketRef(id="1"),
}

NOT_FOUND: Mapping[str, Mapping[str, BaseModel]] = {
    name: {"not-found": EXAMPLES[name].model_copy(update={"id": "404"})}
    for name in ("add_ticket_note", "tag_ticket", "close_ticket")
}
