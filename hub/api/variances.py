"""Variances: what suppliers charge for purchases, beside what those were expected to cost."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hub.api.access import HubHere, Viewer, scope
from hub.api.paging import Asked, Page, cut
from hub.fulfilment.variance import State
from hub.store import variances
from hub.store.variances import VariancesAsked

router = APIRouter(tags=["suppliers"])

ListedState = State | Literal["never-bought", "names-no-purchase"]
"""The last two are charges that are about no purchase of the supplier."""


class VarianceShown(BaseModel):
    """What a supplier charges for one purchase, on all invoices together; or a charge that is about none. Amounts are
    in the invoice's `currency` where nothing else is said; nothing is converted."""

    store: str
    supplier: str
    purchase: str = Field(description="Our reference; of a charge for none, the name that the invoice gives.")
    order: UUID | None = None
    number: str | None = Field(None, description="The order's number.")
    state: ListedState
    currency: str | None = Field(None, description="Missing where its invoices are in several currencies.")
    expected: Decimal | None = Field(None, description="Articles and parcel; missing where nobody knew it.")
    expected_currency: str | None = None
    acknowledged: Decimal | None = Field(
        None, description="The cost that its supplier named when it took it."
    )
    acknowledged_currency: str | None = None
    articles: Decimal
    shipping: Decimal
    fees: Decimal
    credited: Decimal = Field(description="What was given back, as a positive amount.")
    variance: Decimal | None = Field(
        None, description="Charged beyond what was expected; missing if not known."
    )
    invoices: int
    invoice: str | None = Field(None, description="The invoice's number, of a charge for no purchase.")
    verdict: Literal["", "accepted", "disputed"] = Field(description="A person's word on this variance.")
    invoiced_at: datetime


class VarianceSum(BaseModel):
    """How many there are of one state at a supplier, in one currency, and what they come to."""

    store: str
    supplier: str
    currency: str | None
    state: ListedState
    count: int
    charged: Decimal
    variance: Decimal | None


Supplier = Annotated[str | None, Query(max_length=100, description="The id of its connection.")]
InState = Annotated[ListedState | None, Query(description="Without it, all but `as-expected`.")]
Store = Annotated[str | None, Query(max_length=100)]


@router.get("/variances", summary="List what suppliers charge otherwise than expected")
async def list_variances(
    hub: HubHere,
    caller: Viewer,
    window: Asked,
    supplier: Supplier = None,
    state: InState = None,
    store: Store = None,
) -> Page[VarianceShown]:
    """Purchases that are charged otherwise than was expected, and charges for none, the newest first."""
    async with hub.database.connection() as connection:
        asked = VariancesAsked(scope(caller, store), supplier, state)
        rows = await variances.page(connection, window, asked)
    shown, after = cut(rows, window)
    return Page(items=[_shown(row) for row in shown], next=after)


@router.get("/variances/summary", summary="Sum up what suppliers charge")
async def sum_variances(
    hub: HubHere, caller: Viewer, supplier: Supplier = None, state: InState = None, store: Store = None
) -> list[VarianceSum]:
    """How much each supplier charges in each state, `as-expected` too; each currency by itself."""
    async with hub.database.connection() as connection:
        rows = await variances.sums(connection, VariancesAsked(scope(caller, store), supplier, state))
    return [VarianceSum(store=row["store_id"], **{n: row[n] for n in _SUMMED}) for row in rows]


_SUMMED = ("supplier", "currency", "state", "count", "charged", "variance")
_PLAIN = (
    "supplier", "state", "currency", "expected_currency", "acknowledged", "acknowledged_currency", "articles",
    "shipping", "fees", "credited", "variance", "invoices", "invoice", "verdict",
)  # fmt: skip


def _shown(row: Any) -> VarianceShown:
    articles, parcel = row["expected_articles"], row["expected_parcel"]
    return VarianceShown(
        store=row["store_id"],
        purchase=row["reference"],
        order=row["order_id"],
        number=row["order_number"],
        expected=None if articles is None else articles + parcel,
        invoiced_at=row["mark"],
        **{name: row[name] for name in _PLAIN},
    )
