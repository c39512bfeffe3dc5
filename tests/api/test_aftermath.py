"""What followed an order's purchases is shown with it: parcels, notices, promises; links never."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from connectors.klaviyo.sandbox import KlaviyoSandbox
from connectors.shopify.sandbox import ShopifySandbox
from connectors.supplier_api.sandbox import SupplierSandbox
from hub.api import create_app
from hub.engine.publishing import StoreSpec
from hub.fulfilment.supplier import SupplierSpec
from hub.store.configuration import ArticleNew, ConnectionSpec
from hub.store.encoding import from_bytes
from hub.store.keys import add_key
from tests.api.test_orders import BUY
from tests.floor import Floor, flow, open_floor, shop
from tests.project.test_templates import OWN

AFTER = BUY.replace(
    "  acme: supplier_api", "  acme: supplier_api\n  messages:\n    capability: messenger\n    many: true"
)
AFTER = AFTER.replace(
    "steps:\n  - step: read\n", "clocks:\n  arrives:\n    due: 5 days\nsteps:\n  - step: read\n", 1
)
AFTER += """\
      - step: promise
        start_clock: arrives
      - step: parcels
        do: shipments.record
        with:
          purchase: ${bought.reference}
          parcels:
            - tracking_number: "9400111899223197428490"
              carrier: usps
        as: recorded
      - step: prepare
        do: notices.prepare
        with:
          order: ${order}
          notice: tracking-added
          milestone: tracking-added/1
          shipment: ${recorded.fresh[0].reference}
        as: prepared
      - step: sent
        do: notices.settle
        with:
          order: ${order}
          milestone: tracking-added/1
          is_sent: true
"""
SETTINGS = {
    "name": "Oak",
    "public_url": "https://oak.example",
    "brand": {"name": "Oak", "sender": "hello@oak.example"},
}


@asynccontextmanager
async def sold(database_url: str) -> AsyncIterator[Floor]:
    """A shop whose order is bought, leaves in a parcel, and is told of."""
    channel, warehouse, letters = ShopifySandbox(), SupplierSandbox("unsafe"), KlaviyoSandbox()
    doubles = {"shop": channel, "acme": warehouse, "letters": letters}
    async with open_floor(database_url, doubles) as floor:
        store = StoreSpec(
            "main",
            settings=SETTINGS,
            templates={"tracking-added.jinja": OWN},
            suppliers=(SupplierSpec(connection="acme", name="Acme", region="US-NY"),),
            articles=(ArticleNew("GLW-SERUM-30", "acme", "MUG-11", Decimal("9.50"), "USD"),),
        )
        roles = {"shop": ["shop"], "acme": ["acme"], "messages": ["letters"]}
        connections = (
            ConnectionSpec("shop", "main", "shopify", settings=channel.settings()),
            ConnectionSpec(
                "acme", "main", "supplier_api", "live", "https://acme.example", warehouse.settings()
            ),
            ConnectionSpec("letters", "main", "klaviyo", settings=letters.settings()),
        )
        await floor.publish(shop([flow(floor.hub.catalog, AFTER, roles)], *connections, store=store))
        order = channel.add_order(name="#8492", created_at=floor.now - timedelta(minutes=1))
        await floor.deliver("shop", channel.order_paid_webhook(order.id))
        await floor.settle()
        yield floor


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[Floor]:
    """A shop that has sold something."""
    async with sold(database_url) as floor:
        yield floor


@pytest.fixture
async def desk(house: Floor) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who may only read."""
    app = create_app(house.hub)
    async with house.hub.database.connection() as connection:
        key = await add_key(connection, "ada", "viewer", house.now)
    headers = {"authorization": f"Bearer {key}"}
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="https://hub.example", headers=headers) as client,
    ):
        yield client


async def shown(desk: httpx.AsyncClient) -> Any:
    return (await desk.get("/orders/8492")).json()


async def test_a_parcel_is_shown_with_its_number_and_how_it_stands(desk: httpx.AsyncClient) -> None:
    found = await shown(desk)

    (parcel,) = found["parcels"]
    assert (parcel["tracking_number"], parcel["carrier"], parcel["status"]) == (
        "9400111899223197428490", "usps", "unknown",
    )  # fmt: skip
    assert (parcel["supplier"], parcel["purchase"]) == ("acme", found["purchases"][0]["reference"])
    assert (parcel["generation"], parcel["last_scan_at"], parcel["replaced_by"]) == (0, None, "")


async def test_what_the_customer_was_told_is_shown_without_its_words(desk: httpx.AsyncClient) -> None:
    (notice,) = (await shown(desk))["notices"]

    assert (notice["milestone"], notice["notice"], notice["state"]) == (
        "tracking-added/1", "tracking-added", "sent",
    )  # fmt: skip
    assert notice["sent_at"] is not None and "body" not in notice


async def test_a_promise_runs_and_is_late(house: Floor, desk: httpx.AsyncClient) -> None:
    (clock,) = (await shown(desk))["clocks"]
    assert (clock["clock"], clock["flow"], clock["state"]) == ("arrives", "buy", "running")

    await house.let_pass(days=5, minutes=1)

    assert [c["state"] for c in (await shown(desk))["clocks"]] == ["late"]


async def test_all_of_it_stands_in_the_story(desk: httpx.AsyncClient) -> None:
    story = [(m["about"], m["what"]) for m in (await shown(desk))["timeline"]]

    for happened in (("parcel", "parcel announced"), ("notice", "notice sent"), ("clock", "promise made")):
        assert happened in story


async def test_no_link_of_the_customers_is_shown(house: Floor, desk: httpx.AsyncClient) -> None:
    (link,) = await house.rows("select sealed_token, token_hash, person_id from links")
    async with house.hub.database.connection() as connection:
        box = await house.hub.vault.box(connection, link["person_id"])

    told = (await desk.get("/orders/8492")).text

    assert box.open(link["sealed_token"]).decode() not in told
    assert link["token_hash"] not in told


async def test_the_stores_own_text_is_what_the_customer_is_told(house: Floor) -> None:
    (notice,) = await house.rows("select body, person_id from notices")
    async with house.hub.database.connection() as connection:
        box = await house.hub.vault.box(connection, notice["person_id"])

    (mail,) = from_bytes(box.open(notice["body"]))

    assert (mail["subject"], "It takes a while." in mail["text"]) == ("Patience", True)
