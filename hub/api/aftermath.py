"""What followed an order's purchases: parcels, notices to the customer, promises. Links are never shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from hub.store import reading


class ParcelShown(BaseModel):
    """A parcel of a purchase."""

    id: UUID
    reference: str
    purchase: str = Field(description="Our reference of the purchase it belongs to.")
    supplier: str
    tracking_number: str
    carrier: str
    status: str
    lines: list[dict[str, Any]] = Field(description="Empty where the supplier did not say what is in it.")
    generation: int = Field(description="0 for the first parcel, more for what replaces one.")
    replaced_by: str = Field(description="The purchase that goes in its place, or empty.")
    created_at: datetime
    confirmed_at: datetime | None = Field(None, description="When the sales channel took it as fulfilled.")
    last_scan_at: datetime | None = None
    stalled_at: datetime | None = None
    delivered_at: datetime | None = None
    voided_at: datetime | None = None
    over_at: datetime | None = Field(None, description="From then on it is no longer followed.")


class NoticeShown(BaseModel):
    """One thing the customer was told, or was not. Its text is not shown: it may hold links that are theirs alone."""

    milestone: str
    notice: str
    parcel: str
    state: str = Field(description="prepared, sent, withheld or blocked.")
    reason: str
    made_at: datetime
    sent_at: datetime | None = None


class ClockShown(BaseModel):
    """A promise with its due moment."""

    id: UUID
    run: UUID
    flow: str
    clock: str
    state: str = Field(description="running, warned, late, kept, or late-but-met.")
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None = None


class Aftermath(BaseModel):
    """All of it, oldest first."""

    parcels: list[ParcelShown]
    notices: list[NoticeShown]
    clocks: list[ClockShown]


def aftermath(rows: Mapping[str, reading.Rows]) -> Aftermath:
    """The rows that `reading.aftermath_of` found."""
    return Aftermath(
        parcels=[ParcelShown.model_validate(dict(row)) for row in rows["parcels"]],
        notices=[NoticeShown.model_validate(dict(row)) for row in rows["notices"]],
        clocks=[ClockShown.model_validate({**row, "run": row["run_id"]}) for row in rows["clocks"]],
    )
