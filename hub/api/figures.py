"""What this process counts itself: how webhooks were answered, and how long that took."""

from prometheus_client import CollectorRegistry, Histogram

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Figures:
    """One per app, with a registry of its own, so that two apps in one process do not meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._webhooks = Histogram(
            "faros_webhook_seconds",
            "From a webhook's first byte to its answer, by status.",
            ["status"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._by_status: dict[int, Histogram] = {}

    def webhook(self, status: int, seconds: float) -> None:
        """A webhook was answered."""
        found = self._by_status.get(status)
        if found is None:
            found = self._by_status[status] = self._webhooks.labels(str(status))
        found.observe(seconds)
