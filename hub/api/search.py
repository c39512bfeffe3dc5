"""The list of orders: one box that finds whatever somebody has of an order, and filters beside it."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, Field

from hub.api.access import HubHere, Viewer, scope
from hub.api.orders import OrderListed
from hub.api.paging import Asked, Page, cut
from hub.assembly import Hub
from hub.flow.stages import FAROS
from hub.store.database import Connection
from hub.store.order_list import OrdersAsked, OrderState, page_orders
from hub.store.search import Found, FoundBy, find

router = APIRouter(tags=["orders"])

StageName = Literal["filter", "assign", "route", "observe", "solve"]
_LETTERS = {stage.name.lower(): stage.letter for stage in FAROS}


class OrderFound(OrderListed):
    """An order in a list, with where it stands."""

    state: OrderState = Field(
        description="held: a case is open; cancelled; open: a run goes on; done. The first that fits."
    )
    stages: list[str] = Field(description="Stages of the flows that are on their way for it.")
    suppliers: list[str] = Field(description="Those it was ever given to. Customers never see them.")
    found_by: FoundBy | None = Field(None, description="Which of its numbers was found.")


class Filters:
    """The query's parameters, as FastAPI reads them."""

    def __init__(
        self,
        store: Annotated[str | None, Query(max_length=100)] = None,
        state: Annotated[OrderState | None, Query(description="Only these.")] = None,
        stage: Annotated[StageName | None, Query(description="A flow of this stage is on its way.")] = None,
        supplier: Annotated[str | None, Query(max_length=100)] = None,
        since: Annotated[AwareDatetime | None, Query(description="First heard of then or later.")] = None,
        until: Annotated[AwareDatetime | None, Query(description="First heard of before then.")] = None,
    ) -> None:
        self.store, self.state, self.stage, self.supplier = store, state, stage, supplier
        self.since: datetime | None = since
        self.until: datetime | None = until

    def asked(self, hub: Hub, stores: list[str] | None, found: Found | None) -> OrdersAsked:
        """The same, as the database is asked."""
        flows = flows_of(hub, self.stage) if self.stage else None
        return OrdersAsked(stores, self.state, flows, self.supplier, self.since, self.until, found)


@router.get("/orders", summary="List or find orders")
async def list_orders(
    hub: HubHere,
    caller: Viewer,
    window: Asked,
    filters: Annotated[Filters, Depends()],
    q: Annotated[
        str | None,
        Query(
            max_length=200,
            description="How the order's, a tracking, a supplier's or our reference number or a SKU begins; "
            "or a whole e-mail address.",
        ),
    ] = None,
    number: Annotated[
        str | None, Query(max_length=100, description="How its number begins; `#` may be left out.")
    ] = None,
) -> Page[OrderFound]:
    """Orders, last heard of first."""
    stores = scope(caller, filters.store)
    async with hub.database.connection() as connection:
        found = await _found(hub, connection, q, number, stores)
        rows = await page_orders(connection, window, filters.asked(hub, stores, found))
    shown, after = cut(rows, window)
    stages = stages_by_flow(hub)
    items = [
        OrderFound.model_validate(
            {
                **row,
                "store": row["store_id"],
                "stages": sorted(
                    {s for flow in row["flows"] for s in stages.get((row["store_id"], flow), [])}
                ),
                "found_by": found.why(row) if found else None,
            }
        )
        for row in shown
    ]
    return Page(items=items, next=after)


async def _found(
    hub: Hub, connection: Connection, q: str | None, number: str | None, stores: list[str] | None
) -> Found | None:
    if q is not None and q.strip():
        within = list(hub.world.stores) if stores is None else stores
        people = [(store, hub.vault.subject(store, q)) for store in within] if "@" in q else []
        return await find(connection, q, people)
    if number is not None and number.strip("# "):
        return await find(connection, number, (), ("number",))
    return None


def stages_by_flow(hub: Hub) -> dict[tuple[str, str], list[str]]:
    """(store, flow) to the names of the stages that its steps are of."""
    names = {letter: name for name, letter in _LETTERS.items()}
    return {
        key: sorted({names[letter] for letter in program.graph.stages.values() if letter in names})
        for key, program in hub.world.active.items()
    }


def flows_of(hub: Hub, stage: StageName) -> list[str]:
    """The flows with steps of a stage."""
    return sorted({flow for (_, flow), stages in stages_by_flow(hub).items() if stage in stages})
