"""Tokens, the cost bucket, and what each kind of failure lets the hub know."""

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx
import orjson
import pytest
from pydantic import ValidationError

from connectors.shopify import hub_connectors
from connectors.shopify.connector import Shopify
from connectors.shopify.sandbox import FIRST_ORDER, ShopifySandbox
from connectors.shopify.settings import ShopifySettings
from connectors.shopify.wire import Cost, Throttle
from hub.sdk import Answer, Client, HubError, NotDone, Unanswered, Unauthorised, Unreadable
from hub.sdk.commerce import OrderRef, TagOrder
from hub.sdk.testing import SandboxTransport
from tests.connectors.shopify.conftest import Connect, MakeCall

FIRST = OrderRef(id=str(FIRST_ORDER))
APP: dict[str, Any] = {
    "access_token": None,
    "client_id": ShopifySandbox.client_id,
    "client_secret": ShopifySandbox.client_secret,
}


def test_the_connector_comes_by_the_same_door_as_any_plugin() -> None:
    assert hub_connectors() == [Shopify]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"access_token": "t"},
        {"access_token": "", "webhook_secrets": ["s"]},
        {"access_token": "t", "webhook_secrets": [""]},
        {"client_id": "a", "webhook_secrets": ["s"]},
        {"client_secret": "b", "webhook_secrets": ["s"]},
        {"access_token": "t", "client_id": "a", "client_secret": "b"},
        {"access_token": "t", "webhook_secrets": ["s"], "api_version": "latest"},
        {"access_token": "t", "webhook_secrets": ["s"], "shop": "glow.example.com/x"},
        {"access_token": "t", "webhook_secrets": ["s"], "token": "misspelt"},
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ShopifySettings.model_validate({"shop": "glow"} | settings)


@pytest.mark.parametrize("named", ["glow", "Glow.myshopify.com", "https://glow.myshopify.com/"])
async def test_a_shop_may_be_named_in_any_usual_way(connect: Connect, named: str) -> None:
    settings = connect(shop=named).settings

    assert settings.domain == "glow.myshopify.com"
    assert (
        Shopify(settings, Client(SandboxTransport(ShopifySandbox()))).base_url == "https://glow.myshopify.com"
    )


async def test_many_calls_at_once_ask_for_one_token(
    connect: Connect, shop: ShopifySandbox, call: MakeCall
) -> None:
    shopify = connect(**APP)

    await asyncio.gather(*(shopify.get_order(FIRST, call()) for _ in range(20)))
    await shopify.get_order(FIRST, call())

    assert shop.grants == 1


async def test_a_token_about_to_end_is_replaced(
    connect: Connect, shop: ShopifySandbox, call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    shopify = connect(**APP)
    now = asyncio.get_running_loop().time()
    for elapsed, grants in ((0, 1), (86_399 - 61, 1), (86_399 - 59, 2)):
        monkeypatch.setattr("connectors.shopify.admin._moment", lambda at=now + elapsed: at)
        await shopify.get_order(FIRST, call())
        assert shop.grants == grants


async def test_a_token_that_ended_early_is_replaced_once(
    connect: Connect, shop: ShopifySandbox, call: MakeCall
) -> None:
    shopify = connect(**APP)
    await shopify.get_order(FIRST, call())
    shop.granted.clear()

    await asyncio.gather(*(shopify.get_order(FIRST, call()) for _ in range(10)))

    assert shop.grants == 2


async def test_who_learns_late_that_a_token_ended_uses_the_new_one(
    connect: Connect, shop: ShopifySandbox, call: MakeCall
) -> None:
    shopify = connect(**APP)
    await shopify.get_order(FIRST, call())
    shop.granted.clear()
    shop.stall(0.05)

    await asyncio.gather(*(shopify.get_order(FIRST, call()) for _ in ("late", "early")))

    assert shop.grants == 2


async def test_a_secret_that_is_no_good_is_said_to_be(connect: Connect, call: MakeCall) -> None:
    with pytest.raises(Unauthorised) as raised:
        await connect(**APP | {"client_secret": "guessed-secret"}).get_order(FIRST, call())
    assert "guessed-secret" not in str(raised.value)

    with pytest.raises(Unauthorised):
        await connect(access_token="guessed").get_order(FIRST, call())


async def test_a_lost_token_leaves_nothing_in_doubt(
    connect: Connect, shop: ShopifySandbox, call: MakeCall
) -> None:
    shopify = connect(**APP)
    shop.lose_next_answer("/admin/oauth")

    with pytest.raises(NotDone):
        await shopify.add_tags(TagOrder(id=FIRST.id, tags=["x"]), call())

    assert shop.changes == 0


async def test_an_empty_bucket_is_waited_for_as_long_as_it_takes(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    shop.bucket.clock = lambda: 0.0
    shop.bucket.shrink(maximum=2000, available=62, restore=100)

    with pytest.raises(NotDone) as raised:
        await shopify.get_order(FIRST, call())

    assert raised.value.retry_after == pytest.approx((362 - 62) / 100)


async def test_what_the_bucket_certainly_lacks_is_not_even_sent(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.bucket.clock = lambda: 0.0
    now = asyncio.get_running_loop().time()
    monkeypatch.setattr("connectors.shopify.admin._moment", lambda: now)
    shop.bucket.shrink(maximum=400, available=400, restore=10)
    await shopify.get_order(FIRST, call())
    shop.bucket.shrink(maximum=400, available=300, restore=10)
    await shopify.probe(call())
    sent = shop.requests

    with pytest.raises(NotDone) as raised:
        await shopify.get_order(FIRST, call())
    assert shop.requests == sent
    assert raised.value.retry_after is not None and 6 <= raised.value.retry_after < 7

    monkeypatch.setattr("connectors.shopify.admin._moment", lambda: now + 7)
    shop.bucket.shrink(maximum=400, available=370, restore=10)
    assert (await shopify.get_order(FIRST, call())).number == "1000"


def test_what_no_bucket_can_hold_is_not_waited_for_for_ever() -> None:
    bucket = Throttle(
        maximum_available=Decimal(200), currently_available=Decimal(150), restore_rate=Decimal(10)
    )

    assert Cost(throttle_status=bucket).wait_for(262, elapsed=0) == 5
    assert Cost(throttle_status=bucket).wait_for(262, elapsed=6) == 0


class Saying:
    """A Shopify that says one thing, whatever it is asked."""

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        self.answer = Answer(status, headers or {}, body if isinstance(body, bytes) else orjson.dumps(body))

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, timeout: float
    ) -> Answer:
        return self.answer

    async def close(self) -> None:
        """Nothing is open."""


def failed(code: str | None, **more: Any) -> dict[str, Any]:
    extensions = {"code": code} if code else {}
    return {"errors": [{"message": "ada@example.com", "extensions": extensions, **more}]}


COST = {
    "requestedQueryCost": 50,
    "throttleStatus": {"maximumAvailable": 2000, "currentlyAvailable": 10, "restoreRate": 100},
}
SLOW = failed("THROTTLED") | {"extensions": {"cost": COST}}


@pytest.mark.parametrize(
    ("status", "body", "known"),
    [
        (401, {"errors": "[API] Invalid API key"}, Unauthorised),
        (402, {"errors": "Unavailable Shop"}, Unauthorised),
        (403, {"errors": "Forbidden"}, Unauthorised),
        (404, {"errors": "Not Found"}, Unauthorised),
        (423, {"errors": "Locked"}, Unauthorised),
        (429, {"errors": "Too many"}, NotDone),
        (400, {}, NotDone),
        (200, SLOW, NotDone),
        (200, failed("MAX_COST_EXCEEDED"), NotDone),
        (200, failed("undefinedField", path=["query FarosTagsAdd", "order"]), NotDone),
        (200, failed("INVALID_VARIABLE"), NotDone),
        (200, failed("ACCESS_DENIED", path=["tagsAdd"]), Unauthorised),
        (200, failed("SHOP_INACTIVE"), Unauthorised),
        (408, {}, Unanswered),
        (500, {}, Unanswered),
        (503, b"<html>", Unanswered),
        (302, {}, Unanswered),
        (200, failed("INTERNAL_SERVER_ERROR"), Unanswered),
        (200, failed("SOMETHING_NEW"), Unanswered),
        (200, failed(None, path=["tagsAdd"]), Unanswered),
        (
            200,
            {"errors": failed("THROTTLED")["errors"] + failed("INTERNAL_SERVER_ERROR")["errors"]},
            Unanswered,
        ),
        (200, b"<html>", Unreadable),
        (200, b"", Unreadable),
        (200, [], Unreadable),
        (200, {}, Unreadable),
        (200, {"data": {"tagsAdd": None}}, Unreadable),
        (200, {"data": {"tagsAdd": {"node": None, "userErrors": []}}}, Unreadable),
    ],
)
async def test_every_failure_says_what_is_known(
    connect: Connect, call: MakeCall, status: int, body: Any, known: type[HubError]
) -> None:
    shopify = Shopify(connect().settings, Client(Saying(status, body)))

    with pytest.raises(HubError) as raised:
        await shopify.add_tags(TagOrder(id="1", tags=["x"]), call())

    assert type(raised.value) is known
    assert "ada" not in str(raised.value)


async def test_the_wait_is_computed_from_what_shopify_says(connect: Connect, call: MakeCall) -> None:
    for saying, wait in ((Saying(200, SLOW), 0.4), (Saying(429, {}, {"retry-after": "2"}), 2.0)):
        with pytest.raises(NotDone) as raised:
            await Shopify(connect().settings, Client(saying)).get_order(FIRST, call())
        assert raised.value.retry_after == pytest.approx(wait)


async def test_a_version_out_of_support_shows_in_the_probe(connect: Connect, call: MakeCall) -> None:
    said = await connect(api_version="2025-10").probe(call())

    assert said == "Glow answers, but no longer supports API version 2025-10; it supports 2026-07, 2026-10."


async def test_another_process_can_make_the_shop_sell(
    shop: ShopifySandbox, shopify: Shopify, call: MakeCall
) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(shop), base_url="http://shop") as client:
        made = await client.post(
            "/_sandbox/orders", json={"name": "#8492", "lines": [{"sku": "A", "price": "9.50"}]}
        )
        order_id = made.json()["id"]
        await client.post(f"/_sandbox/orders/{order_id}", json={"shipping_address": {"city": "Albany"}})
        sent = (
            await client.post(f"/_sandbox/orders/{order_id}/webhook", json={"topic": "orders/updated"})
        ).json()

    order = await shopify.get_order(OrderRef(id=str(order_id)), call())

    assert (made.status_code, order.number, str(order.total.amount)) == (201, "8492", "9.50")
    assert order.ship_to is not None and order.ship_to.city == "Albany"
    assert sent["headers"]["x-shopify-topic"] == "orders/updated"
    assert orjson.loads(sent["body"])["shipping_address"]["city"] == "Albany"
