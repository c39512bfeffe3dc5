"""Open cases by root cause: what one remedy may settle is shown as one thing."""

import base64
import binascii
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hub.api.access import HubHere, Viewer, scope
from hub.api.opening import boxes_of
from hub.api.problems import declined
from hub.api.shapes import CaseShown, case_shown
from hub.assembly import Hub
from hub.store.case_groups import Cause, cases_named, group_cases

router = APIRouter(tags=["cases"])


class CaseNamed(BaseModel):
    """A case of a group."""

    id: UUID
    version: int
    subject: str | None = None
    title: str
    opened_at: datetime
    due_at: datetime | None = None


class GroupShown(BaseModel):
    """Open cases with the same cause."""

    key: str = Field(description="Give it as `group` to list them all.")
    store: str
    kind: str
    connection: str | None = None
    action: str | None = Field(None, description="What was to be done there, where the cases are about that.")
    refusal: str | None = Field(None, description="The code with which it was refused.")
    count: int
    overdue: int
    first_due: datetime | None = None
    oldest: datetime
    owners: list[str]
    choices: dict[str, str] = Field(description="What every one of them offers, with what people read.")
    first: list[CaseNamed] = Field(description="Those due first, five at most.")


class GroupsShown(BaseModel):
    """Everything that waits for a person."""

    open: int
    overdue: int
    due_today: int = Field(description="Due later today, in each store's zone.")
    orders: int = Field(description="Orders that something is asked about; one may be in several groups.")
    groups: list[GroupShown]


@router.get("/cases/groups", summary="Group open cases by root cause")
async def list_groups(
    hub: HubHere,
    caller: Viewer,
    store: Annotated[str | None, Query(max_length=100)] = None,
    owner: Annotated[str | None, Query(max_length=100, description="Whose they are.")] = None,
) -> GroupsShown:
    """What waits for a person, by what lies behind it; what is due first comes first."""
    now = hub.clock.now()
    async with hub.database.connection() as connection:
        rows = await group_cases(connection, days_end(hub, scope(caller, store), now), now, owner)
        named = await cases_named(connection, [id for row in rows for id in row["first"]])
        boxes = await boxes_of(hub, connection, named.values())
    shown = {id: case_shown(row, boxes) for id, row in named.items()}
    return GroupsShown(
        open=sum(row["count"] for row in rows),
        overdue=sum(row["overdue"] for row in rows),
        due_today=sum(row["due_today"] for row in rows),
        orders=sum(row["orders"] for row in rows),
        groups=[_group(row, shown) for row in rows],
    )


def days_end(hub: Hub, stores: list[str] | None, now: datetime) -> dict[str, datetime]:
    """When today ends in each of these stores, by the clocks of its zone."""
    found = {}
    for id, config in hub.world.stores.items():
        if stores is None or id in stores:
            zone = ZoneInfo(config.zone)
            tomorrow = now.astimezone(zone).date() + timedelta(days=1)
            found[id] = datetime.combine(tomorrow, time(), zone).astimezone(UTC)
    return found


def cause_of(key: str) -> Cause:
    """The cause that a group's key names."""
    try:
        words = orjson.loads(base64.urlsafe_b64decode(key.encode()))
        cause = Cause(*words)
        if not all(isinstance(word, str | None) for word in words):
            raise TypeError
        return cause
    except (ValueError, TypeError, binascii.Error):
        raise declined(422, "bad-group", "The group's key is not one of ours.") from None


def _group(row: Any, shown: dict[UUID, CaseShown]) -> GroupShown:
    words = [row[name] for name in ("store", "kind", "connection", "action", "refusal")]
    first, *others = map(orjson.loads, row["choices"])
    return GroupShown.model_validate(
        {
            **row,
            "key": base64.urlsafe_b64encode(orjson.dumps(words)).decode(),
            "choices": {c: label for c, label in first.items() if all(c in other for other in others)},
            "first": [shown[id].model_dump() for id in row["first"] if id in shown],
        }
    )
