"""An address looked at while its customer is still at the checkout: a verdict, and nothing is kept of it."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from hub.api.access import HubHere, Viewer, scope
from hub.api.problems import Declined, declined, problem, told
from hub.engine.effects import ask
from hub.engine.world import Link, World
from hub.fulfilment.orders import judge_address
from hub.model.effect import Confirmed
from hub.sdk import ADDRESS_VERIFIER
from hub.sdk.commerce import Address, AddressQuestion, AddressVerdict, AddressVerdictCode
from hub.store.keys import Caller

router = APIRouter(tags=["addresses"])
WITHIN = 3.0
"""Seconds a customer waits at most; a checkout goes on without a verdict then."""
A_MINUTE = 120
"""How many addresses one key may ask about in a minute, of each process of the API: every verdict costs money."""
SILENT = AddressVerdict(verdict="unverifiable", reason="The address service gave no answer.")


async def rationed(request: Request, caller: Viewer) -> Caller:
    """The caller, as long as they do not ask too often."""
    wait = request.app.state.addresses.take(caller.name)
    if wait > 0:
        detail = f"A key may ask about {A_MINUTE} addresses in a minute."
        raise Declined(problem(429, "too-many-checks", detail), {"retry-after": str(int(wait) + 1)})
    return caller


class AddressAsked(BaseModel):
    """An address as the customer typed it, and the store they buy from."""

    model_config = ConfigDict(extra="forbid")

    store: Annotated[str, Field(min_length=1, max_length=100)]
    address: Address


class AddressChecked(BaseModel):
    """`may_ship` is what the store's policy makes of the verdict: what an order to this address would meet."""

    verdict: AddressVerdictCode
    may_ship: bool
    reason: str
    suggestion: Address | None = Field(
        default=None, description="The address as the service writes it, if it knows better."
    )


@router.post(
    "/addresses/check",
    summary="Check an address at the checkout",
    responses={429: told("Too many checks; `Retry-After` says how many seconds to wait.")},
)
async def check_address(
    hub: HubHere, caller: Annotated[Caller, Depends(rationed)], asked: AddressAsked
) -> AddressChecked:
    """Say whether an order could be delivered there, by the store's own address service and policy. A service that does
    not answer makes it `unverifiable`. Nothing is kept, and no log holds the address."""
    scope(caller, asked.store)
    link = _verifier(hub.world, asked.store)
    verdict = await _asked(link, AddressQuestion(address=asked.address), hub.clock.now())
    note = judge_address(verdict, hub.world.stores[asked.store].policies)
    return AddressChecked(
        verdict=verdict.verdict, may_ship=note.ok, reason=note.reason, suggestion=verdict.suggestion
    )


async def _asked(link: Link, question: AddressQuestion, now: datetime) -> AddressVerdict:
    if link.paused is not None:
        return SILENT
    outcome = await ask(link, "verify_address", question, now, within=WITHIN)
    return AddressVerdict.model_validate(outcome.answer) if isinstance(outcome, Confirmed) else SILENT


def _verifier(world: World, store: str) -> Link:
    """The connection that this store's flows ask about addresses."""
    if store not in world.stores:
        raise declined(404, "no-such-store", "There is no store of this name.")
    ids = (
        id
        for program in world.active.values()
        if program.store_id == store
        for name, role in program.graph.roles.items()
        if role.asks == ADDRESS_VERIFIER.name
        for id in program.roles.get(name, [])
    )
    for id in ids:
        if (link := world.links.get(id)) is not None:
            return link
    raise declined(409, "no-address-service", "No flow of this store asks an address service that is open.")
