"""Customers and suppliers with a browser: their mails, the links in them, and the pages behind the links."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.types import ASGIApp

from connectors.shopify.sandbox_state import OrderSeed
from hub.fulfilment.call import OwnCall
from hub.fulfilment.linking import link_to
from tests.acceptance.brand import Brand

BEACON = {"address1": "245 Beacon Street", "city": "Boston", "province_code": "MA", "zip": "02116"}
"""A house with many units: without one, nothing arrives."""
FORM = {"line1": "245 Beacon Street", "city": "Boston", "region": "MA", "postcode": "02116"}


@asynccontextmanager
async def browsing(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """A browser somewhere on the internet, before the hub's front door."""
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 40000))
    async with httpx.AsyncClient(transport=transport, base_url="https://track.brand.example") as client:
        yield client


def mails(brand: Brand, metric: str) -> list[dict[str, Any]]:
    """The facts of each notice of this name that the messaging service was given."""
    return [
        event["properties"]
        for event in brand.messages.events
        if event["metric"]["data"]["attributes"]["name"] == metric
    ]


def mail(brand: Brand, metric: str) -> dict[str, Any]:
    """The only notice of this name."""
    (found,) = mails(brand, metric)
    return found


def path(link: str) -> str:
    """A link's path, after a look at whose it is."""
    parts = urlsplit(link)
    assert (parts.scheme, parts.hostname) == ("https", "track.brand.example")
    return parts.path


async def go_on(brand: Brand) -> None:
    """The hub does what it can within some seconds; services that take so many calls a second take them all."""
    for _ in range(4):
        await brand.floor.let_pass(seconds=2)


async def buys(brand: Brand, **fields: Any) -> OrderSeed:
    """A customer buys, and has the mail about it."""
    order = await brand.buy(**fields)
    await go_on(brand)
    return order


async def supplier_link(brand: Brand, reference: str) -> str:
    """A supplier's link to its page, as it would stand in a mail to a supplier without an API."""
    hub = brand.floor.hub
    config = hub.world.stores["main"]
    async with hub.database.transaction() as connection:
        row = await connection.fetchrow(
            """select o.id, o.source, o.person_id, p.claimed_by from purchases p join orders o on o.id = p.order_id
               where p.reference = $1""",
            reference,
        )
        call = OwnCall(
            connection=connection,
            store_id="main",
            run_id=row["claimed_by"],
            person_id=row["person_id"],
            source=row["source"],
            now=brand.floor.now,
            sealer=await hub.vault.box(connection, row["person_id"]),
            link_order=lambda order_id: None,
            policies=config.policies,
            settings=config.settings,
        )
        return await link_to(call, row["id"], "supplier", reference)
