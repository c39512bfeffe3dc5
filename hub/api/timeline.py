"""One order's history in one list: what arrived, what was decided, sent, asked and answered, oldest first."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from hub.flow.stages import FAROS

Letter = Literal["F", "A", "R", "O", "S"]
About = Literal["order", "decision", "purchase", "run", "effect", "case", "parcel", "notice", "clock"]


class Moment(BaseModel):
    """Something that happened to an order."""

    at: datetime
    stage: Letter | None = Field(description="Of FAROS; absent where the flow that did it names none.")
    about: About
    id: UUID
    what: str
    detail: str = ""
    connection: str | None = Field(None, description="With whom, where it is not the hub's alone.")


class Stages:
    """Which stage of FAROS a run was in at one of its steps, by the version of the flow that it follows."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._runs: dict[UUID, tuple[Mapping[str, Letter], str | None]] = {
            row["id"]: (row["stages"], row["start"]) for row in rows
        }

    def at(self, run: UUID | None, step: str | None = None) -> Letter | None:
        """The stage of a step, or of the flow as a whole, which is that of its first step."""
        if run is None or run not in self._runs:
            return None
        stages, start = self._runs[run]
        return stages.get(step or "") or stages.get(start or "")


def timeline(
    order: Any, trade: dict[str, list[Any]], told: dict[str, list[Any]], stages: Stages
) -> list[Moment]:
    """Everything known of an order. `told` has its effects, cases and journal, and what followed its purchases."""
    moments = [
        *_order(order),
        *(m for row in trade["decisions"] for m in _decision(row)),
        *(m for row in trade["purchases"] for m in _purchase(row)),
        *(m for row in trade["runs"] for m in _run(row, stages.at(row["id"]))),
        *(m for row in told["effects"] for m in _effect(row, stages.at(row["run_id"], row["node"]))),
        *(m for row in told["cases"] for m in _case(row, stages.at(row["run_id"], row["node"]))),
        *(m for row in told["parcels"] for m in _parcel(row)),
        *(m for row in told["notices"] for m in _notice(row)),
        *(m for row in told["clocks"] for m in _clock(row, stages.at(row["run_id"]))),
        *(m for row in told["journal"] for m in _journal(row, stages)),
    ]
    # Of what happened in the same moment, the stages stand in their order, and within one the order above stays.
    return sorted(moments, key=lambda moment: (moment.at, _RANK.get(moment.stage or "", 0)))


_RANK = {stage.letter: rank for rank, stage in enumerate(FAROS)}


def _order(row: Any) -> Iterator[Moment]:
    stories: tuple[tuple[str, Letter, str, str | None], ...] = (
        ("created_at", "F", "placed at its channel", row["source"]),
        ("recorded_at", "F", "recorded", None),
        ("verified_at", "F", f"address checked: {row['verdict']}", None),
        ("cancel_requested_at", "S", "cancelled at its channel", row["source"]),
    )
    for column, stage, what, who in stories:
        if row[column] is not None:
            yield Moment(at=row[column], stage=stage, about="order", id=row["id"], what=what, connection=who)


def _decision(row: Any) -> Iterator[Moment]:
    who = ", ".join(f"{line['sku']}: {line['supplier']} ({line['reason']})" for line in row["lines"])
    yield Moment(at=row["made_at"], stage="A", about="decision", id=row["id"], what="assigned", detail=who)


def _purchase(row: Any) -> Iterator[Moment]:
    name = f"{row['reference']} at {row['supplier']}"
    if row["supplier_reference"]:
        name += f", its number {row['supplier_reference']}"
    for column, what in (("claimed_at", "claimed"), ("settled_at", row["state"])):
        if row[column] is None:
            continue
        reason = row["reason"] if column == "settled_at" else ""
        yield Moment(
            at=row[column],
            stage="R",
            about="purchase",
            id=row["id"],
            what=what,
            detail=f"{name}: {reason}" if reason else name,
            connection=row["supplier"],
        )


def _run(row: Any, stage: Letter | None) -> Iterator[Moment]:
    name = f"{row['flow']} version {row['flow_version']}"
    yield Moment(
        at=row["started_at"], stage=stage, about="run", id=row["id"], what="run started", detail=name
    )
    if row["ended_at"] is not None:
        detail = row["end_reason"] or name
        yield Moment(
            at=row["ended_at"], stage=stage, about="run", id=row["id"], what="run ended", detail=detail
        )


def _effect(row: Any, stage: Letter | None) -> Iterator[Moment]:
    who, name = row["connection_id"], f"{row['connection_id']}: {row['action']}"
    common: dict[str, Any] = {"stage": stage, "about": "effect", "id": row["id"], "connection": who}
    yield Moment(at=row["intended_at"], what="intended", detail=name, **common)
    moment = row["settled_at"] or (row["attempted_at"] if row["state"] != "intended" else None)
    if moment is not None:
        detail = f"{name}: {row['refusal']}" if row["refusal"] else name
        yield Moment(at=moment, what=row["state"], detail=detail, **common)


def _case(row: Any, stage: Letter | None) -> Iterator[Moment]:
    """A case that no run asked, such as one of a promise that is late, is an exception, and so of Solve."""
    common: dict[str, Any] = {
        "stage": stage or ("S" if row["run_id"] is None else None),
        "about": "case",
        "id": row["id"],
        "connection": row["connection_id"],
    }
    yield Moment(at=row["opened_at"], what="case opened", detail=row["kind"], **common)
    if row["resolved_at"] is not None:
        detail = f"{row['choice']} by {row['resolved_by']}"
        yield Moment(at=row["resolved_at"], what="case resolved", detail=detail, **common)


def _parcel(row: Any) -> Iterator[Moment]:
    name = f"{row['tracking_number']} of {row['purchase']}"
    instead = f"{name}; {row['replaced_by']} goes instead" if row["replaced_by"] else name
    stories: tuple[tuple[str, Letter, str], ...] = (
        ("created_at", "O", "parcel announced"),
        ("confirmed_at", "O", "parcel shown at its channel"),
        ("last_scan_at", "O", "last scan"),
        ("stalled_at", "O", "parcel stalled"),
        ("delivered_at", "O", "delivered"),
        ("voided_at", "S", "parcel given up"),
    )
    for column, stage, what in stories:
        if row[column] is not None:
            detail = instead if column == "voided_at" else name
            yield Moment(at=row[column], stage=stage, about="parcel", id=row["id"], what=what, detail=detail)


def _notice(row: Any) -> Iterator[Moment]:
    """A notice has no id of its own; it is found by its order and milestone."""
    at, about = row["sent_at"] or row["made_at"], row["milestone"]
    detail = f"{about}: {row['reason']}" if row["reason"] else about
    yield Moment(
        at=at, stage="S", about="notice", id=row["order_id"], what=f"notice {row['state']}", detail=detail
    )


def _clock(row: Any, stage: Letter | None) -> Iterator[Moment]:
    common: dict[str, Any] = {
        "stage": stage, "about": "clock", "id": row["id"], "detail": f"{row['clock']} of {row['flow']}",
    }  # fmt: skip
    yield Moment(at=row["started_at"], what="promise made", **common)
    if row["ended_at"] is not None:
        is_late = row["state"] == "late-but-met"
        yield Moment(at=row["ended_at"], what="promise met, late" if is_late else "promise kept", **common)


def _journal(row: Any, stages: Stages) -> Iterator[Moment]:
    for node, what, detail in row["entries"]:
        said = f"{node} ({detail})" if detail else node
        stage = stages.at(row["run_id"], node)
        yield Moment(at=row["at"], stage=stage, about="run", id=row["run_id"], what=what, detail=said)
