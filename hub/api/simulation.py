"""What another version of a flow would have done to the orders of the last days, told before it is published."""

import asyncio
from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from hub.api.access import HubHere, Ops, sees
from hub.api.problems import Declined, WrongField, declined, problem
from hub.engine.simulation import NotInForce, Simulated, simulate
from hub.flow.checker import check

router = APIRouter()


class SimulationWanted(BaseModel):
    """A flow to try."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=60_000)
    store: str = Field("main", max_length=100)
    days: int = Field(30, ge=1, le=90, description="How far back.")


class OrderCompared(BaseModel):
    """An order that would have gone another way, or of which that cannot be said."""

    number: str
    run: UUID
    verdict: Literal["changed", "unknown"]
    step: str = Field(description="Where the two versions part, or beyond which nobody knows.")
    before: str = Field(description="What the version in force did there.")
    after: str = Field(description="What this one would have done.")


class SimulationShown(BaseModel):
    """What would have been different."""

    flow: str
    version: int = Field(description="The version in force, which it is compared with.")
    days: int
    orders: int = Field(description="Runs of this flow in that time.")
    compared: int = Field(description="Of these, the newest that can still be looked at.")
    same: int
    changed: list[OrderCompared]
    unknown: list[OrderCompared]


@router.post("/flows/{name}/simulation", summary="Try a flow on the orders of the last days")
async def simulate_flow(
    hub: HubHere, caller: Ops, name: Annotated[str, Path(max_length=100)], wanted: SimulationWanted
) -> SimulationShown:
    """Walk a flow's text with every order of the last days, answered as it was answered then. Nothing is published,
    asked or sent. Orders that the version in force did not begin with are not looked at."""
    if not sees(caller, wanted.store):
        raise declined(404, "no-such-store", "There is no such store.")
    # In a thread: a large file takes tens of milliseconds, and deliveries are waiting.
    checked = await asyncio.to_thread(check, wanted.text, "flow.yaml", hub.catalog)
    if checked.graph is None:
        fields = [
            WrongField(field=f"text:{p.place.line}", message=f"{p.message} {p.hint}") for p in checked.errors
        ]
        raise Declined(problem(422, "flow-not-valid", "The flow has mistakes.", fields=fields))
    if checked.graph.flow != name:
        raise declined(422, "other-flow", f"The text is of the flow {checked.graph.flow!r}.")
    since = hub.clock.now() - timedelta(days=wanted.days)
    try:
        async with hub.database.connection() as connection:
            found = await simulate(connection, hub.world, hub.vault, (wanted.store, checked.graph), since)
    except NotInForce as error:
        raise declined(409, "not-in-force", str(error)) from None
    return _shown(name, wanted.days, found)


def _shown(name: str, days: int, found: Simulated) -> SimulationShown:
    told = {
        verdict: [
            OrderCompared(
                number=c.number, run=c.run, verdict=verdict, step=c.step, before=c.before, after=c.after
            )
            for c in found.compared
            if c.verdict == verdict
        ]
        for verdict in ("changed", "unknown")
    }
    return SimulationShown(
        flow=name,
        version=found.version,
        days=days,
        orders=found.orders,
        compared=len(found.compared),
        same=len([c for c in found.compared if c.verdict == "same"]),
        **told,
    )
