"""Routing rules in force, and whether any order has met them lately."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hub.api.access import HubHere, Viewer, sees
from hub.api.problems import declined
from hub.fulfilment.rule_use import use_of_rules

router = APIRouter()


class RuleShown(BaseModel):
    """A routing rule and its use."""

    rule: str
    since: datetime = Field(description="When it was first published as it stands.")
    last_met: datetime | None = Field(None, description="When the newest order came that it speaks of.")
    is_unused: bool = Field(description="It is as old as the days asked about, and no order of them met it.")


@router.get("/stores/{store}/rules", summary="Which routing rules orders have met")
async def list_rules(
    hub: HubHere,
    caller: Viewer,
    store: str,
    days: Annotated[int, Query(ge=1, le=366, description="How far back.")] = 90,
) -> list[RuleShown]:
    """The store's rules in their order, each with the newest order that it speaks of."""
    config = hub.world.stores.get(store)
    if config is None or not sees(caller, store):
        raise declined(404, "no-such-store", "There is no such store.")
    async with hub.database.connection() as connection:
        found = await use_of_rules(
            connection, hub.vault, (store, list(config.rules)), hub.clock.now(), timedelta(days=days)
        )
    return [
        RuleShown(rule=use.rule, since=use.since, last_met=use.last_met, is_unused=use.is_unused)
        for use in found
    ]
