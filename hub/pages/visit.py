"""A visit: a link that opens, with the order it is about. Read only; who asked for nothing real gets nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from hub.engine.correlation import wait_hash
from hub.engine.world import StoreConfig, World
from hub.fulfilment.aftermath_events import CustomerAnswered
from hub.fulfilment.links import Link, Purpose, digest, standing
from hub.pages.views import Done
from hub.sdk.commerce import Order
from hub.store import notices, orders, purchases
from hub.store.database import Connection
from hub.store.events import is_awaited
from hub.store.notices import StoredLink
from hub.store.orders import KnownOrder
from hub.store.purchases import StoredPurchase
from hub.store.sealing import Box, Erased, Vault

LIVE = ("claimed", "confirmed")
"""States of a purchase that its supplier may still answer."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Everything that a view or an answer is made of. `asker` seals what the link keeps, `owner` what the order does:
    one person, unless the order was given to another meanwhile."""

    link: Link
    kept: StoredLink
    config: StoreConfig
    known: KnownOrder
    asker: Box
    owner: Box

    @property
    def order(self) -> Order:
        """The order as it was last read from its channel."""
        return Order.model_validate_json(self.owner.open(self.known.body))

    def done(self, *, again: bool, answer: str | None = None) -> Done:
        """What is told once it is answered; a supplier knows the purchase, a customer the order."""
        number = self.link.subject if self.link.purpose == "supplier" else self.known.number
        return Done(
            store=self.config.id,
            number=number,
            purpose=self.link.purpose,
            answer=self.link.answer if answer is None else answer,
            again=again,
        )


@dataclass(frozen=True, slots=True)
class Visitors:
    """Looks links up by their tokens' hashes, at one moment and under one configuration."""

    connection: Connection
    vault: Vault
    world: World
    now: datetime

    async def come(self, token: str, purpose: Purpose, *, lock: bool = False) -> Visit | None:
        """The visit; None if the token opens nothing, its person was erased, or its store is not here any more."""
        kept = await notices.find_link(self.connection, digest(token), lock=lock)
        link = as_link(kept) if kept else None
        if kept is None or link is None or standing(link, purpose, self.now) == "gone":
            return None
        config = self.world.stores.get(kept.store_id)
        known = await orders.known(self.connection, kept.order_id)
        if config is None or known is None:
            return None
        try:
            asker = await self.vault.box(self.connection, kept.person_id)
            owner = await self.vault.box(self.connection, known.person_id)
        except Erased:
            return None
        return Visit(link, kept, config, known, asker, owner)

    async def is_asked(self, visit: Visit) -> bool:
        """Whether the question still stands. A person, the end of its time, or a newer question may have settled it,
        and nobody is thanked for an answer that nobody hears."""
        if visit.link.purpose == "supplier":
            return await self.purchase(visit) is not None
        if visit.known.is_cancelled or not await notices.is_newest(self.connection, visit.kept):
            return False
        if visit.link.purpose == "address":
            # Between its customer's day and a person's review nobody waits, and yet the answer will be found.
            return not await purchases.begun(self.connection, visit.known.id)
        event = CustomerAnswered.event_name()
        match = {"about": visit.link.subject}
        return await is_awaited(self.connection, wait_hash(visit.config.id, event, match))

    async def purchase(self, visit: Visit) -> StoredPurchase | None:
        """The purchase that a supplier's link is about, while it is to be shipped."""
        found = await purchases.find(self.connection, visit.config.id, visit.link.subject)
        return found if found is not None and found.state in LIVE else None


def as_link(kept: StoredLink) -> Link:
    """A kept link by the rules of links."""
    return Link(
        digest=kept.token_hash,
        purpose=cast(Purpose, kept.purpose),  # only `link_to` makes links, and it takes no other
        subject=kept.about,
        created_at=kept.made_at,
        expires_at=kept.expires_at,
        used_at=kept.used_at,
        answer=kept.answer,
    )
