"""How often one address may ask: a bucket of requests for each, in this process only."""

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

PER_MINUTE = 20
MOST = 10_000
"""Addresses remembered; the one that was quiet the longest is forgotten first."""


class Buckets:
    """Each address has 20 requests, and one more every three seconds. `clock` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def admit(self, address: str) -> bool:
        """Whether this address may ask once more now."""
        now, key = self._clock(), _household(address)
        left, since = self._left.pop(key, (float(PER_MINUTE), now))
        left = min(float(PER_MINUTE), left + (now - since) * PER_MINUTE / 60)
        admitted = left >= 1
        self._left[key] = (left - 1 if admitted else left, now)
        if len(self._left) > MOST:
            self._left.popitem(last=False)
        return admitted


def _household(address: str) -> str:
    """One customer has a whole /64 of IPv6, and could ask from every address of it."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped) if parsed.ipv4_mapped else parsed.exploded[:19]
