"""Every report by name. A report is a list of figures of one store and one span of time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from hub.fulfilment.figures import goods, kept, troubles, voices, what_if
from hub.fulfilment.figures.figure import Asked, Figure
from hub.sdk.events import first_sentence
from hub.store.database import Connection

Compute = Callable[[Connection, Asked], Awaitable[list[Figure]]]


@dataclass(frozen=True, slots=True)
class Report:
    """A report. Figures of one that `is_gauge` are told to Prometheus. One that `is_kept_fresh` is reckoned before
    anybody asks, if it takes long: what reckons here, and not in the database, would hold up everybody else."""

    name: str
    title: str
    compute: Compute
    is_gauge: bool = True
    is_kept_fresh: bool = True

    @property
    def says(self) -> str:
        """What it tells, in a sentence."""
        return first_sentence(self.compute.__doc__)


REPORTS = {
    report.name: report
    for report in (
        Report("failure-points", "Where orders fail", troubles.failure_points),
        Report("touchless", "Orders that need nobody", troubles.touchless),
        Report("exceptions", "Exceptions that are open", troubles.open_exceptions),
        Report("outcomes", "How exceptions ended", troubles.outcomes),
        Report("cancellations", "Why orders were cancelled", troubles.cancellations),
        Report("avoided", "What was avoided", troubles.avoided),
        Report("enquiries", "Where is my order?", voices.asked_where),
        Report("before-customers", "Seen and told before customers ask", voices.spoke_first),
        Report("tracking-gap", "Shipped and not shown", goods.tracking_gap),
        Report("promises", "Promises kept", kept.on_time, is_gauge=False),
        Report("suppliers", "How suppliers do", goods.scorecards),
        Report("margin", "What choosing suppliers gains", goods.margin_gain, is_gauge=False),
        Report(
            "rules", "What other rules would save", what_if.other_rules, is_gauge=False, is_kept_fresh=False
        ),
        Report("reconciliation", "Sold, bought and shipped", goods.reconciliation, is_gauge=False),
    )
}
