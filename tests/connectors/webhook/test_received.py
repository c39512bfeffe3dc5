"""Signed deliveries from anyone: proved, told apart, and about somebody."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from connectors.webhook.connector import Received, Webhook, WebhookSettings
from connectors.webhook.sandbox import SenderSandbox
from hub.sdk import Client, Delivery, Unreadable, Unverified
from hub.sdk.testing import SandboxTransport

SENDER = SenderSandbox()


def webhook(**settings: Any) -> Webhook:
    return Webhook(
        WebhookSettings.model_validate({**SENDER.settings(), **settings}), Client(SandboxTransport(SENDER))
    )


def delivered(body: Any, **headers: str) -> Delivery:
    return SENDER.sign(orjson.dumps(body) if not isinstance(body, bytes) else body, headers=headers)


def received(connector: Webhook, body: Any) -> Received:
    delivery = delivered(body)
    connector.verify(delivery)
    event: Received = connector.received(delivery)
    return event


def test_a_delivery_says_which_thing_it_is_about_and_for_whom() -> None:
    connector = webhook(happened_at="at")

    event = received(
        connector, {"id": 8492, "name": "#8492", "email": "ada@example.com", "at": "2026-03-02T10:00:00Z"}
    )

    assert (event.key(), event.subject(), event.person()) == ("8492", "#8492", "ada@example.com")
    assert event.happened_at() == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert Received.model_validate(event.model_dump()) == event


def test_money_in_a_body_stays_exact() -> None:
    assert received(webhook(), b'{"id": 1, "total": 0.10}').body["total"] == Decimal("0.10")


def test_without_a_key_path_the_same_body_is_the_same_thing() -> None:
    connector = webhook(key="")

    assert received(connector, {"a": 1}).key() == received(connector, {"a": 1}).key()
    assert received(connector, {"a": 1}).key() != received(connector, {"a": 2}).key()


@pytest.mark.parametrize("body", [{"name": "x"}, {"id": None}, {"id": {"a": 1}}, b"{", b'{"id": NaN}'])
def test_a_delivery_that_cannot_be_told_apart_or_read_is_unreadable(body: Any) -> None:
    with pytest.raises(Unreadable):
        webhook().received(delivered(body))


@pytest.mark.parametrize("moment", ["yesterday", "2026-03-02T10:00:00"])
def test_a_moment_without_a_zone_is_not_guessed_at(moment: str) -> None:
    with pytest.raises(Unreadable):
        webhook(happened_at="at").received(delivered({"id": 1, "at": moment}))


def test_the_senders_own_delivery_id_counts_where_it_has_one() -> None:
    connector = webhook(delivery_header="x-delivery")

    assert connector.delivery_key(delivered({"id": 1}, **{"x-delivery": "d-7"})) == "d-7"
    assert connector.delivery_key(delivered({"id": 1})) == delivered({"id": 1}).body_hash()


def test_unsigned_deliveries_are_taken_only_where_that_is_written_out() -> None:
    unsigned = Delivery({}, b'{"id": 1}', SENDER.now())
    with pytest.raises(Unverified):
        webhook().verify(unsigned)

    webhook(signature="none", secrets=[]).verify(unsigned)


@pytest.mark.parametrize(
    "wrong", [{"secrets": []}, {"secrets": [""]}, {"signature": "none"}, {"secrets": [], "signature": {}}]
)
def test_settings_that_would_guard_nothing_are_rejected(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        webhook(**wrong)
