"""The leaky bucket of points that Shopify gives an app in a shop."""

import time
from collections.abc import Callable
from typing import Any


class Bucket:
    """The leaky bucket of one app in one shop. By the process's clock, not the trade's: it is about real
    traffic."""

    def __init__(self, maximum: float = 40_000, restore: float = 2_000) -> None:
        self.clock: Callable[[], float] = time.monotonic
        self.maximum = maximum
        self.restore = restore
        self.available = maximum
        self._at = self.clock()

    def shrink(self, *, maximum: float, available: float, restore: float) -> None:
        """Turn it into another shop's bucket, filled this far."""
        self.maximum, self.available, self.restore = maximum, available, restore
        self._at = self.clock()

    def take(self, points: float) -> bool:
        """Take points out, if there are enough."""
        now = self.clock()
        self.available = min(self.maximum, self.available + (now - self._at) * self.restore)
        self._at = now
        if points > self.available:
            return False
        self.available -= points
        return True

    def give_back(self, points: float) -> None:
        """What was asked for and not used."""
        self.available = min(self.maximum, self.available + points)

    def cost(self, requested: int, actual: int | None) -> dict[str, Any]:
        """The cost block of an answer."""
        status = {
            "maximumAvailable": self.maximum,
            "currentlyAvailable": int(self.available),
            "restoreRate": self.restore,
        }
        return {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": status}
