"""The hub's own `store` action: what the merchant lets the hub decide alone, for flows to read."""

from datetime import timedelta
from typing import Literal

from hub.fulfilment.call import OwnCall
from hub.sdk.commerce import Record


class Nothing(Record):
    """Asks for nothing in particular."""


class StorePolicies(Record):
    """The policies that flows decide by; `hub.fulfilment.policies` says what each means."""

    buying: Literal["by_itself", "approve"]
    lost: Literal["reship_or_refund", "ask"]
    acknowledge_within: timedelta
    track_within: timedelta
    confirm_after: timedelta
    follow_up_after: timedelta
    follow_up: Literal["review", "discount", "none"]
    channel_sends: list[str]
    address_answer_within: timedelta
    address_settle_within: timedelta
    address_default: Literal["ask", "refund"]
    choice_answer_within: timedelta
    choice_default: Literal["refund", "ask"]
    oos: Literal["substitute_then_choice", "cancel_now"]
    substitute_consent: Literal["tell", "ask"]
    remind_after: timedelta


async def policies(asked: Nothing, call: OwnCall) -> StorePolicies:
    """The store's policies, as `hub.yaml` has them."""
    said = call.policies.model_dump(mode="python") | {"remind_after": call.policies.patience.remind_after}
    return StorePolicies.model_validate({name: said[name] for name in StorePolicies.model_fields})
