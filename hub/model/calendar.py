"""Working time: a store's opening hours, and when a span of them has passed."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours in a zone. `days` are 0 (Monday) to 6; a working day is one opening to its closing."""

    zone: str = "UTC"
    days: frozenset[int] = frozenset(range(5))
    opens: time = time(9)
    closes: time = time(17)

    def after(self, start: datetime, span: timedelta) -> datetime:
        """The moment by which this much working time has passed since `start`."""
        zone = ZoneInfo(self.zone)
        at, left = start.astimezone(zone), span
        for _ in range(3_700):
            opening, closing = self._hours(at)
            at = max(at, opening)
            if at.weekday() in self.days and at < closing:
                if at + left <= closing:
                    return (at + left).astimezone(start.tzinfo)
                left -= closing - at
            at = datetime.combine(at.date() + timedelta(days=1), time(0), zone)
        raise ValueError("This store is never open.")

    def before(self, end: datetime, span: timedelta) -> datetime:
        """The latest moment at which this much working time is still left until `end`."""
        zone = ZoneInfo(self.zone)
        at, left = end.astimezone(zone), span
        for _ in range(3_700):
            opening, closing = self._hours(at)
            at = min(at, closing)
            if at.weekday() in self.days and at > opening:
                if at - left >= opening:
                    return (at - left).astimezone(end.tzinfo)
                left -= at - opening
            at = datetime.combine(at.date() - timedelta(days=1), time(23, 59, 59), zone)
        raise ValueError("This store is never open.")

    def day(self) -> timedelta:
        """How long a working day is."""
        start = datetime(2000, 1, 3)  # noqa: DTZ001  only the difference counts
        return datetime.combine(start, self.closes) - datetime.combine(start, self.opens)

    def _hours(self, at: datetime) -> tuple[datetime, datetime]:
        return tuple(datetime.combine(at.date(), t, at.tzinfo) for t in (self.opens, self.closes))  # type: ignore[return-value]  # two of them
