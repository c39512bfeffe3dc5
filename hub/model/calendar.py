"""Working time: the opening hours of a store, supplier or carrier, and when a span of them has passed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_FAR = 3_700
"""Days looked at before giving up: ten years."""
_NEVER_OPEN = "It is never open."


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours in a zone. `days` are 0 (Monday) to 6; a working day is one opening to its closing.

    `holidays` are whole days in this zone on which nobody works.
    """

    zone: str = "UTC"
    days: frozenset[int] = frozenset(range(5))
    opens: time = time(9)
    closes: time = time(17)
    holidays: frozenset[date] = frozenset()

    def works_on(self, day: date) -> bool:
        """Whether it is open at all on this day."""
        return day.weekday() in self.days and day not in self.holidays

    def day_on(self, start: date, ahead: int) -> date:
        """The working day that comes `ahead` working days after `start`; for 0, `start` itself or else the next one."""
        day, left = start, ahead
        for _ in range(_FAR):
            if left <= 0 and self.works_on(day):
                return day
            day += timedelta(days=1)
            left -= self.works_on(day)
        raise ValueError(_NEVER_OPEN)

    def taken_up(self, at: datetime) -> date:
        """The working day on which what comes at this moment is taken up: after closing it is the next one."""
        today = at.astimezone(ZoneInfo(self.zone)).date()
        is_late = self.works_on(today) and at >= self.closing(today)
        return self.day_on(today + timedelta(days=1) if is_late else today, 0)

    def closing(self, day: date) -> datetime:
        """When it closes on this day."""
        # As UTC: within one zone Python compares clock faces, and one hour a year shows the same face twice.
        return datetime.combine(day, self.closes, ZoneInfo(self.zone)).astimezone(UTC)

    def after(self, start: datetime, span: timedelta) -> datetime:
        """The moment by which this much working time has passed since `start`."""
        zone = ZoneInfo(self.zone)
        at, left = start.astimezone(zone), span
        for _ in range(_FAR):
            opening, closing = self._hours(at)
            at = max(at, opening)
            if self.works_on(at.date()) and at < closing:
                if at + left <= closing:
                    return (at + left).astimezone(start.tzinfo)
                left -= closing - at
            at = datetime.combine(at.date() + timedelta(days=1), time(0), zone)
        raise ValueError(_NEVER_OPEN)

    def before(self, end: datetime, span: timedelta) -> datetime:
        """The latest moment at which this much working time is still left until `end`."""
        zone = ZoneInfo(self.zone)
        at, left = end.astimezone(zone), span
        for _ in range(_FAR):
            opening, closing = self._hours(at)
            at = min(at, closing)
            if self.works_on(at.date()) and at > opening:
                if at - left >= opening:
                    return (at - left).astimezone(end.tzinfo)
                left -= at - opening
            at = datetime.combine(at.date() - timedelta(days=1), time(23, 59, 59), zone)
        raise ValueError(_NEVER_OPEN)

    def day(self) -> timedelta:
        """How long a working day is."""
        start = datetime(2000, 1, 3)  # noqa: DTZ001  only the difference counts
        return datetime.combine(start, self.closes) - datetime.combine(start, self.opens)

    def _hours(self, at: datetime) -> tuple[datetime, datetime]:
        return tuple(datetime.combine(at.date(), t, at.tzinfo) for t in (self.opens, self.closes))  # type: ignore[return-value]  # two of them


def local_moment(day: date, at: time, zone: str) -> datetime:
    """When a zone's clocks show this time on this day, in UTC. A time they show twice means the first; one they leap
    over means the instant of the leap."""
    local = datetime.combine(day, at, ZoneInfo(zone))
    early, late = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    if early <= late:
        return early
    # Leapt over: read by the offset from before, it lies after the leap, and the other way round.
    before, after = late, early
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        is_over = middle.astimezone(local.tzinfo).utcoffset() != local.utcoffset()
        before, after = (before, middle) if is_over else (middle, after)
    return after.replace(microsecond=0)
