"""The hub's own `silences` actions: what a silence is about now, and that a person vouches for whom it is about."""

from uuid import UUID

from pydantic import AwareDatetime

from hub.fulfilment.call import OwnCall
from hub.sdk import Refused
from hub.sdk.commerce import Record
from hub.store import silences
from hub.store.silences import Standing

LISTED = 50
"""So many orders are named to a person; all are counted."""


class SilenceNamed(Record):
    """A silence, by the name under which it was told."""

    silence: str


class WaitingOrder(Record):
    """An order that a silence keeps waiting, and since when."""

    number: str
    since: AwareDatetime


class SilenceShown(Record):
    """A silence as it is now. `title` says what is missing, `orders` whom it keeps waiting: the first, of `count`."""

    kind: str
    about: str
    title: str
    since: AwareDatetime
    count: int
    orders: list[WaitingOrder]


async def look(asked: SilenceNamed, call: OwnCall) -> SilenceShown:
    """Tell what a silence is about now, and which orders it keeps waiting."""
    found = await _found(asked, call)
    if len(found.orders) == 1 and found.orders[0]["id"]:
        call.link_order(UUID(found.orders[0]["id"]))
    return SilenceShown(
        kind=found.kind,
        about=found.about,
        title=found.title,
        since=found.since,
        count=len(found.orders),
        orders=[WaitingOrder(number=o["number"], since=o["since"]) for o in found.orders[:LISTED]],
    )


async def trust(asked: SilenceNamed, call: OwnCall) -> SilenceNamed:
    """Note that a person vouches for whom a silence is about: what was before no longer speaks against it."""
    found = await _found(asked, call)
    await silences.trust(call.connection, found.id, call.now)
    return asked


async def _found(asked: SilenceNamed, call: OwnCall) -> Standing:
    found = await silences.find(call.connection, UUID(asked.silence))
    if found is None:
        raise Refused("not-known", f"There is no silence {asked.silence}.")
    return found
