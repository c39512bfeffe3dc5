"""Whom Postscript may write to, and what is known when it does not answer."""

import asyncio
import json
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.postscript.connector import Postscript, PostscriptSettings
from connectors.postscript.sandbox import ADA, KEY, PostscriptSandbox
from hub.sdk import Call, Client, NotDone, Refused, Unanswered, Unauthorised, Unreadable, Unsafe
from hub.sdk.commerce import Accepted, Customer
from hub.sdk.http import Answer
from hub.sdk.messages import CustomerMessage, Sender
from hub.sdk.testing import SandboxTransport
from hub.sdk.testing.trial import Wire


def text(phone: str = ADA, **changes: Any) -> CustomerMessage:
    message = CustomerMessage(
        unique_id="1001/tracking-added/sms",
        notice="tracking-added",
        channel="sms",
        to=Customer(id="77", first_name="Ada", email="ada@example.com", phone=phone),
        sender=Sender(name="Brand"),
        text="Brand: your order 1001 is on its way.",
    )
    return message.model_copy(update=changes)


class Desk:
    """Postscript's connector before its double."""

    def __init__(self, **settings: Any) -> None:
        self.sandbox = PostscriptSandbox()
        self.wire = Wire(SandboxTransport(self.sandbox))
        told = PostscriptSettings.model_validate(self.sandbox.settings() | settings)
        self.postscript = Postscript(told, Client(self.wire))

    def call(self) -> Call:
        return Call("k", asyncio.get_running_loop().time() + 5, 1, self.sandbox.now())

    async def send(self, message: CustomerMessage) -> Accepted:
        accepted: Accepted = await self.postscript.send_message(message, self.call())
        return accepted


async def test_a_message_goes_to_the_subscriber_as_one_about_an_order() -> None:
    desk = Desk()

    accepted = await desk.send(text())

    assert [(m["phone"], m["body"]) for m in desk.sandbox.messages] == [
        (ADA, "Brand: your order 1001 is on its way.")
    ]
    assert desk.sandbox.messages[0]["category"] == "transactional"
    assert accepted.reference == desk.sandbox.messages[0]["id"]


async def test_the_category_is_said_because_postscript_takes_silence_for_advertising() -> None:
    desk = Desk()
    http = desk.postscript.http(desk.call())
    body = {"body": "Hello.", "subscriber_id": desk.sandbox.subscribers[ADA]["id"]}

    await http.post("/api/v2/message_requests", json=body, headers={"authorization": f"Bearer {KEY}"})

    assert desk.sandbox.messages[0]["category"] == "promotional"


async def test_a_number_with_spaces_and_brackets_is_the_same_number() -> None:
    desk = Desk()

    await desk.send(text("+1 (500) 555-0006"))

    assert desk.sandbox.unsettled()["messages"] == 1


@pytest.mark.parametrize("phone", ["", "5005550006", "ada@example.com"])
async def test_whoever_has_no_whole_number_is_unreachable_and_nothing_is_asked(phone: str) -> None:
    desk = Desk()

    with pytest.raises(Refused, match="unreachable"):
        await desk.send(text(phone))

    assert desk.wire.sent == []


async def test_a_mail_is_unreachable_so_that_another_messenger_is_tried() -> None:
    desk = Desk()

    with pytest.raises(Refused) as refused:
        await desk.send(text(channel="email"))

    assert refused.value.code == "unreachable"
    assert desk.wire.sent == []


async def test_whoever_is_not_subscribed_is_not_written_to() -> None:
    desk = Desk()

    with pytest.raises(Refused) as refused:
        await desk.send(text("+15005550009"))

    assert refused.value.code == "unreachable"
    assert "+1500" not in str(refused.value)
    assert desk.sandbox.messages == []


async def test_whoever_agreed_to_advertising_only_is_not_written_to_about_orders() -> None:
    desk = Desk()
    desk.sandbox.subscribe(ADA, transactional=False, promotional=True)

    with pytest.raises(Refused, match="did not agree") as refused:
        await desk.send(text())

    assert refused.value.code == "unreachable"
    assert len(desk.wire.sent) == 1


async def test_whoever_declined_advertising_still_hears_of_the_order() -> None:
    desk = Desk()
    desk.sandbox.subscribe(ADA, promotional=False)

    await desk.send(text())

    assert desk.sandbox.unsettled()["messages"] == 1


async def test_a_filter_that_postscript_ignores_sends_no_message_to_a_stranger() -> None:
    desk = Desk()
    somebody = desk.sandbox.subscribe("+15005550001")
    body = {"page_info": {"page": 1, "total_pages": 1}, "subscribers": [somebody]}
    desk.wire.without_acting = Answer(200, {}, json.dumps(body).encode())

    with pytest.raises(Refused, match="unreachable"):
        await desk.send(text())

    assert len(desk.wire.sent) == 1


async def test_a_lost_question_about_the_subscriber_leaves_nothing_in_doubt() -> None:
    desk = Desk()
    desk.sandbox.lose_next_answer("/subscribers")

    with pytest.raises(NotDone):
        await desk.send(text())

    assert desk.sandbox.messages == []


@pytest.mark.parametrize("consent", [b'{"transactional": {"can_send": "yes"}}', b"{}", b"null"])
async def test_consent_that_cannot_be_read_is_none(consent: bytes) -> None:
    desk = Desk()
    subscriber = b'{"id": "s_1", "phone_number": "+15005550006", "subscriptions": %b}' % consent
    desk.wire.without_acting = Answer(200, {}, b'{"subscribers": [%b]}' % subscriber)

    with pytest.raises(NotDone):
        await desk.send(text())

    assert len(desk.wire.sent) == 1


async def test_a_lost_answer_to_a_message_is_for_a_person_to_settle() -> None:
    desk = Desk()
    desk.sandbox.lose_next_answer("/message_requests")

    with pytest.raises(Unanswered):
        await desk.send(text())

    assert desk.sandbox.unsettled()["messages"] == 1
    assert Postscript.send_message.kind == Unsafe()


async def test_postscript_really_sends_twice_what_it_is_asked_twice() -> None:
    desk = Desk()

    await desk.send(text())
    await desk.send(text())

    assert desk.sandbox.unsettled() == {"messages": 2, "numbers": 1, "subscribers": 1}


async def test_too_many_messages_come_again_a_second_later() -> None:
    desk = Desk()
    desk.sandbox.refuse("429")

    with pytest.raises(NotDone) as later:
        await desk.send(text())

    assert later.value.retry_after == 1


async def test_a_plan_without_the_api_pauses_the_connection() -> None:
    desk = Desk()
    desk.sandbox.refuse("no-plan")

    with pytest.raises(Unauthorised):
        await desk.send(text())


async def test_a_refusal_gives_postscripts_number_and_not_its_words() -> None:
    desk = Desk()
    told = Answer(400, {}, b'{"error_code": 2001, "error_message": "+15005550006 is bad", "success": false}')
    desk.wire.instead = lambda answer: told if answer.status_code == 202 else answer

    with pytest.raises(Refused) as refused:
        await desk.send(text())

    assert str(refused.value) == "rejected: Postscript says status 400 and error code 2001."


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, {}, b""),
        Answer(408, {}, b""),
        Answer(302, {"location": "/login"}, b""),
        Answer(200, {}, b'{"id": "mr_1"}'),
        Answer(202, {}, b"<html>Log in</html>"),
        Answer(202, {}, b'{"status": "processing"}'),
    ],
    ids=lambda answer: f"{answer.status_code} {answer.content.decode()}",
)
async def test_an_answer_that_is_not_postscripts_leaves_a_message_in_doubt(answer: Answer) -> None:
    desk = Desk()
    desk.wire.instead = lambda told: answer if told.status_code == 202 else told

    with pytest.raises((Unanswered, Unreadable)):
        await desk.send(text())

    assert desk.sandbox.unsettled()["messages"] == 1


async def test_while_trying_out_only_the_named_numbers_are_written_to() -> None:
    desk = Desk(only_to=["+15005550001"])
    desk.sandbox.subscribe("+15005550001")

    await desk.send(text("+15005550001"))
    with pytest.raises(Refused, match="only_to"):
        await desk.send(text())

    assert [m["phone"] for m in desk.sandbox.messages] == ["+15005550001"]
    with pytest.raises(ValidationError):
        Desk(only_to=["5005550001"])


async def test_a_partners_key_names_the_shop_it_writes_for() -> None:
    desk = Desk(shop_token="sk_shop")

    await desk.send(text())

    assert all(sent.headers["x-postscript-shop-token"] == "sk_shop" for sent in desk.wire.sent)


async def test_the_probe_asks_whose_key_it_is() -> None:
    assert await Desk().postscript.probe(Desk().call()) == "Postscript accepts the API key."
    with pytest.raises(Unauthorised):
        await Desk(api_key="sk_other").postscript.probe(Desk().call())


@pytest.mark.parametrize(
    "body",
    [
        {"subscriber_id": "s_000001"},
        {"body": "Hello."},
        {"body": "Hello.", "subscriber_id": "s_000001", "phone": ADA},
        {"body": "Hello.", "subscriber_id": "s_000001", "category": "nice"},
        {"body": "Hello.", "subscriber_id": "s_000001", "to": ADA},
        {"body": "Hello.", "subscriber_id": "s_999999"},
    ],
)
async def test_the_double_refuses_what_is_no_message(body: dict[str, str]) -> None:
    desk = Desk()
    http = desk.postscript.http(desk.call())

    answer = await http.post(
        "/api/v2/message_requests", json=body, headers={"authorization": f"Bearer {KEY}"}
    )

    assert answer.status_code in (400, 404)
    assert desk.sandbox.messages == []


async def test_another_process_sees_the_messages_and_can_subscribe_people() -> None:
    desk = Desk()
    http = desk.postscript.http(desk.call())

    await http.post("/_sandbox/subscribers", json={"phone": "+15005550001", "transactional": False})
    with pytest.raises(Refused):
        await desk.send(text("+15005550001"))
    await http.post("/_sandbox/subscribers", json={"phone": "+15005550001", "transactional": True})
    await desk.send(text("+15005550001"))

    seen = (await http.get("/_sandbox/messages")).json()
    state = (await http.get("/_sandbox/state")).json()
    assert [message["phone"] for message in seen] == ["+15005550001"]
    assert state == {"messages": 1, "numbers": 1, "subscribers": 2}
