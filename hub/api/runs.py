"""Runs: where each stands, what it did, and what it waits for."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hub.api.access import HubHere, Viewer, scope, sees
from hub.api.opening import boxes_of, opened
from hub.api.paging import Asked, Page, cut
from hub.api.problems import declined
from hub.api.shapes import (
    CaseShown,
    EffectShown,
    EntryShown,
    case_shown,
    effect_shown,
    entries_shown,
)
from hub.store import reading

router = APIRouter(tags=["runs"])


class RunListed(BaseModel):
    """A run in a list."""

    id: UUID
    store: str
    flow: str
    version: int = Field(description="Of the flow, at which the run stays.")
    source: str = Field(description="The connection it came from.")
    subject: str | None = None
    order: UUID | None = None
    parent: UUID | None = None
    started_at: datetime
    ended_at: datetime | None = None
    end_reason: str | None = None
    due_at: datetime | None = Field(None, description="When it moves next by itself.")
    is_parked: bool = Field(description="It rests because a connection is paused.")
    touched_by_person: bool


class TokenShown(BaseModel):
    """A position of a run, and the reason why it will move on."""

    id: UUID
    node: str
    state: Literal["ready", "acting", "waiting", "held", "joining"]
    path: str
    due_at: datetime | None = None
    effect: UUID | None = None
    wait: UUID | None = None
    case: UUID | None = None


class RunShown(RunListed):
    """A run with all that belongs to it."""

    tokens: list[TokenShown]
    effects: list[EffectShown]
    cases: list[CaseShown]
    journal: list[EntryShown]
    values: dict[str, Any] | None = Field(
        None, description="The names it has given; only where data was asked for."
    )


def run_listed(row: Any, version: int) -> RunListed:
    """A run's row, for a list."""
    return RunListed(
        id=row["id"],
        store=row["store_id"],
        flow=row["flow"],
        version=version,
        source=row["source"],
        subject=row["subject"],
        order=row["order_id"],
        parent=row["parent_run_id"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        end_reason=row["end_reason"],
        due_at=row["due_at"],
        is_parked=row["is_parked"],
        touched_by_person=row["touched_by_person"],
    )


@router.get("/runs", summary="List runs")
async def list_runs(  # noqa: PLR0913  each is one of the query's parameters
    hub: HubHere,
    caller: Viewer,
    window: Asked,
    state: Annotated[Literal["open", "ended"] | None, Query(description="Only these.")] = None,
    flow: Annotated[str | None, Query(max_length=100)] = None,
    subject: Annotated[str | None, Query(max_length=200, description="Usually an order's number.")] = None,
    store: Annotated[str | None, Query(max_length=100)] = None,
) -> Page[RunListed]:
    """Runs, newest first."""
    is_open = None if state is None else state == "open"
    asked = reading.RunsAsked(is_open, flow, subject, scope(caller, store))
    async with hub.database.connection() as connection:
        rows = await reading.page_runs(connection, window, asked)
    shown, after = cut(rows, window)
    return Page(items=[run_listed(row, row["version"]) for row in shown], next=after)


@router.get("/runs/{id}", summary="Show a run")
async def show_run(
    hub: HubHere,
    caller: Viewer,
    id: UUID,
    data: Annotated[bool, Query(description="Also what was sent, answered and named.")] = False,
) -> RunShown:
    """A run with its tokens, its effects as the ledger has them, its cases and its history.

    What was sent to the outside and answered may name the customer: it is opened only if `data` asks for it.
    """
    async with hub.database.connection() as connection:
        row = await reading.read_run(connection, id)
        if row is None or not sees(caller, row["store_id"]):
            raise declined(404, "no-such-run", "There is no run of this id.")
        tokens = await reading.tokens_of(connection, id)
        effects = await reading.effects_of(connection, [id])
        cases = await reading.cases_of(connection, [id])
        journal = await reading.journal_of(connection, [id])
        boxes = await boxes_of(hub, connection, [row, *effects, *cases])
    frames = (opened(boxes, row, "names") or {}) if data else {}
    # The root's names; those with a `$` are the engine's own.
    values = {name: value for name, value in frames.get("", {}).items() if not name.startswith("$")}
    return RunShown(
        **run_listed(row, row["flow_version"]).model_dump(),
        tokens=[_token(token) for token in tokens],
        effects=[effect_shown(effect, boxes if data else None) for effect in effects],
        cases=[case_shown(case, boxes) for case in cases],
        journal=entries_shown(journal),
        values=values if data else None,
    )


def _token(row: Any) -> TokenShown:
    return TokenShown(
        id=row["id"],
        node=row["node"],
        state=row["state"],
        path=row["path"],
        due_at=row["due_at"],
        effect=row["effect_id"],
        wait=row["wait_id"],
        case=row["case_id"],
    )
