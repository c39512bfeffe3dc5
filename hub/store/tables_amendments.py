"""The table of wishes to change a purchase that was sent."""

from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.store.columns import Moment, moment, sealed


class AmendmentRow(SQLModel, table=True):
    """That a supplier was to be asked to send a purchase elsewhere; `wanted` is a digest of the address. `number`
    counts a purchase's wishes. `state` is the supplier's word, or a person's; `unknown`: whether it was told, nobody
    knows."""

    __tablename__ = "amendments"
    __table_args__ = (
        UniqueConstraint("purchase_id", "number"),
        CheckConstraint(
            "state in ('requested', 'amended', 'refused', 'unknown')", name="amendment_state_known"
        ),
    )
    id: UUID = Field(primary_key=True)
    store_id: str
    purchase_id: UUID = Field(foreign_key="purchases.id")
    number: int
    run_id: UUID
    wanted: bytes = sealed("address", required=True)
    state: str
    asked_at: Moment = moment(required=True)
    settled_at: Moment | None = moment()
