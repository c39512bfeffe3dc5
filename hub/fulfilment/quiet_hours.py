"""The hours in which nobody's phone should ring. Pure."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo


def until_loud(now: datetime, settings: Mapping[str, Any]) -> timedelta:
    """How long to wait until the brand's `quiet_hours` (`21:00-08:00`, in its zone) are over; zero by day."""
    hours = str((settings.get("brand") or {}).get("quiet_hours", ""))
    if "-" not in hours:
        return timedelta(0)
    begins, ends = (time.fromisoformat(part.strip()) for part in hours.split("-", 1))
    here = now.astimezone(ZoneInfo(str(settings.get("zone", "UTC"))))
    clock = here.timetz().replace(tzinfo=None)
    is_quiet = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    if not is_quiet:
        return timedelta(0)
    day = here.date() if clock < ends else here.date() + timedelta(days=1)
    return datetime.combine(day, ends, here.tzinfo).astimezone(now.tzinfo) - now
