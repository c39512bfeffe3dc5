"""Orders: found by number, and shown with everything that was decided, bought, sent and asked for them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hub.api.access import HubHere, Viewer, scope
from hub.api.aftermath import Aftermath, aftermath
from hub.api.opening import boxes_of, opened
from hub.api.problems import declined
from hub.api.runs import RunListed, run_listed
from hub.api.shapes import CaseShown, EffectShown, case_shown, effect_shown
from hub.api.timeline import Moment, Stages, timeline
from hub.assembly import Hub
from hub.store import reading
from hub.store.database import Connection

router = APIRouter(tags=["orders"])


class OrderListed(BaseModel):
    """An order in a list; nothing in it says who the customer is."""

    id: UUID
    store: str
    source: str = Field(description="The connection it came from.")
    channel_id: str
    number: str
    payment: str | None = None
    total: Decimal | None = None
    currency: str | None = None
    created_at: datetime | None = Field(None, description="When it was placed, as the channel says.")
    recorded_at: datetime | None = Field(None, description="When the hub first read it.")
    cancel_requested_at: datetime | None = None
    twin_of: str | None = Field(None, description="The number of an order that looks the same.")
    verdict: str | None = Field(None, description="What the address verifier said.")
    open_cases: int | None = None


class LineShown(BaseModel):
    """A line as last read from the channel."""

    id: str
    sku: str
    quantity: int
    generation: int = Field(description="Goes up when the line may be bought again.")
    generation_reason: str


class DecisionShown(BaseModel):
    """Who shall ship what, with every candidate and what spoke against it."""

    id: UUID
    run: UUID
    rules_version: str
    lines: list[dict[str, Any]]
    tags: list[str]
    proof: dict[str, Any] | None = Field(
        None,
        description="What it costs, why nothing better was chosen, and what line by line would have cost.",
    )
    made_at: datetime
    superseded_at: datetime | None = None


class AmendmentShown(BaseModel):
    """A wish to have a purchase sent to a corrected address."""

    amendment: str
    state: str = Field(
        description="`requested` until its supplier, or a person, has said what becomes of it."
    )
    asked_at: datetime
    settled_at: datetime | None = None


class PurchaseShown(BaseModel):
    """A purchase order."""

    id: UUID
    supplier: str
    reference: str
    state: str
    status: str | None = None
    supplier_reference: str
    lines: list[dict[str, Any]]
    cost: Decimal | None = None
    currency: str | None = None
    reason: str
    claimed_by: UUID | None = None
    claimed_at: datetime | None = None
    settled_at: datetime | None = None
    amendments: list[AmendmentShown] = Field([], description="The oldest first.")


class OrderShown(OrderListed, Aftermath):
    """An order with its whole story. This route opens the customer's data."""

    body: dict[str, Any] | None = Field(
        None, description="As last read from the channel; absent once erased."
    )
    lines: list[LineShown]
    decisions: list[DecisionShown]
    purchases: list[PurchaseShown]
    runs: list[RunListed]
    effects: list[EffectShown]
    cases: list[CaseShown]
    timeline: list[Moment]
    also: list[OrderListed] = Field(description="Other orders of the same number; name the store to choose.")


@router.get("/orders/{number}", summary="Show an order")
async def show_order(
    hub: HubHere, caller: Viewer, number: str, store: Annotated[str | None, Query(max_length=100)] = None
) -> OrderShown:
    """An order with its lines, decisions, purchases, parcels, notices, promises, runs, effects and cases, and all of it
    in one timeline."""
    async with hub.database.connection() as connection:
        found = await reading.orders_numbered(connection, number, scope(caller, store))
        if not found:
            raise declined(404, "no-such-order", "There is no order of this number.")
        return await _shown(hub, connection, found)


async def _shown(hub: Hub, connection: Connection, found: list[Any]) -> OrderShown:
    row = found[0]
    trade = await reading.trade_of(connection, row)
    runs = [run["id"] for run in trade["runs"]]
    told = {
        "effects": await reading.effects_of(connection, runs, row["id"]),
        "cases": await reading.cases_of(connection, runs, row["id"]),
        "journal": await reading.journal_of(connection, runs),
        **await reading.aftermath_of(connection, row["id"], runs),
    }
    doing = {*runs, *(x["run_id"] for x in [*told["effects"], *told["cases"]] if x["run_id"])}
    stages = Stages(await reading.stages_of(connection, list(doing)))
    boxes = await boxes_of(hub, connection, [row, *told["cases"]])
    return OrderShown(
        **_listed(row, len([c for c in told["cases"] if c["state"] == "open"])).model_dump(),
        body=opened(boxes, row, "body"),
        lines=[_line(line) for line in trade["lines"]],
        decisions=[_decision(decision) for decision in trade["decisions"]],
        purchases=[PurchaseShown.model_validate(dict(purchase)) for purchase in trade["purchases"]],
        runs=[run_listed(run, run["flow_version"]) for run in trade["runs"]],
        effects=[effect_shown(effect) for effect in told["effects"]],
        cases=[case_shown(case, boxes) for case in told["cases"]],
        **dict(aftermath(told)),
        timeline=timeline(row, trade, told, stages),
        also=[_listed(other) for other in found[1:]],
    )


def _listed(row: Any, open_cases: int | None = None) -> OrderListed:
    return OrderListed.model_validate({**row, "store": row["store_id"], "open_cases": open_cases})


def _line(row: Any) -> LineShown:
    return LineShown.model_validate({**row, "id": row["line_id"]})


def _decision(row: Any) -> DecisionShown:
    return DecisionShown.model_validate({**row, "run": row["run_id"]})
