"""What several routes show: cases, effects, tokens and lines of history, as rows turned into documents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from hub.api.opening import opened
from hub.fulfilment.costs import CostAtRisk
from hub.fulfilment.root_causes import cause_of
from hub.store.sealing import Box


class ItemShown(BaseModel):
    """One thing to be done before a case is decided; `by` and `at` once it was."""

    item: str
    label: str
    by: str | None = None
    at: datetime | None = None


class NoteShown(BaseModel):
    """What somebody wrote about a case; empty if the customer was erased."""

    by: str
    at: datetime
    text: str


class ProposalShown(BaseModel):
    """A decision that is done once a second person makes the same."""

    choice: str
    by: str
    at: datetime


class CaseShown(BaseModel):
    """A question to a person."""

    id: UUID
    store: str
    kind: str
    state: str
    version: int = Field(description="Name it when you resolve the case.")
    title: str = Field(description="Empty if the customer was erased.")
    detail: Any = None
    choices: dict[str, str] = Field(description="What may be chosen, with what people read.")
    owner: str = Field("ops", description="Whose it is.")
    checklist: list[ItemShown] = []
    checked_first: list[str] = Field([], description="Choices that need the whole checklist ticked.")
    subject: str | None = Field(None, description="Usually the order's number.")
    order: UUID | None = None
    run: UUID | None = None
    node: str | None = None
    effect: UUID | None = None
    connection: str | None = None
    opened_at: datetime
    due_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    choice: str | None = None
    note: str | None = None
    notes: list[NoteShown] = Field([], description="Only where one case is shown.")
    proposed: ProposalShown | None = Field(None, description="Only where one case is shown.")
    needs_second: list[str] = Field(
        [], description="Choices that a second person must make, too; only where one case is shown."
    )
    outcome: str | None = Field(None, description="How the exception ended, as its flow noted it.")
    cause: str = Field(description="What lies at its root; reports count by it.")
    risk: str = Field("", description="What happens if it is not solved; empty where its flow does not say.")
    cost_at_risk: CostAtRisk | None = Field(
        None, description="What that costs; missing where the store's `costs` do not say."
    )


class EffectShown(BaseModel):
    """A row of the ledger: one performance of an action on the outside world."""

    id: UUID
    run: UUID
    node: str
    connection: str
    action: str
    kind: dict[str, Any]
    key: str = Field(description="By which the other side, or we, know a repeat.")
    state: str
    attempt: int
    refusal: str | None = None
    reason: str = ""
    intended_at: datetime
    attempted_at: datetime
    settled_at: datetime | None = None
    request: Any = Field(None, description="Only where data was asked for.")
    answer: Any = Field(None, description="Only where data was asked for.")


class EntryShown(BaseModel):
    """A line of a run's history."""

    at: datetime
    run: UUID
    node: str
    what: str
    detail: str = ""


def case_shown(row: Any, boxes: Mapping[UUID, Box]) -> CaseShown:
    """A case, opened."""
    body = opened(boxes, row, "body") or {}
    said = opened(boxes, row, "resolution") or {}
    detail = body.get("detail")
    return CaseShown(
        id=row["id"],
        store=row["store_id"],
        kind=row["kind"],
        state=row["state"],
        version=row["version"],
        title=body.get("title", ""),
        detail=detail,
        choices=row["choices"],
        owner=row["owner"],
        checklist=[ItemShown(**i) for i in row["checklist"]],
        checked_first=row["checked_first"],
        subject=row["subject"],
        order=row["order_id"],
        run=row["run_id"],
        node=row["node"],
        effect=row["effect_id"],
        connection=row["connection_id"],
        opened_at=row["opened_at"],
        due_at=row["due_at"],
        resolved_at=row["resolved_at"],
        resolved_by=row["resolved_by"],
        choice=row["choice"],
        note=said.get("note"),
        outcome=row["outcome"],
        cause=cause_of(row["kind"]),
        risk=str(detail.get("risk", "")) if isinstance(detail, dict) else "",
    )


def effect_shown(row: Any, boxes: Mapping[UUID, Box] | None = None) -> EffectShown:
    """An effect; with boxes, also what was sent and answered."""
    return EffectShown(
        id=row["id"],
        run=row["run_id"],
        node=row["node"],
        connection=row["connection_id"],
        action=row["action"],
        kind=row["kind"],
        key=row["key"],
        state=row["state"],
        attempt=row["attempt"],
        refusal=row["refusal"],
        reason=row["reason"],
        intended_at=row["intended_at"],
        attempted_at=row["attempted_at"],
        settled_at=row["settled_at"],
        request=opened(boxes, row, "request") if boxes else None,
        answer=opened(boxes, row, "answer") if boxes else None,
    )


def entries_shown(rows: list[Any]) -> list[EntryShown]:
    """A journal's rows, one line for each thing that happened."""
    return [
        EntryShown(at=row["at"], run=row["run_id"], node=node, what=what, detail=detail)
        for row in rows
        for node, what, detail in row["entries"]
    ]
