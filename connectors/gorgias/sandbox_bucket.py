"""The leaky bucket of requests that Gorgias gives an API key."""

import time
from collections.abc import Callable


class Bucket:
    """Forty requests, of which two run out each second. By the process's clock: it is about real traffic."""

    def __init__(self, size: int = 40, leak: float = 2.0) -> None:
        self.clock: Callable[[], float] = time.monotonic
        self.size = size
        self.leak = leak
        self.level = 0.0
        self._at = self.clock()

    def pour(self) -> bool:
        """Whether one more request fits."""
        now = self.clock()
        self.level = max(0.0, self.level - (now - self._at) * self.leak)
        self._at = now
        if self.level + 1 > self.size:
            return False
        self.level += 1
        return True

    def headers(self) -> dict[str, str]:
        """What every answer says of the bucket: how full it is, and in how many seconds another request fits."""
        wait = max(0, -int(-(self.level + 1 - self.size) // self.leak))
        return {
            "retry-after": str(wait),
            "x-gorgias-account-api-call-limit": f"{int(self.level)}/{self.size}",
        }
