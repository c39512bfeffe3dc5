"""What an order's customer was told, as they saw it; and where the order's runs stand, for a map of its flows."""

import re
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from hub.api.access import HubHere, Viewer, scope
from hub.api.opening import boxes_of, opened
from hub.api.problems import declined
from hub.store import reading
from hub.store.database import Connection
from hub.store.keys import Caller
from hub.store.notices import notices_with_texts

router = APIRouter(tags=["orders"])

# A link's token opens what is its receiver's alone, so that nobody else is shown it, not even staff.
_OWN_LINK = re.compile(r"https?://[^\s<>\"')]*[A-Za-z0-9_-]{40,}[^\s<>\"')]*")
OWN_LINK = "(a link of the customer's own)"


class WrittenShown(BaseModel):
    """One message by one channel."""

    channel: str
    subject: str
    text: str


class ToldShown(BaseModel):
    """One thing the customer was told, or was not."""

    milestone: str
    notice: str
    state: str
    reason: str
    made_at: datetime
    sent_at: datetime | None = None
    messages: list[WrittenShown]


class TokenHere(BaseModel):
    """A position of a run."""

    node: str
    state: str


class RunHere(BaseModel):
    """Where a run stands, and which steps it passed."""

    run: UUID
    store: str
    flow: str
    version: int
    is_over: bool
    tokens: list[TokenHere]
    passed: list[str]


@router.get("/orders/{number}/messages", summary="What the customer was told")
async def list_messages(
    hub: HubHere, caller: Viewer, number: str, store: Annotated[str | None, Query(max_length=100)] = None
) -> list[ToldShown]:
    """Every message of an order as its customer saw it, oldest first; links that are theirs alone are left out."""
    async with hub.database.connection() as connection:
        order = await _order(connection, caller, number, store)
        rows = await notices_with_texts(connection, order["id"])
        boxes = await boxes_of(hub, connection, rows)
    return [
        ToldShown.model_validate({**row, "messages": [_written(m) for m in opened(boxes, row, "body") or []]})
        for row in rows
    ]


@router.get("/orders/{number}/where", summary="Where an order's runs stand")
async def show_where(
    hub: HubHere, caller: Viewer, number: str, store: Annotated[str | None, Query(max_length=100)] = None
) -> list[RunHere]:
    """The runs of an order, with their tokens and the steps they passed."""
    async with hub.database.connection() as connection:
        order = await _order(connection, caller, number, store)
        runs = (await reading.trade_of(connection, order))["runs"]
        ids = [run["id"] for run in runs]
        tokens = await reading.tokens_of_runs(connection, ids)
        journal = await reading.journal_of(connection, ids)
    return [_here(run, tokens, journal) for run in runs]


async def _order(connection: Connection, caller: Caller, number: str, store: str | None) -> Any:
    found = await reading.orders_numbered(connection, number, scope(caller, store))
    if not found:
        raise declined(404, "no-such-order", "There is no order of this number.")
    return found[0]


def _written(message: dict[str, Any]) -> WrittenShown:
    return WrittenShown(
        channel=message["channel"],
        subject=_OWN_LINK.sub(OWN_LINK, message.get("subject", "")),
        text=_OWN_LINK.sub(OWN_LINK, message["text"]),
    )


def _here(run: Any, tokens: list[Any], journal: list[Any]) -> RunHere:
    passed = [node for row in journal if row["run_id"] == run["id"] for node, _, _ in row["entries"]]
    return RunHere(
        run=run["id"],
        store=run["store_id"],
        flow=run["flow"],
        version=run["flow_version"],
        is_over=run["ended_at"] is not None,
        tokens=[TokenHere(node=t["node"], state=t["state"]) for t in tokens if t["run_id"] == run["id"]],
        passed=list(dict.fromkeys(passed)),
    )
