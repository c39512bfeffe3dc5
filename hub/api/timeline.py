"""One order's history in one list: what arrived, what was decided, sent, asked and answered, oldest first."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

About = Literal["order", "decision", "purchase", "run", "effect", "case", "parcel", "notice", "clock"]


class Moment(BaseModel):
    """Something that happened to an order."""

    at: datetime
    about: About
    id: UUID
    what: str
    detail: str = ""


def timeline(order: Any, trade: dict[str, list[Any]], told: dict[str, list[Any]]) -> list[Moment]:
    """Everything known of an order. `told` has its effects, cases and journal, and what followed its purchases."""
    moments = [
        *_order(order),
        *(m for row in trade["decisions"] for m in _decision(row)),
        *(m for row in trade["purchases"] for m in _purchase(row)),
        *(m for row in trade["runs"] for m in _run(row)),
        *(m for row in told["effects"] for m in _effect(row)),
        *(m for row in told["cases"] for m in _case(row)),
        *(m for row in told["parcels"] for m in _parcel(row)),
        *(m for row in told["notices"] for m in _notice(row)),
        *(m for row in told["clocks"] for m in _clock(row)),
        *(m for row in told["journal"] for m in _journal(row)),
    ]
    # Stable: of what happened in one commit, the order above stays.
    return sorted(moments, key=lambda moment: moment.at)


def _order(row: Any) -> Iterator[Moment]:
    for column, what in (
        ("created_at", "placed at its channel"),
        ("recorded_at", "recorded"),
        ("verified_at", f"address checked: {row['verdict']}"),
        ("cancel_requested_at", "cancelled at its channel"),
    ):
        if row[column] is not None:
            yield Moment(at=row[column], about="order", id=row["id"], what=what)


def _decision(row: Any) -> Iterator[Moment]:
    who = ", ".join(f"{line['sku']}: {line['supplier']} ({line['reason']})" for line in row["lines"])
    yield Moment(at=row["made_at"], about="decision", id=row["id"], what="assigned", detail=who)


def _purchase(row: Any) -> Iterator[Moment]:
    name = f"{row['reference']} at {row['supplier']}"
    if row["claimed_at"] is not None:
        yield Moment(at=row["claimed_at"], about="purchase", id=row["id"], what="claimed", detail=name)
    if row["settled_at"] is not None:
        detail = f"{name}: {row['reason']}" if row["reason"] else name
        yield Moment(at=row["settled_at"], about="purchase", id=row["id"], what=row["state"], detail=detail)


def _run(row: Any) -> Iterator[Moment]:
    name = f"{row['flow']} version {row['flow_version']}"
    yield Moment(at=row["started_at"], about="run", id=row["id"], what="run started", detail=name)
    if row["ended_at"] is not None:
        detail = row["end_reason"] or name
        yield Moment(at=row["ended_at"], about="run", id=row["id"], what="run ended", detail=detail)


def _effect(row: Any) -> Iterator[Moment]:
    name = f"{row['connection_id']}: {row['action']}"
    yield Moment(at=row["intended_at"], about="effect", id=row["id"], what="intended", detail=name)
    moment = row["settled_at"] or (row["attempted_at"] if row["state"] != "intended" else None)
    if moment is not None:
        detail = f"{name}: {row['refusal']}" if row["refusal"] else name
        yield Moment(at=moment, about="effect", id=row["id"], what=row["state"], detail=detail)


def _case(row: Any) -> Iterator[Moment]:
    yield Moment(at=row["opened_at"], about="case", id=row["id"], what="case opened", detail=row["kind"])
    if row["resolved_at"] is not None:
        detail = f"{row['choice']} by {row['resolved_by']}"
        yield Moment(at=row["resolved_at"], about="case", id=row["id"], what="case resolved", detail=detail)


def _parcel(row: Any) -> Iterator[Moment]:
    name = f"{row['tracking_number']} of {row['purchase']}"
    for column, what in (
        ("created_at", "parcel announced"),
        ("confirmed_at", "parcel shown at its channel"),
        ("last_scan_at", "last scan"),
        ("stalled_at", "parcel stalled"),
        ("delivered_at", "delivered"),
    ):
        if row[column] is not None:
            yield Moment(at=row[column], about="parcel", id=row["id"], what=what, detail=name)
    if row["voided_at"] is not None:
        detail = f"{name}; {row['replaced_by']} goes instead" if row["replaced_by"] else name
        yield Moment(at=row["voided_at"], about="parcel", id=row["id"], what="parcel given up", detail=detail)


def _notice(row: Any) -> Iterator[Moment]:
    """A notice has no id of its own; it is found by its order and milestone."""
    at, about = row["sent_at"] or row["made_at"], row["milestone"]
    detail = f"{about}: {row['reason']}" if row["reason"] else about
    yield Moment(at=at, about="notice", id=row["order_id"], what=f"notice {row['state']}", detail=detail)


def _clock(row: Any) -> Iterator[Moment]:
    name = f"{row['clock']} of {row['flow']}"
    yield Moment(at=row["started_at"], about="clock", id=row["id"], what="promise made", detail=name)
    if row["ended_at"] is not None:
        yield Moment(at=row["ended_at"], about="clock", id=row["id"], what="promise kept", detail=name)


def _journal(row: Any) -> Iterator[Moment]:
    for node, what, detail in row["entries"]:
        said = f"{node} ({detail})" if detail else node
        yield Moment(at=row["at"], about="run", id=row["run_id"], what=what, detail=said)
