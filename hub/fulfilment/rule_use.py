"""Which routing rules any order of the last days met. A rule that none did is one that nobody needs yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hub.fulfilment.rules import Rule, matching
from hub.sdk.commerce import Order
from hub.store import rule_use
from hub.store.database import Connection
from hub.store.encoding import from_bytes
from hub.store.sealing import Box, Vault

PAGE = 200


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A rule in force. `last_met` is when the newest order came that it speaks of; None if none did in that time.

    `since` is when it was first published as it stands now, without a break.
    """

    rule: str
    since: datetime
    last_met: datetime | None
    is_unused: bool


async def use_of_rules(
    connection: Connection, vault: Vault, store: tuple[str, list[Rule]], now: datetime, span: timedelta
) -> list[RuleUse]:
    """The use of each rule of a store (id, rules) by the orders of so long; one younger than that is not unused yet."""
    store_id, rules = store
    since = _in_force_since(rules, await rule_use.rules_published(connection, store_id), now)
    met: dict[str, datetime] = {}
    after = None
    # Newest first: once every rule was met, older orders have nothing to add.
    while len(met) < len(rules):
        rows = await rule_use.orders_since(connection, store_id, now - span, after, PAGE)
        boxes = await vault.boxes(connection, {row["person_id"] for row in rows if row["person_id"]})
        for row in rows:
            fresh = _met_by(row, boxes, rules) - met.keys()
            met |= dict.fromkeys(fresh, row["recorded_at"])
        if len(rows) < PAGE:
            break
        after = (rows[-1]["recorded_at"], rows[-1]["id"])
    return [
        RuleUse(
            rule.id, since[rule.id], met.get(rule.id), rule.id not in met and now - since[rule.id] >= span
        )
        for rule in rules
    ]


def _met_by(row: Any, boxes: Mapping[UUID, Box], rules: list[Rule]) -> set[str]:
    """The rules that an order meets; none where its customer was erased."""
    if row["person_id"] not in boxes:
        return set()
    order = Order.model_validate(from_bytes(boxes[row["person_id"]].open(row["body"])))
    return {rule.id for line in order.lines for rule in matching(rules, order, line)}


def _in_force_since(rules: list[Rule], published: Iterable[Any], now: datetime) -> dict[str, datetime]:
    """Of each rule, the oldest publication that has it unchanged, with no newer one that has not."""
    since = {rule.id: now for rule in rules}
    still = {rule.id: rule for rule in rules}
    for row in published:
        then = {kept["id"]: Rule.model_validate(kept) for kept in row["rules"] or ()}
        still = {id: rule for id, rule in still.items() if then.get(id) == rule}
        since |= dict.fromkeys(still, row["at"])
    return since
