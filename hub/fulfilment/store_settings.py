"""The hub's own `store` actions: what the merchant lets the hub decide alone, and where its shops reach it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Literal

from hub.fulfilment.call import OwnCall
from hub.sdk.commerce import Record
from hub.store.configuration import bound_roles


class Nothing(Record):
    """Asks for nothing in particular."""


class StorePolicies(Record):
    """The policies that flows decide by; `hub.fulfilment.policies` says what each means."""

    buying: Literal["by_itself", "approve"]
    lost: Literal["reship_or_refund", "ask"]
    acknowledge_within: timedelta
    recall_within: timedelta
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


class AskDoors(Record):
    """A role of the flow, whose connections send us webhooks."""

    role: str


class Door(Record):
    """Where a connection's webhooks arrive from outside, and the roles it plays in the store's flows."""

    connection: str
    uri: str
    roles: list[str] = []


class Doors(Record):
    """One for each connection of the role; none where the store has no address that a shop would send to."""

    doors: list[Door]


async def doors(asked: AskDoors, call: OwnCall) -> Doors:
    """The addresses to which the connections of a role should send their webhooks: below the store's `public_url`."""
    base = str(call.settings.get("public_url", "")).rstrip("/")
    if not base.startswith("https://"):
        return Doors(doors=[])
    played = await bound_roles(call.connection, call.store_id)
    return Doors(
        doors=[
            Door(connection=c, uri=f"{base}/webhooks/{c}", roles=_roles_of(c, played.values()))
            for c in call.roles.get(asked.role, [])
        ]
    )


def _roles_of(connection: str, played: Iterable[Mapping[str, list[str]]]) -> list[str]:
    return sorted({role for bound in played for role, players in bound.items() if connection in players})
