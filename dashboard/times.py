"""Moments for people: in the brand's zone, with how far away they are beside them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = 60, 3_600, 86_400
FAR = timedelta(days=7)
"""From here on a moment's year and month say more than its weekday."""


def clock(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`Tue 10:15` this week, `3 Nov 10:15` beyond it, with the year where it is another."""
    local, here = moment.astimezone(zone), now.astimezone(zone)
    if abs(moment - now) < FAR:
        return f"{local:%a %H:%M}"
    year = f" {local:%Y}" if local.year != here.year else ""
    return f"{local.day} {local:%b}{year}, {local:%H:%M}"


def full(moment: datetime, zone: ZoneInfo) -> str:
    """To the second, with the zone's name."""
    return f"{moment.astimezone(zone):%a %d %b %Y, %H:%M:%S %Z}"


def day(moment: datetime, zone: ZoneInfo) -> str:
    """`Monday, 2 November 2026`."""
    local = moment.astimezone(zone)
    return f"{local:%A}, {local.day} {local:%B %Y}"


def away(moment: datetime, now: datetime) -> str:
    """`in 2 h` or `3 d ago`."""
    seconds = (moment - now).total_seconds()
    if abs(seconds) < MINUTE:
        return "now"
    return f"in {span(seconds)}" if seconds > 0 else f"{span(-seconds)} ago"


def span(seconds: float) -> str:
    """A length of time in at most two units: `45 min`, `2 h 10 min`, `3 d 4 h`, `24 d`."""
    seconds = abs(seconds)
    if seconds < HOUR:
        return f"{max(1, round(seconds / MINUTE))} min"
    if seconds < DAY:
        hours, rest = divmod(seconds, HOUR)
        minutes = f" {int(rest // MINUTE)} min" if rest >= MINUTE and hours < 10 else ""
        return f"{int(hours)} h{minutes}"
    days, rest = divmod(seconds, DAY)
    hours_left = f" {int(rest // HOUR)} h" if rest >= HOUR and days < 4 else ""
    return f"{int(days)} d{hours_left}"


def due(moment: datetime, now: datetime) -> str:
    """`due in 2 h`, or `3 d late`."""
    seconds = (moment - now).total_seconds()
    return f"due in {span(seconds)}" if seconds > 0 else f"{span(seconds)} late"


def present() -> datetime:
    """The moment of looking, for hubs that do not say theirs."""
    return datetime.now(UTC)
