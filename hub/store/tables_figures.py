"""The tables of what figures count and nothing else keeps: what customers asked, and how exceptions ended."""

from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from hub.store.columns import Moment, moment


class EnquiryRow(SQLModel, table=True):
    """A ticket that a customer began at the support desk: its topic, its order where that is known, and what was wrong
    with the order just then. Nothing of what was written is kept, nor who wrote."""

    __tablename__ = "enquiries"
    __table_args__ = (Index("enquiries_received", "store_id", "received_at"),)
    connection_id: str = Field(primary_key=True)
    ticket_id: str = Field(primary_key=True)
    store_id: str
    order_id: UUID | None = Field(default=None, index=True, foreign_key="orders.id")
    topic: str
    gap: str
    received_at: Moment = moment(required=True)
    recorded_at: Moment = moment(required=True)


class OutcomeRow(SQLModel, table=True):
    """How the exception that a run solved ended, its root cause, and the suppliers at whose door it lies."""

    __tablename__ = "outcomes"
    run_id: UUID = Field(primary_key=True)
    store_id: str
    order_id: UUID | None = Field(default=None, index=True, foreign_key="orders.id")
    cause: str
    outcome: str
    suppliers: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    at: Moment = moment(required=True)


class SupplierRiskRow(SQLModel, table=True):
    """How a supplier kept its promises lately, weighed now and then: of so many purchases, which left late or were
    refused. Assign reads it instead of the purchases themselves."""

    __tablename__ = "supplier_risks"
    store_id: str = Field(primary_key=True)
    supplier: str = Field(primary_key=True)
    purchases: int
    late: int
    rejected: int
    as_of: Moment = moment(required=True)
