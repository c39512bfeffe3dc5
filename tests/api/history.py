"""A store's past, written into the books by hand: so many orders, and what became of them."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hub.store.database import Connection

_NUMBERS = itertools.count(1)


@dataclass
class History:
    """Writes rows as the hub does, for one store."""

    connection: Connection
    store: str = "main"
    orders: list[UUID] = field(default_factory=list)

    async def sold(self, count: int, at: datetime, **fields: Any) -> list[UUID]:
        """So many orders were read at this moment."""
        made = [uuid4() for _ in range(count)]
        rows = [(id, self.store, str(next(_NUMBERS)), at, fields.get("cancelled_at")) for id in made]
        await self.connection.executemany(
            """insert into orders (id, store_id, source, channel_id, number, recorded_at, cancel_requested_at,
                                   is_address_good)
               values ($1, $2, 'shop', $3, $3, $4, $5, true)""",
            rows,
        )
        self.orders += made
        return made

    async def case(self, order: UUID, kind: str, at: datetime, state: str = "open") -> None:
        """A person was asked about an order."""
        await self.connection.execute(
            """insert into cases (id, store_id, order_id, kind, person_id, owner, body, choices, checklist,
                                  checked_first, state, version, opened_at)
               values ($1, $2, $3, $4, $1, 'ops', ''::bytea, '{}', '[]', '[]', $5, 1, $6)""",
            uuid4(), self.store, order, kind, state, at,
        )  # fmt: skip

    async def asked(
        self, order: UUID | None, at: datetime, topic: str = "where-is-my-order", gap: str = "under-way"
    ) -> None:
        """A customer wrote to the desk."""
        await self.connection.execute(
            """insert into enquiries (connection_id, ticket_id, store_id, order_id, topic, gap, received_at,
                                      recorded_at)
               values ('desk', $1, $2, $3, $4, $5, $6, $6)""",
            str(next(_NUMBERS)), self.store, order, topic, gap, at,
        )  # fmt: skip

    async def bought(self, order: UUID, at: datetime, supplier: str = "a", **fields: Any) -> UUID:
        """A supplier took an order's purchase."""
        purchase, decision = uuid4(), uuid4()
        await self.connection.execute(
            """insert into decisions (id, store_id, order_id, run_id, rules_version, lines_digest, lines, tags, made_at)
               values ($1, $2, $3, $1, '', ''::bytea, $4, '[]', $5)""",
            decision, self.store, order, fields.get("decided", []), at,
        )  # fmt: skip
        await self.connection.execute(
            """insert into purchases (id, store_id, order_id, decision_id, supplier, number, reference, state, lines,
                                      tags, reserved_until, claimed_by, claimed_at, settled_at, supplier_reference,
                                      reason, cost, currency)
               values ($1, $2, $3, $4, $5, 1, $6, 'confirmed', $7, '[]', $8, $1, $8, $8, '', '', $9, $10)""",
            purchase, self.store, order, decision, supplier, str(purchase), fields.get("lines", []), at,
            fields.get("cost"), fields.get("currency"),
        )  # fmt: skip
        return purchase

    async def left(self, order: UUID, purchase: UUID, at: datetime, shown_after: timedelta) -> None:
        """A parcel left, and the shop showed it so much later."""
        await self.connection.execute(
            """insert into shipments (id, store_id, order_id, purchase_id, reference, tracking_number, carrier, lines,
                                      state, status, generation, created_at, shipped_at, confirmed_at, fulfilment_id,
                                      spells, replaced_by)
               values ($1, $2, $3, $4, $5, $5, '', '[]', '{}', 'unknown', 0, $6, $6, $7, '', 0, '')""",
            uuid4(), self.store, order, purchase, str(uuid4()), at, at + shown_after,
        )  # fmt: skip
