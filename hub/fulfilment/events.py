"""The hub's own events: what one flow tells the next about an order, and what the hub tells about a store."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from hub.fulfilment.aftermath_events import AFTERMATH_EVENTS
from hub.fulfilment.silence_events import SILENCE_EVENTS
from hub.sdk import Event
from hub.sdk.commerce import Internal

WINDOW = timedelta(minutes=5)
"""Cases of one kind that are opened within one window are told to people together."""


class OrderFiltered(Event):
    """An order passed the filter and may be assigned. `round` counts how often it was sent on; `because` names what
    it was sent on for, so that two purchases given back in one round are two reasons. `is_confirmed`: a person vouches
    for the suppliers' figures."""

    match_fields = ("order_id",)

    order_id: str
    number: str
    round: int = 1
    because: str = ""
    is_confirmed: bool = False

    def key(self) -> str:
        return f"{self.order_id}/{self.round}/{self.because}"

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


class DayBegan(Event):
    """It is morning in the store: the policy `digest_at` on this date, by the clocks of the store's zone."""

    date: str
    hour: int

    def key(self) -> str:
        return self.date


class HourBegan(Event):
    """A full hour, 0 to 23, of this date began, in UTC."""

    date: str
    hour: int

    def key(self) -> str:
        return f"{self.date}T{self.hour:02}"


class ExportDue(Event):
    """It is time for a supplier with files to get what is pending: one of its `orders_at`, which is `at`."""

    supplier: Annotated[str, Internal()]
    at: datetime

    def key(self) -> str:
        return f"{self.supplier}/{self.at.isoformat()}"


class NumbersDue(Event):
    """It is time to type in the numbers that nobody has told: one of the store's `numbers_at`, which is `at`."""

    at: datetime

    def key(self) -> str:
        return self.at.isoformat()


class CaseOpened(Event):
    """A person is asked to decide something. No customer's data: ids, the kind, and what a person would search for.

    `about` is usually the order's number, `order_id` the hub's id of it; they are missing where the case is about no
    order. `flow` and `run` are missing where the hub itself asks. `window` is when the five minutes began in which it
    was opened.
    """

    case: str
    kind: str
    window: datetime
    about: str | None = None
    order_id: str | None = None
    flow: str | None = None
    run: str | None = None
    connection: str | None = None
    due_at: datetime | None = None

    def key(self) -> str:
        return self.case

    def subject(self) -> str | None:
        return self.about


def window_of(moment: datetime) -> datetime:
    """When the window began that a moment lies in; windows begin at full five minutes of UTC."""
    return datetime.fromtimestamp(moment.timestamp() // WINDOW.total_seconds() * WINDOW.total_seconds(), UTC)


OWN_EVENTS: tuple[type[Event], ...] = (
    OrderFiltered, OrderAssigned, OrderRouted, DayBegan, HourBegan, ExportDue, NumbersDue, CaseOpened,
    *AFTERMATH_EVENTS, *SILENCE_EVENTS,
)  # fmt: skip
"""Every event of the hub's own that flows may emit and be triggered by."""
