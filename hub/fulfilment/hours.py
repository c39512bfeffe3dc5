"""How hub.yaml writes working hours, and ranges of working days."""

from datetime import date, time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from hub.model.calendar import Calendar
from hub.sdk.commerce import Record

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST_DAYS = 200


class Days(Record):
    """A range of working days, written `{earliest: 1, latest: 2}`, or as one number where both are the same."""

    earliest: Annotated[int, Field(ge=0, le=_MOST_DAYS)]
    latest: Annotated[int, Field(ge=0, le=_MOST_DAYS)]

    @model_validator(mode="before")
    @classmethod
    def _read_number(cls, written: Any) -> Any:
        return {"earliest": written, "latest": written} if isinstance(written, int | str) else written

    @model_validator(mode="after")
    def _refuse_reversed(self) -> "Days":
        if self.earliest > self.latest:
            raise ValueError(f"the earliest, {self.earliest}, is after the latest, {self.latest}")
        return self


class Hours(Record):
    """When somebody works. Without a `zone` it is the store's; `holidays` are whole days, as 2026-12-25."""

    days: Annotated[list[Weekday], Field(min_length=1)] = ["mon", "tue", "wed", "thu", "fri"]
    opens: time = time(9)
    closes: time = time(17)
    zone: str = ""
    holidays: list[date] = []

    @field_validator("zone")
    @classmethod
    def _refuse_unknown(cls, zone: str) -> str:
        try:
            return zone and ZoneInfo(zone).key
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f'there is no time zone "{zone}"; write it like Asia/Shanghai') from error

    @model_validator(mode="after")
    def _refuse_reversed(self) -> "Hours":
        if self.opens >= self.closes:
            raise ValueError("it closes before it opens")
        return self

    def calendar(self, zone: str) -> Calendar:
        """As a calendar; `zone` is the store's."""
        days = frozenset(WEEKDAYS.index(day) for day in self.days)
        return Calendar(self.zone or zone, days, self.opens, self.closes, frozenset(self.holidays))
