"""What a watcher is given, and what it finds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from hub.fulfilment.policies import Patience, Policies
from hub.fulfilment.supplier import SupplierSpec
from hub.model.calendar import Calendar
from hub.store.database import Connection
from hub.store.overdue import Kept

Kind = Literal[
    "forward-late",
    "tracking-gap",
    "supplier-silent",
    "feed-frozen",
    "stock-signal-lost",
    "webhook-silent",
    "poll-silent",
]

HORIZON = timedelta(days=30)
"""What is older is history: somebody has long decided about it, or never will."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A store at one moment. `connection` is an open transaction; `forwarding` are the flows that bring a paid order to
    its suppliers; `hours` is when the store works."""

    connection: Connection
    store_id: str
    now: datetime
    policies: Policies = field(default_factory=Policies)
    suppliers: Sequence[SupplierSpec] = ()
    forwarding: Sequence[str] = ()
    hours: Calendar = field(default_factory=Calendar)

    @property
    def patience(self) -> Patience:
        """How long silence is normal here."""
        return self.policies.patience


@dataclass(frozen=True, slots=True)
class Silence:
    """One cause. `about` is the connection that it is, or an order's number where no other cause is known; `connection`
    is empty then. `orders` are those it keeps waiting."""

    kind: Kind
    about: str
    since: datetime
    title: str
    connection: str | None = None
    orders: tuple[Kept, ...] = ()


def by_cause(orders: Iterable[Kept]) -> dict[str | None, tuple[Kept, ...]]:
    """Orders by the connection that they wait for; under None those that share no cause with any other."""
    found: defaultdict[str | None, list[Kept]] = defaultdict(list)
    for order in orders:
        found[order.stands_at].append(order)
    return {cause: tuple(waiting) for cause, waiting in found.items()}


def named(orders: Sequence[Kept]) -> str:
    """The orders in a title: the only one by its number, more by how many they are."""
    if len(orders) == 1:
        return f"Order {orders[0].number}"
    return f"{len(orders)} orders"


def verb(orders: Sequence[Kept], one: str, more: str) -> str:
    """The verb that fits so many."""
    return one if len(orders) == 1 else more


def clock_time(moment: datetime, hours: Calendar) -> str:
    """A moment as the store's people read it."""
    return moment.astimezone(ZoneInfo(hours.zone)).strftime("%a %d %b %H:%M")
