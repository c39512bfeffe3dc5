"""The tables of what follows a purchase: parcels, notices to customers, links that people are sent."""

from uuid import UUID

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.store.columns import Moment, document, moment, sealed, starts


class ShipmentRow(SQLModel, table=True):
    """A parcel of a purchase. `state` is what carriers said of it, merged; `lines` is empty where the supplier did not
    say what is in it. `shipped_at` is when it left by the supplier's word, `confirmed_at` when the sales channel took
    it as fulfilled."""

    __tablename__ = "shipments"
    __table_args__ = (
        UniqueConstraint("purchase_id", "tracking_number"),
        UniqueConstraint("store_id", "reference"),
        Index("shipments_number", "store_id", "tracking_number"),
        starts("shipments_number_start", "tracking_number"),
        Index("shipments_open", "store_id", "created_at", postgresql_where=Column("over_at").is_(None)),
    )
    id: UUID = Field(primary_key=True)
    store_id: str
    order_id: UUID = Field(index=True, foreign_key="orders.id")
    purchase_id: UUID = Field(index=True, foreign_key="purchases.id")
    reference: str
    tracking_number: str
    carrier: str = ""
    lines: list = document(required=True)  # type: ignore[type-arg]  # of {line_id, quantity}
    state: dict = document(required=True)  # type: ignore[type-arg]  # hub.fulfilment.ladder.State
    status: str
    generation: int = 0
    created_at: Moment = moment(required=True)
    shipped_at: Moment | None = moment()
    confirmed_at: Moment | None = moment()
    fulfilment_id: str = ""
    last_scan_at: Moment | None = moment()
    delivered_at: Moment | None = moment()
    stalled_at: Moment | None = moment()
    spells: int = 0
    voided_at: Moment | None = moment()
    replaced_by: str = ""
    over_at: Moment | None = moment()


class MirroredParcelRow(SQLModel, table=True):
    """A parcel that another channel's copy of its order shows as well, by the fulfilment made there."""

    __tablename__ = "mirrored_parcels"
    shipment_id: UUID = Field(primary_key=True, foreign_key="shipments.id")
    order_id: UUID = Field(primary_key=True, foreign_key="orders.id")
    fulfilment_id: str
    shown_at: Moment = moment(required=True)


class ExportRow(SQLModel, table=True):
    """A purchase that its supplier gets together with others: written down when it was laid aside for the next batch,
    in one `batch` at most, which is the run's that closed it, and `exported_at` once that went out. Exported is not
    acknowledged."""

    __tablename__ = "exports"
    __table_args__ = (Index("exports_batches", "store_id", "supplier", "batch"),)
    purchase_id: UUID = Field(primary_key=True, foreign_key="purchases.id")
    store_id: str
    supplier: str
    laid_aside_at: Moment = moment(required=True)
    batch: str | None = None
    closed_by: UUID | None = None
    exported_at: Moment | None = moment()


class NoticeRow(SQLModel, table=True):
    """One notice of one milestone of an order: written before it is sent, so that there is never a second.

    `body` is what was rendered, sealed; `state` is prepared, sent, withheld or blocked, `reason` says why not."""

    __tablename__ = "notices"
    order_id: UUID = Field(primary_key=True, foreign_key="orders.id")
    milestone: str = Field(primary_key=True)
    store_id: str
    notice: str
    rank: int = 0
    parcel: str = ""
    person_id: UUID
    state: str
    reason: str = ""
    body: bytes | None = sealed("payload")
    made_at: Moment = moment(required=True)
    sent_at: Moment | None = moment()


class LinkRow(SQLModel, table=True):
    """A link somebody was sent. Only the token's hash is kept; `sealed_token` is there to write the same link again."""

    __tablename__ = "links"
    token_hash: str = Field(primary_key=True)
    store_id: str
    source: str
    order_id: UUID = Field(index=True, foreign_key="orders.id")
    person_id: UUID
    purpose: str
    about: str = ""
    answer: str = ""
    sealed_token: bytes = sealed("secret", required=True)
    body: bytes | None = sealed("payload")
    made_at: Moment = moment(required=True)
    expires_at: Moment = moment(required=True)
    used_at: Moment | None = moment()
