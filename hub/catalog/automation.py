"""What a supplier's connector does by itself, and what it leaves to people. Pure.

Read off what the connector declares: its level, its actions and its events. A supplier's own words come in as an event
that says what became of a purchase order, or as the file or mail that the hub then reads.
"""

from dataclasses import dataclass
from typing import Any, Literal

from hub.sdk import STOCK_SOURCE, SUPPLIER, Connector, Depth, polls_of, webhooks_of

LEVELS = {1: "by mail", 2: "by file", 3: "by API"}
"""How a supplier of each level is spoken to."""
BY_HAND = "by hand"
Task = Literal["orders", "answers", "tracking", "stock"]
TASKS: dict[Task, str] = {
    "orders": "Purchase orders go out",
    "answers": "Acknowledgements and refusals come in",
    "tracking": "Tracking numbers come in",
    "stock": "Stock figures come in",
}
"""What there is to do with a supplier, in the order of an order's way."""
_DEPTHS_OF_LEVELS: dict[int | None, Depth] = {1: "email", 2: "file"}


@dataclass(frozen=True, slots=True)
class Automation:
    """One supplier's connector: its level, and for each task how it is done, `by hand` where it is not."""

    connector: str
    title: str
    level: int
    tasks: dict[Task, str]

    @property
    def handoffs(self) -> list[Task]:
        """What people have to carry over themselves."""
        return [task for task, by in self.tasks.items() if by == BY_HAND]


def automation_of(connector: type[Connector[Any]]) -> Automation | None:
    """What this connector automates; None if it is no supplier's."""
    if SUPPLIER not in connector.capabilities or connector.level not in LEVELS:
        return None
    by = LEVELS[connector.level]
    hears = bool(webhooks_of(connector) or polls_of(connector))
    has_stock = STOCK_SOURCE in connector.capabilities or (connector.level == 2 and hears)
    done: dict[Task, bool] = {"orders": True, "answers": hears, "tracking": hears, "stock": has_stock}
    tasks = {task: by if is_done else BY_HAND for task, is_done in done.items()}
    return Automation(connector.name, connector.title, connector.level, tasks)


def depth_of(connector: type[Connector[Any]]) -> Depth:
    """How closely this connector is tied to the other side: as it declares, else as its webhooks and its level say."""
    if connector.integration_depth is not None:
        return connector.integration_depth
    return "webhook" if webhooks_of(connector) else _DEPTHS_OF_LEVELS.get(connector.level, "poll")
