"""The tables of what suppliers charge: their invoices, line by line, and what that comes to for each purchase."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Column, Index, Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.store.columns import Moment, moment


class InvoiceRow(SQLModel, table=True):
    """A supplier's invoice. `digest` is of all that it says: another one under its number is another invoice."""

    __tablename__ = "invoices"
    __table_args__ = (UniqueConstraint("store_id", "supplier", "number"),)
    id: UUID = Field(primary_key=True)
    store_id: str
    supplier: str
    number: str
    issued_on: date | None = None
    currency: str
    total: Decimal | None = Field(default=None, sa_type=Numeric)
    digest: str
    received_at: Moment = moment(required=True)


class InvoiceLineRow(SQLModel, table=True):
    """What is charged for one purchase, or for none that is known; `position` 0 is what is charged on no line."""

    __tablename__ = "invoice_lines"
    __table_args__ = (
        Index(
            "invoice_lines_unmatched",
            "store_id",
            "received_at",
            "id",
            postgresql_where=Column("purchase_id").is_(None),
        ),
    )
    id: UUID = Field(primary_key=True)
    store_id: str
    invoice_id: UUID = Field(index=True, foreign_key="invoices.id")
    position: int
    purchase_id: UUID | None = Field(default=None, index=True, foreign_key="purchases.id")
    reference: str
    supplier_reference: str
    sku: str
    quantity: int | None = None
    articles: Decimal = Field(sa_type=Numeric)
    shipping: Decimal = Field(sa_type=Numeric)
    fees: Decimal = Field(sa_type=Numeric)
    received_at: Moment = moment(required=True)


class PurchaseCostRow(SQLModel, table=True):
    """What a purchase was expected to cost, and what its supplier charges for it on all invoices together.

    `expected_parcel` is shipping and fee. `verdict` is a person's word on this `variance`: another one has none."""

    __tablename__ = "purchase_costs"
    __table_args__ = (
        Index("purchase_costs_list", "store_id", "invoiced_at", "purchase_id"),
        Index(
            "purchase_costs_otherwise",
            "store_id",
            "invoiced_at",
            "purchase_id",
            postgresql_where="state <> 'as-expected'",
        ),
    )
    purchase_id: UUID = Field(primary_key=True, foreign_key="purchases.id")
    store_id: str
    expected_currency: str | None = None
    expected_articles: Decimal | None = Field(default=None, sa_type=Numeric)
    expected_parcel: Decimal = Field(sa_type=Numeric)
    currency: str | None = None
    articles: Decimal = Field(sa_type=Numeric)
    shipping: Decimal = Field(sa_type=Numeric)
    fees: Decimal = Field(sa_type=Numeric)
    credited: Decimal = Field(sa_type=Numeric)
    invoices: int
    variance: Decimal | None = Field(default=None, sa_type=Numeric)
    state: str
    verdict: str = ""
    verdict_at: Moment | None = moment()
    invoiced_at: Moment = moment(required=True)
