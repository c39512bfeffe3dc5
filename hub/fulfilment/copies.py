"""One order on several channels: which of its copies is bought.

A channel manager copies orders from one channel to another, and both tell the hub. Only what was made as one order may
be bought as one: the copy has to say which order it was copied from, be made soon after it, hold the same goods, and
have the same customer or total. What looks alike and is not sure is shown to a person as a probable duplicate.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from hub.fulfilment.call import OwnCall
from hub.fulfilment.screening import shippable
from hub.sdk.commerce import Order, Record
from hub.store import mirrors, orders
from hub.store.mirrors import Counterpart, Kin
from hub.store.orders import StoredOrder

COPIED_WITHIN = timedelta(days=3)
"""An order that is copied at all is copied soon; what was made later has its number by chance."""


class BoughtAs(Record):
    """The order of another channel that is bought in place of this one."""

    number: str
    channel: str


@dataclass(frozen=True, slots=True)
class Kinship:
    """What an order has to do with those of other channels. `twin_of` looks like it, and a person has to say.

    `copies` counts the orders that are one with it; `is_early`: it was copied from one that nobody has told us of yet.
    """

    bought_as: BoughtAs | None = None
    copies: int = 0
    twin_of: str | None = None
    is_early: bool = False


def other_channels(call: OwnCall) -> list[str]:
    """The channels that this flow serves beside the one that the run came from."""
    beside = {name for bound in call.roles.values() if call.source in bound for name in bound}
    return sorted(beside - {call.source})


async def take_turns(names: list[str], call: OwnCall) -> None:
    """Copies of one order that are told at once would not see each other. To be called before an order is locked."""
    if other_channels(call):
        await mirrors.take_turns(call.connection, call.store_id, names)


def names_of(order: Order) -> list[str]:
    """What this order and its copies may be called."""
    return [name for name in (order.id, order.number, original_of(order)) if name]


async def kinship(order: Order, stored: StoredOrder, call: OwnCall) -> Kinship:
    """Find the copies of a recorded order at other channels, and settle for good which one is bought."""
    channels = other_channels(call)
    if not channels:
        return Kinship()
    if stored.mirrors is not None:
        return Kinship(await _named(stored.mirrors, call), copies=1)
    if order.cancelled_at or stored.cancel_requested_at:
        return Kinship()
    original = original_of(order)
    found = await mirrors.counterparts(
        call.connection, call.store_id, channels, [order.id, order.number], original
    )
    same = [one for one in found if _is_same(one, order, call)]
    if not same:
        return Kinship(twin_of=found[0].number if found else None, is_early=bool(original and not found))
    for one in same:
        await orders.lock_by_id(call.connection, one.id)
    bought = await _settle(order, stored.id, same, call)
    if bought != stored.id:
        return Kinship(await _named(bought, call), copies=len(same))
    return Kinship(copies=len(same), is_early=bool(original) and all(one.copy_of for one in same))


def is_only_copy(id: UUID, family: Sequence[Kin]) -> bool:
    """Whether this is a copy of an order that its own channel has not cancelled."""
    is_copy = any(one.is_copy for one in family if one.id == id)
    return is_copy and any(not (one.is_copy or one.is_cancelled) for one in family)


class CopiedOrder(Record):
    """An order by its channel's id."""

    order_id: str


class Originals(Record):
    """The orders that a copy was made of and that stand, as `number (channel)`; empty where there are none."""

    standing: list[str]


async def originals(asked: CopiedOrder, call: OwnCall) -> Originals:
    """Which orders stand of which a cancelled one is only the copy."""
    stored = await orders.lock(call.connection, orders.OrderKey(call.store_id, call.source, asked.order_id))
    family = await mirrors.family(call.connection, stored.id) if stored else []
    if stored is None or not is_only_copy(stored.id, family):
        return Originals(standing=[])
    call.link_order(stored.id)
    kin = [one for one in family if not (one.is_copy or one.is_cancelled)]
    return Originals(standing=[f"{one.number} ({one.source})" for one in kin])


async def _settle(order: Order, mine: UUID, same: list[Counterpart], call: OwnCall) -> UUID:
    """Which of them is bought: the one that already is, else the original, else the one that came first."""
    all_ids = [mine, *(one.id for one in same)]
    begun = [id for id in all_ids if await mirrors.is_bought(call.connection, id)]
    originals = [one.id for one in same if not one.copy_of]
    if begun:
        bought = begun[0]
    elif originals or not original_of(order):
        bought = originals[0] if originals else mine
    else:
        bought = same[0].id
    rest = [id for id in all_ids if id != bought and id not in begun]
    await mirrors.mirror(call.connection, rest, bought)
    return mine if mine in begun else bought


async def _named(id: UUID, call: OwnCall) -> BoughtAs:
    named = await mirrors.named(call.connection, id)
    return BoughtAs(number=named.number, channel=named.source)


def original_of(order: Order) -> str:
    """What the order that this one was copied from is called, the way orders are named here; empty of an original."""
    return order.copy_of.strip().lstrip("#")


def _is_same(one: Counterpart, order: Order, call: OwnCall) -> bool:
    """Whether it is beyond doubt the same order: what it is called may be chance, for shops number alike."""
    is_near = abs(one.created_at - order.created_at) <= COPIED_WITHIN
    is_like = one.person_id == call.person_id or (one.total, one.currency) == (
        order.total.amount,
        order.total.currency,
    )
    return (
        is_near
        and is_like
        and not one.is_cancelled
        and _goods(one.goods) == _goods((line.sku, line.quantity) for line in shippable(order))
    )


def _goods(lines: Iterable[tuple[str, int]]) -> Counter[str]:
    found = Counter[str]()
    for sku, count in lines:
        found[sku] += count
    return found
