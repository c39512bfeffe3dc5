"""A customer's event as Klaviyo's JSON:API, and its refusals without the customer's data. Pure."""

import re
from datetime import UTC, datetime
from typing import Any

import orjson

from hub.sdk import Answer, Refused, Unreadable
from hub.sdk.commerce import Customer, CustomerEvent
from hub.sdk.messages import CustomerMessage
from hub.sdk.paths import MISSING, read_path

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_WORD = re.compile(r"[\w.-]{1,60}")


def write_event(event: CustomerEvent, now: datetime, *, with_phone: bool = True) -> bytes:
    """The body of POST /api/events. Amounts are written digit by digit, never as binary floats."""
    attributes: dict[str, Any] = {
        "properties": event.properties,
        "time": (event.happened_at or now).astimezone(UTC).replace(microsecond=0).isoformat(),
        "unique_id": event.unique_id,
        "metric": {"data": {"type": "metric", "attributes": {"name": event.metric}}},
        "profile": {"data": {"type": "profile", "attributes": write_profile(event.customer, with_phone)}},
    }
    if event.value is not None:
        attributes["value"] = orjson.Fragment(f"{event.value.amount:f}")
        attributes["value_currency"] = event.value.currency
    return orjson.dumps({"data": {"type": "event", "attributes": attributes}}, default=str)


def message_event(message: CustomerMessage) -> CustomerEvent:
    """A message as the event that a flow in Klaviyo listens for: `tracking-added` becomes Tracking Added.

    The rendered texts go along, so that a flow may send them as they are or build its own from the facts.
    """
    metric = message.notice.replace("-", " ").title()
    texts = {"subject": message.subject, "text": message.text, "html": message.html}
    return CustomerEvent(
        unique_id=message.unique_id,
        metric=metric if message.channel == "email" else f"{metric} SMS",
        customer=message.to,
        happened_at=message.happened_at,
        properties={
            **message.properties,
            "brand": message.sender.name,
            **{k: v for k, v in texts.items() if v},
        },
    )


def write_profile(customer: Customer, with_phone: bool = True) -> dict[str, Any]:
    """What Klaviyo may know the customer by; a number that is not E.164 would have the whole event refused."""
    profile: dict[str, Any] = {}
    if customer.email:
        profile["email"] = customer.email
    if _E164.fullmatch(customer.phone) and with_phone:
        profile["phone_number"] = customer.phone
    elif customer.phone:
        profile["properties"] = {"phone": customer.phone}
    if not profile.keys() & {"email", "phone_number"}:
        if not customer.id:
            raise Refused("rejected", "The customer has no e-mail, no phone number and no id.")
        profile["external_id"] = customer.id
    for ours in ("first_name", "last_name"):
        if name := getattr(customer, ours):
            profile[ours] = name
    return profile


def read_refusal(answer: Answer) -> Refused:
    """Klaviyo's code and the place it points at. Its `detail` is left out: it may repeat the customer's address."""
    try:
        body = answer.json()
    except Unreadable:
        body = {}
    said = [f"status {answer.status_code}"]
    code, pointer = read_path(body, "errors.0.code"), read_path(body, "errors.0.source.pointer")
    if code is not MISSING and isinstance(code, str) and _WORD.fullmatch(code):
        said.append(code)
    if isinstance(pointer, str) and re.fullmatch(r"[\w/.-]{1,120}", pointer):
        said.append(f"at {pointer}")
    return Refused("rejected", f"Klaviyo says {', '.join(said)}.")
