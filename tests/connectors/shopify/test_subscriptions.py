"""Shopify drops a subscription whose deliveries fail; the hub sees that and subscribes again."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from connectors.shopify.connector import Shopify
from connectors.shopify.operations_webhooks import SUBSCRIBE
from connectors.shopify.sandbox import ShopifySandbox
from connectors.shopify.subscriptions import OF_PARCELS, TOPICS, WantedSubscriptions, to_enum
from hub.sdk import Refused, Unanswered, webhooks_of
from tests.connectors.shopify.conftest import NOW, Ask, MakeCall

OURS = WantedSubscriptions(uri="https://hub.example/in/glow")


def test_every_topic_that_is_read_is_one_to_subscribe_to() -> None:
    assert {topic for w in webhooks_of(Shopify).values() for topic in w.topics} == set(TOPICS)


async def test_what_is_missing_is_said_and_not_repaired_by_looking(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    found = await shopify.get_subscriptions(OURS, call())

    assert (found.found, found.missing, shop.changes) == ([], TOPICS, 0)


async def test_what_is_missing_is_subscribed_to(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    await shopify.ensure_subscriptions(OURS, call())
    shop.state.subscriptions.pop(1)
    shop.now = lambda: NOW + timedelta(hours=1)

    found = await shopify.ensure_subscriptions(OURS, call())

    assert [s.topic for s in found.found] == TOPICS
    assert [s.since > NOW for s in found.found] == [False, True, False, False, False]
    assert (found.missing, shop.changes) == ([], 6)


async def test_where_another_service_is_the_tracker_the_way_of_parcels_is_not_subscribed_to(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    found = await shopify.ensure_subscriptions(OURS.model_copy(update={"parcels": False}), call())

    assert [s.topic for s in found.found] == [t for t in TOPICS if t != OF_PARCELS]
    assert found.missing == []


async def test_subscriptions_to_other_addresses_are_not_ours(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    other = WantedSubscriptions(uri="https://other.example/in")
    await shopify.ensure_subscriptions(other, call())

    assert (await shopify.get_subscriptions(OURS, call())).missing == TOPICS


async def test_a_lost_answer_leaves_no_topic_subscribed_twice(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    shop.stall(0)
    shop.lose_next_answer()
    with pytest.raises(Unanswered):
        await shopify.ensure_subscriptions(OURS, call())
    await shopify.ensure_subscriptions(OURS, call())

    assert [s.topic for s in shop.state.subscriptions] == [to_enum(t) for t in TOPICS]


async def test_a_filter_that_keeps_deliveries_away_is_shown(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, ask: Ask
) -> None:
    wanted = {"uri": OURS.uri, "filter": "total_price:>100"}
    await ask(SUBSCRIBE, {"topic": "ORDERS_PAID", "subscription": wanted})

    found = await shopify.get_subscriptions(OURS, call())

    assert [(s.topic, s.filter) for s in found.found] == [("orders/paid", "total_price:>100")]


async def test_an_address_shopify_does_not_take_is_rejected(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    shop.refuse("rejected")

    with pytest.raises(Refused) as raised:
        await shopify.ensure_subscriptions(OURS, call())

    assert (raised.value.code, shop.changes) == ("rejected", 0)


@pytest.mark.parametrize(
    "wanted",
    [
        {"uri": "http://hub.example/in"},
        {"uri": OURS.uri, "topics": []},
        {"uri": OURS.uri, "topics": ["products/update"]},
    ],
    ids=["no TLS", "no topic", "a topic nobody reads"],
)
def test_subscriptions_that_cannot_help_are_refused_at_once(wanted: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        WantedSubscriptions.model_validate(wanted)


async def test_the_shop_refuses_a_topic_twice_an_open_address_and_a_topic_it_does_not_have(
    shop: ShopifySandbox, ask: Ask
) -> None:
    sent = {"topic": "ORDERS_PAID", "subscription": {"uri": OURS.uri}}
    await ask(SUBSCRIBE, sent)

    for nonsense in (sent, sent | {"subscription": {"uri": "http://hub.example/in"}}):
        body = await ask(SUBSCRIBE, nonsense)
        assert body["data"]["webhookSubscriptionCreate"]["userErrors"]
    body = await ask(SUBSCRIBE, sent | {"topic": "ORDERS_ON_THE_MOON"})
    assert body["errors"] and "data" not in body

    assert shop.changes == 1
