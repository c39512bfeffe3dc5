"""What Gorgias refuses of a ticket or a message: each field's mistake by its name, as its answers give them. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

CHANNELS = frozenset({
    "aircall", "api", "chat", "contact_form", "email", "facebook", "help-center", "instagram",
    "internal-note", "phone", "sms", "twitter", "whatsapp",
})  # fmt: skip
VIAS = CHANNELS | frozenset(
    {"form", "gorgias_chat", "helpdesk", "offline_capture", "rule", "shopify", "twilio"}
)

_REQUIRED = "Missing data for required field."
_CHOICE = "Not a valid choice."

_TICKET = frozenset({
    "assignee_team", "assignee_user", "channel", "closed_datetime", "created_datetime", "custom_fields",
    "customer", "external_id", "from_agent", "language", "messages", "meta", "priority", "snooze_datetime",
    "spam", "status", "subject", "tags", "via",
})  # fmt: skip
_MESSAGE = frozenset({
    "attachments", "body_html", "body_text", "channel", "created_datetime", "external_id", "from_agent",
    "integration_id", "message_id", "meta", "public", "receiver", "sender", "sent_datetime", "source",
    "subject", "via",
})  # fmt: skip

Faults = dict[str, Any]
Checks = Mapping[str, Callable[[Any], bool]]

_TICKET_CHECKS: Checks = {
    "status": lambda v: v in ("open", "closed"),
    "priority": lambda v: v in ("critical", "high", "normal", "low"),
    "channel": lambda v: v in CHANNELS,
    "via": lambda v: v in VIAS,
    "subject": lambda v: isinstance(v, str) and len(v) <= 998,
    "external_id": lambda v: isinstance(v, str) and len(v) <= 255,
    "tags": lambda v: (
        isinstance(v, list) and all(isinstance(t, dict) and t.keys() & {"id", "name"} for t in v)
    ),
    "customer": lambda v: isinstance(v, dict) and bool(v.keys() & {"id", "email"}),
    "meta": lambda v: isinstance(v, dict),
}
_MESSAGE_CHECKS: Checks = {
    "channel": lambda v: v in CHANNELS,
    "via": lambda v: v in VIAS,
    "from_agent": lambda v: isinstance(v, bool),
    "public": lambda v: isinstance(v, bool),
    "sender": lambda v: isinstance(v, dict) and bool(v.keys() & {"id", "email"}),
    "external_id": lambda v: isinstance(v, str) and len(v) <= 255,
    "source": lambda v: isinstance(v, dict),
}


def ticket_faults(body: Any, *, new: bool = True) -> Faults:
    """What is wrong with a ticket, or with a change of one."""
    if not isinstance(body, dict):
        return {"_schema": ["Invalid input type."]}
    faults = _checked(body, _TICKET, _TICKET_CHECKS)
    if not new:
        return faults
    messages = body.get("messages")
    if not isinstance(messages, list) or not 1 <= len(messages) <= 500:
        return {**faults, "messages": [_REQUIRED]}
    wrong = {str(n): found for n, message in enumerate(messages) if (found := message_faults(message))}
    return {**faults, "messages": wrong} if wrong else faults


def message_faults(message: Any) -> Faults:
    """What is wrong with a message."""
    if not isinstance(message, dict):
        return {"_schema": ["Invalid input type."]}
    faults = _checked(message, _MESSAGE, _MESSAGE_CHECKS)
    for name in ("channel", "via", "from_agent", "sender"):
        if name not in message:
            faults[name] = [_REQUIRED]
    if not faults and message["via"] not in ("api", "helpdesk", message["channel"]):
        faults["via"] = ["Inconsistent with channel."]
    return faults


def is_mailed(message: Mapping[str, Any]) -> bool:
    """Whether Gorgias would send this message to a customer: an agent's, by mail, that was not sent before."""
    return bool(message["from_agent"] and message["channel"] == "email" and not message.get("sent_datetime"))


def _checked(body: dict[str, Any], fields: frozenset[str], checks: Checks) -> Faults:
    faults: Faults = {name: ["Unknown field."] for name in body.keys() - fields}
    return faults | {n: [_CHOICE] for n, holds in checks.items() if n in body and not holds(body[n])}
