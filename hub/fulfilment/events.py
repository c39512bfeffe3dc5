"""The hub's own events: what one flow tells the next about an order."""

from hub.sdk import Event


class OrderFiltered(Event):
    """An order passed the filter and may be assigned. `round` counts how often it was sent on."""

    match_fields = ("order_id",)

    order_id: str
    number: str
    round: int = 1

    def key(self) -> str:
        return f"{self.order_id}/{self.round}"

    def subject(self) -> str | None:
        return self.number


class OrderAssigned(Event):
    """Suppliers were chosen and stock is reserved; the purchases may be sent."""

    match_fields = ("order_id",)

    order_id: str
    number: str
    decision: str
    round: int = 1

    def key(self) -> str:
        # A decision that still holds in a later round is sent on once more.
        return f"{self.decision}/{self.round}"

    def subject(self) -> str | None:
        return self.number


class OrderRouted(Event):
    """Every purchase order of an order was sent and taken."""

    match_fields = ("order_id",)

    order_id: str
    number: str
    decision: str

    def key(self) -> str:
        return self.decision

    def subject(self) -> str | None:
        return self.number


OWN_EVENTS: tuple[type[Event], ...] = (OrderFiltered, OrderAssigned, OrderRouted)
"""Every event of the hub's own that flows may emit and be triggered by."""
