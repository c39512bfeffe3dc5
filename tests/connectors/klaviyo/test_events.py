"""What the hub tells Klaviyo of a customer, and what it takes for an answer."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.klaviyo.connector import Klaviyo, KlaviyoSettings
from connectors.klaviyo.sandbox import KlaviyoSandbox
from hub.sdk import Call, Client, NotDone, Refused, Unreadable
from hub.sdk.commerce import Accepted, Customer, CustomerEvent, Money
from hub.sdk.http import Answer
from hub.sdk.testing import SandboxTransport
from hub.sdk.testing.trial import Wire

ADA = Customer(id="77", first_name="Ada", email="ada@example.com", phone="+15005550006")


def shipped(customer: Customer = ADA, **more: Any) -> CustomerEvent:
    return CustomerEvent(unique_id="order-1001-shipped", metric="Order Shipped", customer=customer, **more)


class Desk:
    """Klaviyo's connector before its double."""

    def __init__(self) -> None:
        self.sandbox = KlaviyoSandbox()
        self.sandbox.now = lambda: datetime(2026, 3, 2, 15, 4, 5, 678, UTC)
        self.wire = Wire(SandboxTransport(self.sandbox))
        self.klaviyo = Klaviyo(KlaviyoSettings.model_validate(self.sandbox.settings()), Client(self.wire))

    async def record(self, event: CustomerEvent) -> Accepted:
        call = Call(event.unique_id, asyncio.get_running_loop().time() + 5, 1, self.sandbox.now())
        accepted: Accepted = await self.klaviyo.record_event(event, call)
        return accepted


async def test_a_lost_answer_does_not_tell_the_customer_twice() -> None:
    desk = Desk()
    desk.sandbox.lose_next_answer()
    with pytest.raises(Exception, match="told to lose"):
        await desk.record(shipped())

    await desk.record(shipped())

    assert desk.sandbox.unsettled() == {"events": {"Order Shipped": 1}}


async def test_an_event_carries_its_moment_its_amount_to_the_cent_and_our_id() -> None:
    desk = Desk()

    await desk.record(shipped(value=Money.model_validate({"amount": "0.10", "currency": "USD"})))

    recorded = desk.sandbox.events[0]
    assert recorded["unique_id"] == "order-1001-shipped"
    assert recorded["time"] == "2026-03-02T15:04:05+00:00"
    assert b'"value":0.10,' in (desk.wire.sent[0].body or b"")
    assert recorded["profile"]["data"]["attributes"]["email"] == "ada@example.com"


async def test_a_phone_number_klaviyo_would_refuse_does_not_lose_the_event() -> None:
    desk = Desk()

    await desk.record(shipped(Customer(email="ada@example.com", phone="(500) 555-0006")))

    profile = desk.sandbox.events[0]["profile"]["data"]["attributes"]
    assert "phone_number" not in profile
    assert profile["properties"] == {"phone": "(500) 555-0006"}


async def test_an_email_and_a_phone_number_of_two_profiles_do_not_lose_the_event() -> None:
    desk = Desk()
    answers = [Answer(409, {}, b'{"errors": [{"code": "duplicate_profile"}]}'), Answer(202, {}, b"")]
    desk.wire.instead = lambda answer: answers.pop(0)

    await desk.record(shipped())

    sent = [json.loads(s.body or b"") for s in desk.wire.sent]
    profiles = [s["data"]["attributes"]["profile"]["data"]["attributes"] for s in sent]
    assert [("phone_number" in p) for p in profiles] == [True, False]
    assert {s["data"]["attributes"]["unique_id"] for s in sent} == {"order-1001-shipped"}


async def test_a_customer_nobody_can_be_told_apart_by_is_refused_before_anything_is_sent() -> None:
    desk = Desk()

    with pytest.raises(Refused, match="no e-mail"):
        await desk.record(shipped(Customer(first_name="Ada")))

    assert desk.wire.sent == []


async def test_a_refusal_names_the_field_and_never_the_customers_data() -> None:
    desk = Desk()
    error = {"code": "invalid", "detail": "ada@example.com is bad", "source": {"pointer": "/data/attributes"}}
    desk.wire.without_acting = Answer(400, {}, json.dumps({"errors": [error]}).encode())

    with pytest.raises(Refused) as refused:
        await desk.record(shipped())

    assert "invalid, at /data/attributes" in str(refused.value)
    assert "ada@" not in str(refused.value)


async def test_a_throttled_event_is_not_done_and_says_when_to_come_back() -> None:
    desk = Desk()
    desk.sandbox.refuse("429")

    with pytest.raises(NotDone) as later:
        await desk.record(shipped())

    assert later.value.retry_after == 1
    assert desk.sandbox.events == []


async def test_a_success_that_is_not_klaviyos_is_not_taken_for_one() -> None:
    desk = Desk()
    desk.wire.without_acting = Answer(200, {}, b"<html>Log in</html>")

    with pytest.raises(Unreadable):
        await desk.record(shipped())


async def test_a_body_that_klaviyos_schema_does_not_allow_is_refused_by_the_double() -> None:
    desk = Desk()
    http = desk.klaviyo.http(Call("k", asyncio.get_running_loop().time() + 5, 1, desk.sandbox.now()))
    headers = {**desk.klaviyo._headers(), "content-type": "application/vnd.api+json"}

    answer = await http.post("/api/events", content=b'{"data": {"type": "event"}}', headers=headers)
    unrevised = await http.post("/api/events", content=b"{}", headers={**headers, "revision": "2020-01-01"})

    assert answer.status_code == 400
    assert "attributes" in answer.text
    assert unrevised.status_code == 400
