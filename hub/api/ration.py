"""So many requests of one caller in a span of time, in this process."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Ration:
    """`most` requests in any `span` seconds; `seconds` is a clock that never goes back."""

    most: int
    span: float
    seconds: Callable[[], float] = time.monotonic
    _taken: dict[str, deque[float]] = field(default_factory=dict)

    def take(self, caller: str) -> float:
        """0 for a request that may go on; else how many seconds to wait, and nothing was taken."""
        now = self.seconds()
        for name in [name for name, moments in self._taken.items() if now - moments[-1] >= self.span]:
            del self._taken[name]
        moments = self._taken.setdefault(caller, deque())
        while moments and now - moments[0] >= self.span:
            moments.popleft()
        if len(moments) >= self.most:
            return self.span - (now - moments[0])
        moments.append(now)
        return 0.0
