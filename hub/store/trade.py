"""The trade's tables: orders and their lines, suppliers' articles and stock, decisions, purchases and reservations."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Numeric, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from hub.store.columns import Moment, document, moment, sealed, starts

HEARD = "coalesce(recorded_at, cancel_requested_at, created_at)"
"""When an order was last heard of for the first time: what lists of orders are sorted by."""


class OrderRow(SQLModel, table=True):
    """An order by its channel's id; with no `recorded_at` it is a tombstone, cancelled before it was ever read.

    `copy_of` is what its channel calls the order that it was copied from. Of two such orders one is bought, and the
    other `mirrors` it.
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("store_id", "source", "channel_id"),
        Index("orders_number", "store_id", "number"),
        Index("orders_twin", "store_id", "person_id", "items_hash"),
        Index("orders_heard", text(HEARD), "id"),
        Index("orders_heard_of_store", "store_id", text(HEARD), "id"),
        Index("orders_cancelled", text(HEARD), "id", postgresql_where="cancel_requested_at is not null"),
        starts("orders_number_start", "ltrim(number, '#')"),
        Index("orders_copy", "store_id", "copy_of", postgresql_where="copy_of <> ''"),
        Index("orders_mirrors", "mirrors", postgresql_where="mirrors is not null"),
    )
    id: UUID = Field(primary_key=True)
    store_id: str
    source: str
    channel_id: str
    number: str = ""
    person_id: UUID | None = None
    items_hash: str | None = None
    payment: str | None = None
    total: Decimal | None = Field(default=None, sa_type=Numeric)
    currency: str | None = None
    body: bytes | None = sealed("payload")
    created_at: Moment | None = moment()
    updated_at: Moment | None = moment()
    recorded_at: Moment | None = moment(index=True)
    cancel_requested_at: Moment | None = moment()
    twin_of: str | None = None
    copy_of: str = Field(default="", sa_column_kwargs={"server_default": ""})
    mirrors: UUID | None = Field(default=None, foreign_key="orders.id")
    verified_address: bytes | None = sealed("address")
    verdict: str | None = None
    is_address_good: bool = False
    verified_at: Moment | None = moment()


class OrderLineRow(SQLModel, table=True):
    """A portion of a line as last read: all of it, or where suppliers share it so many of its units.

    `generation` goes up when it may be bought again, with the reason; never by itself."""

    __tablename__ = "order_lines"
    __table_args__ = (starts("order_lines_sku_start", "sku", "order_id"),)
    order_id: UUID = Field(primary_key=True, foreign_key="orders.id")
    line_id: str = Field(primary_key=True)
    portion: int = Field(primary_key=True, default=0, sa_column_kwargs={"server_default": text("0")})
    store_id: str
    sku: str
    quantity: int
    generation: int = 0
    generation_reason: str = ""


class SupplierArticleRow(SQLModel, table=True):
    """What a store's SKU is called at a supplier's, and what it costs there if the map says so: the SKU map. `units` of
    it make one of the store's; several rows of one supplier are the parts of a kit."""

    __tablename__ = "supplier_articles"
    __table_args__ = (Index("supplier_articles_theirs", "store_id", "supplier", "supplier_sku"),)
    store_id: str = Field(primary_key=True)
    sku: str = Field(primary_key=True)
    supplier: str = Field(primary_key=True)
    supplier_sku: str = Field(primary_key=True)
    units: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    unit_cost: Decimal | None = Field(default=None, sa_type=Numeric)
    currency: str | None = None
    is_available: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})


class SubstituteRow(SQLModel, table=True):
    """What may be sent in place of a store's SKU. `position` is its place in the merchant's list, best first."""

    __tablename__ = "substitutes"
    __table_args__ = (CheckConstraint("kind in ('equal', 'similar')", name="substitute_kind_known"),)
    store_id: str = Field(primary_key=True)
    sku: str = Field(primary_key=True)
    substitute_sku: str = Field(primary_key=True)
    kind: str
    note: str = ""
    position: int


class StockRow(SQLModel, table=True):
    """The newest snapshot of an article at a supplier's. Whoever reserves locks this row first. `said` is what the
    supplier itself last said, and has said since `said_since`; `available` may know better."""

    __tablename__ = "stock_levels"
    __table_args__ = (Index("stock_said", "store_id", "supplier", "said_since"),)
    store_id: str = Field(primary_key=True)
    supplier: str = Field(primary_key=True)
    supplier_sku: str = Field(primary_key=True)
    available: int
    as_of: Moment = moment(required=True)
    unit_cost: Decimal | None = Field(default=None, sa_type=Numeric)
    currency: str | None = None
    is_confirmed: bool = False
    recorded_at: Moment = moment(required=True)
    said: int | None = None
    said_since: Moment | None = moment()


class DecisionRow(SQLModel, table=True):
    """Who shall ship what, and why nobody else: every line with every candidate and its figures."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index(
            "decisions_current", "order_id", unique=True, postgresql_where=Column("superseded_at").is_(None)
        ),
    )
    id: UUID = Field(primary_key=True)
    store_id: str
    order_id: UUID = Field(index=True, foreign_key="orders.id")
    run_id: UUID
    rules_version: str
    lines_digest: bytes = sealed("payload", required=True)
    lines: list = document(required=True)  # type: ignore[type-arg]  # line decisions, as people see them
    tags: list = document(required=True)  # type: ignore[type-arg]  # of strings
    proof: dict | None = document()  # type: ignore[type-arg]  # why nothing better was chosen
    made_at: Moment = moment(required=True, index=True)
    superseded_at: Moment | None = moment()


class AllowanceRow(SQLModel, table=True):
    """That a person let an order be bought although it leaves too little: these lines, each in one generation, for so
    much together or less; without a cost where nobody knew it."""

    __tablename__ = "allowances"
    order_id: UUID = Field(primary_key=True, foreign_key="orders.id")
    store_id: str
    run_id: UUID
    lines: dict = document(required=True)  # type: ignore[type-arg]  # line id to generation
    cost: Decimal | None = Field(default=None, sa_type=Numeric)
    currency: str | None = None
    allowed_at: Moment = moment(required=True)


class PurchaseRow(SQLModel, table=True):
    """A purchase order: planned, claimed by one run, then confirmed or given back. `number` counts per supplier.

    `ship_by` is when it should have left, as reckoned when its supplier took it. `untracked_since` is when its supplier
    said that it has left, while no parcel of it has a number."""

    __tablename__ = "purchases"
    __table_args__ = (
        UniqueConstraint("order_id", "supplier", "number"),
        UniqueConstraint("store_id", "reference"),
        Index("purchases_supplier", "store_id", "supplier", "claimed_at"),
        Index("purchases_theirs", "store_id", "supplier", "supplier_reference"),
        Index("purchases_unowed", "store_id", postgresql_where="state not in ('claimed', 'confirmed')"),
        Index("purchases_age", "claimed_at", "id", postgresql_where=Column("state") == "confirmed"),
        Index(
            "purchases_untracked",
            "store_id",
            "untracked_since",
            postgresql_where=Column("untracked_since").is_not(None),
        ),
        Index(
            "purchases_unanswered",
            "store_id",
            "claimed_at",
            postgresql_where="state = 'confirmed' and acknowledged_at is null",
        ),
        starts("purchases_reference_start", "reference"),
        starts("purchases_theirs_start", "supplier_reference"),
        CheckConstraint(
            "state in ('planned', 'claimed', 'confirmed', 'given-back', 'dropped')",
            name="purchase_state_known",
        ),
        CheckConstraint("state <> 'claimed' or claimed_by is not null", name="purchase_claim_has_a_run"),
    )
    id: UUID = Field(primary_key=True)
    store_id: str
    order_id: UUID = Field(index=True, foreign_key="orders.id")
    decision_id: UUID = Field(index=True, foreign_key="decisions.id")
    supplier: str
    number: int
    reference: str
    state: str = "planned"
    lines: list = document(required=True)  # type: ignore[type-arg]  # planned lines
    tags: list = document(required=True)  # type: ignore[type-arg]  # of strings
    reserved_until: Moment = moment(required=True)
    claimed_by: UUID | None = None
    claimed_at: Moment | None = moment()
    acknowledged_at: Moment | None = moment()
    ship_by: Moment | None = moment()
    untracked_since: Moment | None = moment()
    settled_at: Moment | None = moment()
    status: str | None = None
    supplier_reference: str = ""
    cost: Decimal | None = Field(default=None, sa_type=Numeric)
    currency: str | None = None
    reason: str = ""


class ClaimRow(SQLModel, table=True):
    """That a portion of a line was bought in a generation. The key is the guard: there is no second, not even after a
    release. A trigger of the database's own holds that no more units of a line are bought than it is of."""

    __tablename__ = "purchase_claims"
    order_id: UUID = Field(primary_key=True, foreign_key="orders.id")
    line_id: str = Field(primary_key=True)
    portion: int = Field(primary_key=True, default=0, sa_column_kwargs={"server_default": text("0")})
    generation: int = Field(primary_key=True)
    store_id: str
    purchase_id: UUID = Field(index=True, foreign_key="purchases.id")
    supplier: str
    quantity: int
    claimed_at: Moment = moment(required=True)
    released_at: Moment | None = moment()
    release_reason: str = ""


class ReplacementRow(SQLModel, table=True):
    """That a portion of a line is bought once more because this purchase of it was lost or spoiled; once per purchase
    and portion.

    `generation` is the one it was raised to, `run_id` the run that asked.
    """

    __tablename__ = "replacements"
    __table_args__ = (UniqueConstraint("purchase_id", "line_id", "portion"),)
    order_id: UUID = Field(primary_key=True, foreign_key="orders.id")
    line_id: str = Field(primary_key=True)
    portion: int = Field(primary_key=True, default=0, sa_column_kwargs={"server_default": text("0")})
    generation: int = Field(primary_key=True)
    purchase_id: UUID = Field(foreign_key="purchases.id")
    run_id: UUID
    reason: str
    is_expedited: bool
    asked_at: Moment = moment(required=True)


class ReservationRow(SQLModel, table=True):
    """Units set aside: held until `until`, kept without limit once claimed, consumed when the supplier accepted."""

    __tablename__ = "reservations"
    __table_args__ = (
        UniqueConstraint("purchase_id", "line_id", "supplier_sku"),
        Index(
            "reservations_live",
            "store_id",
            "supplier",
            "supplier_sku",
            postgresql_where="state <> 'released'",
        ),
        CheckConstraint("quantity > 0", name="reservation_is_positive"),
    )
    id: UUID = Field(primary_key=True)
    store_id: str
    supplier: str
    supplier_sku: str
    order_id: UUID = Field(foreign_key="orders.id")
    purchase_id: UUID = Field(foreign_key="purchases.id")
    line_id: str
    quantity: int
    state: str = "held"
    until: Moment = moment(required=True)
    settled_at: Moment | None = moment()
