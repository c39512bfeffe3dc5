"""Only what Shopify signed for this shop is believed, and it says what happened."""

import base64
import hashlib
import hmac
from dataclasses import replace

import orjson
import pytest
from pydantic import SecretStr

from connectors.shopify.connector import Shopify
from connectors.shopify.deliveries import SIGNATURE
from connectors.shopify.sandbox import ShopifySandbox
from hub.sdk import Delivery, Unreadable, Unverified
from tests.connectors.shopify.conftest import NOW, Connect

HEADER = "x-shopify-hmac-sha256"


@pytest.fixture
def paid(shop: ShopifySandbox) -> Delivery:
    return shop.order_paid_webhook(shop.add_order(name="#8492").id)


def signed_with(delivery: Delivery, signature: str) -> Delivery:
    return replace(delivery, headers={**delivery.headers, HEADER: signature})


def digest(delivery: Delivery, key: str = ShopifySandbox.client_secret) -> bytes:
    return hmac.digest(key.encode(), delivery.body, hashlib.sha256)


def test_what_shopify_signed_is_believed(shopify: Shopify, paid: Delivery) -> None:
    assert paid.headers[HEADER] == base64.b64encode(digest(paid)).decode()

    shopify.verify(paid)


def forgeries(delivery: Delivery) -> dict[str, Delivery]:
    """The same delivery in every way somebody might pretend to be Shopify."""
    good = delivery.headers[HEADER]
    raw = digest(delivery)
    again = orjson.dumps(orjson.loads(delivery.body), option=orjson.OPT_INDENT_2)
    return {
        "none": replace(delivery, headers={k: v for k, v in delivery.headers.items() if k != HEADER}),
        "empty": signed_with(delivery, ""),
        "blank": signed_with(delivery, "   "),
        "wrong key": signed_with(delivery, base64.b64encode(digest(delivery, "guessed")).decode()),
        "empty key": signed_with(delivery, base64.b64encode(digest(delivery, "")).decode()),
        "hex instead of base64": signed_with(delivery, raw.hex()),
        "url-safe without padding": signed_with(delivery, good.rstrip("=")),
        "truncated": signed_with(delivery, good[:-4]),
        "trailing bytes": signed_with(delivery, good + "AA=="),
        "a line break that lenient base64 skips": signed_with(delivery, f"{good[:10]}\n{good[10:]}"),
        "bits that lenient base64 drops": signed_with(delivery, good[:-2] + chr(ord(good[-2]) + 1) + "="),
        "two headers joined": signed_with(delivery, f"{good}, {good}"),
        "a prefix": signed_with(delivery, f"sha256={good}"),
        "lower case": signed_with(delivery, good.lower()),
        "not ASCII": signed_with(delivery, "é" * 44),
        "not ASCII at the end": signed_with(delivery, good[:-1] + "\u2028"),
        "the same JSON written differently": replace(delivery, body=again),
        "one byte more": replace(delivery, body=delivery.body + b" "),
        "no body": replace(delivery, body=b""),
    }


def test_every_forged_signature_is_refused_in_the_same_way(shopify: Shopify, paid: Delivery) -> None:
    forged = forgeries(paid)
    believed = []
    for name, delivery in forged.items():
        try:
            shopify.verify(delivery)
            believed.append(name)
        except Unverified:
            continue

    assert len(forged) == 19
    assert believed == []


def test_for_a_while_the_old_secret_is_believed_too(connect: Connect, paid: Delivery) -> None:
    rotated = connect(webhook_secrets=["the-new-one", ShopifySandbox.client_secret])

    rotated.verify(paid)
    rotated.verify(signed_with(paid, SIGNATURE.of(SecretStr("the-new-one"), paid.body)))
    with pytest.raises(Unverified):
        connect(webhook_secrets=["the-new-one"]).verify(paid)


def test_without_any_secret_nothing_is_believed(shopify: Shopify, paid: Delivery) -> None:
    # The settings refuse this; should they ever be made without being checked, nothing may fail open.
    shopify.settings = shopify.settings.model_copy(update={"webhook_secrets": []})

    with pytest.raises(Unverified):
        shopify.verify(paid)


def test_an_app_with_a_client_secret_needs_no_other_for_its_webhooks(
    connect: Connect, paid: Delivery
) -> None:
    app = {"client_id": "app", "client_secret": ShopifySandbox.client_secret}

    connect(access_token=None, webhook_secrets=[], **app).verify(paid)


def test_a_good_signature_of_another_shop_is_refused(shopify: Shopify, paid: Delivery) -> None:
    for domain in ("rival.myshopify.com", "glow.myshopify.com.evil.example", "xglow.myshopify.com"):
        with pytest.raises(Unverified, match="another shop"):
            shopify.verify(replace(paid, headers={**paid.headers, "x-shopify-shop-domain": domain}))

    shopify.verify(replace(paid, headers={**paid.headers, "x-shopify-shop-domain": "Glow.myshopify.com"}))


def test_each_delivery_has_its_own_key_and_all_tell_one_fact(shopify: Shopify, shop: ShopifySandbox) -> None:
    order = shop.add_order()
    one, other = shop.order_paid_webhook(order.id), shop.order_paid_webhook(order.id)

    assert shopify.delivery_key(one) != shopify.delivery_key(other)
    assert shopify.delivery_key(replace(one, headers={})) == one.body_hash()
    assert shopify.order_paid(one).key() == shopify.order_paid(other).key() == str(order.id)


def test_a_paid_order_is_read_from_its_webhook(
    shopify: Shopify, shop: ShopifySandbox, paid: Delivery
) -> None:
    event = shopify.order_paid(paid)

    assert shopify.topic(paid) == "orders/paid"
    assert (event.number, event.subject(), event.person()) == ("8492", "8492", "ada@example.com")
    assert event.created_at == event.updated_at == event.happened_at() == NOW
    assert 3_000 < len(paid.body) < 8_000


def test_who_gave_no_address_is_known_by_the_customers_id(shopify: Shopify, shop: ShopifySandbox) -> None:
    known = shop.add_order(email=None, customer={"id": 77})
    unknown = shop.add_order(email=None, customer=None)

    assert shopify.order_paid(shop.order_paid_webhook(known.id)).person() == "77"
    assert shopify.order_paid(shop.order_paid_webhook(unknown.id)).person() is None


def test_changes_have_a_key_each_and_a_cancellation_only_one(shopify: Shopify, shop: ShopifySandbox) -> None:
    order = shop.add_order()
    first = shopify.order_changed(shop.order_webhook(order.id, "orders/updated"))
    shop.change_order(order.id, note="Ring twice.", updated_at="2026-11-23T15:00:00Z")
    second = shopify.order_changed(shop.order_webhook(order.id, "orders/updated"))
    cancelled = shopify.order_cancelled(shop.order_webhook(order.id, "orders/cancelled"))

    assert first.key() != second.key()
    assert cancelled.key() == str(order.id)


def test_a_risk_assessment_names_the_order_and_the_level(shopify: Shopify, shop: ShopifySandbox) -> None:
    event = shopify.order_risk_changed(shop.risk_webhook(42, "high"))

    assert (event.order_id, event.level, event.assessed_at) == ("42", "high", NOW)


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{}", b'{"id": 1}', b'{"id": "x", "name": 1}', b"\xff"]
)
def test_a_signed_body_that_makes_no_sense_is_unreadable(
    shopify: Shopify, shop: ShopifySandbox, body: bytes
) -> None:
    delivery = shop.sign(body, "orders/paid")
    shopify.verify(delivery)

    with pytest.raises(Unreadable):
        shopify.order_paid(delivery)


def test_what_a_body_says_does_not_show_in_the_error(shopify: Shopify, shop: ShopifySandbox) -> None:
    body = {"id": "ada@example.com", "name": "#1", "created_at": "ada@example.com", "email": 5}

    with pytest.raises(Unreadable) as raised:
        shopify.order_paid(shop.sign(orjson.dumps(body), "orders/paid"))

    assert "ada" not in str(raised.value)
    assert raised.value.__cause__ is None
