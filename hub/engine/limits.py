"""How hard a connection may be pressed, shared by all workers: slices of a budget that lives in the database."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from hub.sdk import Limits
from hub.store.budgets import Slice, draw, slow_down
from hub.store.database import Database

SLICE = 1.0
"""Seconds of budget a worker draws at once, and how long an unused slice keeps."""


@dataclass
class _Share:
    limits: Limits
    left: float = 0.0
    drawn_at: float = -1e9
    closed_until: float = 0.0
    wanted: int = 0


@dataclass
class Limiter:
    """A worker's share of every connection's budget. `take` is local and instant; `refill` asks the database."""

    database: Database
    shares: dict[str, _Share] = field(default_factory=dict)

    def know(self, connection_id: str, limits: Limits) -> None:
        """Learn a connection's limits."""
        share = self.shares.get(connection_id)
        if share is None:
            self.shares[connection_id] = _Share(limits)
        else:
            share.limits = limits

    def take(self, connection_id: str) -> float:
        """Take one request's worth; 0 means go, else the seconds to wait before asking again."""
        share = self.shares.get(connection_id)
        if share is None:
            return 0.0
        now = _monotonic()
        if now < share.closed_until:
            return share.closed_until - now
        if share.limits.per_second is None:
            return 0.0
        share.wanted += 1
        if now - share.drawn_at <= SLICE and share.left >= 1:
            share.left -= 1
            return 0.0
        return SLICE / 4

    async def refill(self, now: datetime) -> None:
        """Draw a slice for every limited connection that was asked for, and learn which are closed for a while."""
        wanted = {
            name: Slice(s.limits.per_second, s.limits.burst, s.limits.in_flight, max(s.wanted, 1))
            for name, s in self.shares.items()
            if s.limits.per_second is not None and s.wanted
        }
        drawn, closed = await draw(self.database, wanted, now)
        moment = _monotonic()
        for name, share in self.shares.items():
            if name in drawn:
                share.left, share.drawn_at, share.wanted = drawn[name], moment, 0
            if name in closed:
                share.closed_until = moment + closed[name]

    async def slow_down(self, connection_id: str, seconds: float, now: datetime) -> None:
        """The other side asked all of us to wait."""
        share = self.shares.setdefault(connection_id, _Share(Limits()))
        share.closed_until = max(share.closed_until, _monotonic() + seconds)
        await slow_down(self.database, connection_id, seconds, now)


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
