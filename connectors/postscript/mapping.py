"""Who may be written to at Postscript, and what is asked of it. Pure."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from connectors.postscript.wire import WireMessageRequest, WireRefusal, WireSubscriber, WireSubscribers
from hub.sdk import Answer, Refused, Unreadable
from hub.sdk.messages import CustomerMessage

_E164 = re.compile(r"\+[1-9]\d{6,14}")


def read_number(message: CustomerMessage, only_to: Sequence[str]) -> str:
    """The number to write to, or why there is none; `only_to` names the only numbers allowed, if any."""
    if message.channel != "sms":
        raise Refused("unreachable", "Postscript sends text messages only.")
    number = re.sub(r"[\s().-]", "", message.to.phone)
    if not _E164.fullmatch(number):
        raise Refused("unreachable", "The customer has no phone number with a country code.")
    if only_to and number not in only_to:
        raise Refused("unreachable", "The number is not among only_to.")
    return number


def read_subscriber(answer: Answer, number: str) -> str:
    """The id of the subscriber with this very number, who agreed to messages about orders."""
    try:
        page = WireSubscribers.model_validate(answer.json())
    except ValidationError:
        raise Unreadable("Postscript's subscribers are not as expected.") from None
    # The filter is theirs. Were it ignored, the first subscriber of the shop would get this customer's message.
    found = [subscriber for subscriber in page.subscribers if subscriber.phone_number == number]
    if not found:
        raise Refused("unreachable", "Nobody with this number is subscribed.")
    return _willing(found)


def _willing(found: list[WireSubscriber]) -> str:
    for subscriber in found:
        if subscriber.subscriptions.transactional.can_send:
            return subscriber.id
    raise Refused("unreachable", "The customer did not agree to text messages about orders.")


def write_request(message: CustomerMessage, subscriber_id: str) -> dict[str, Any]:
    """A message about an order. Left out, the category would be promotional, which the law treats otherwise."""
    return {"body": message.text, "subscriber_id": subscriber_id, "category": "transactional"}


def read_request(answer: Answer) -> str:
    """The id of a message that Postscript took."""
    if answer.status_code != 202:
        raise Unreadable(f"Postscript answers a message with 202, not with {answer.status_code}.")
    try:
        return WireMessageRequest.model_validate(answer.json()).id
    except ValidationError:
        raise Unreadable("Postscript's message is not as expected.") from None


def read_refusal(answer: Answer) -> Refused:
    """Postscript's number for what is wrong; its words are left out, for they may repeat the message."""
    try:
        code = WireRefusal.model_validate(answer.json()).error_code
    except (Unreadable, ValidationError):
        code = None
    said = f" and error code {code}" if code is not None else ""
    return Refused("rejected", f"Postscript says status {answer.status_code}{said}.")
