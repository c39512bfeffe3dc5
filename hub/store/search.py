"""Finding orders by whatever somebody has of one: the beginning of a number of it, or its customer's e-mail address."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from hub.store.database import Connection

FEW = 5_000
"""What is rarer is looked up and then sorted; what is more common is met soon enough by walking the newest orders."""

FoundBy = Literal["number", "tracking", "reference", "sku", "email"]

# Two bounds instead of `like`: an index serves them whatever the statement's plan knows of its arguments.
_LOOKED_UP: dict[FoundBy, tuple[str, ...]] = {
    "number": (
        """select id from orders
           where upper(ltrim(number, '#')) ~>=~ $1 and upper(ltrim(number, '#')) ~<~ $2 limit $3""",
    ),
    "tracking": (
        """select order_id as id from shipments
           where upper(tracking_number) ~>=~ $1 and upper(tracking_number) ~<~ $2 limit $3""",
    ),
    "reference": (
        """select order_id as id from purchases
           where upper(supplier_reference) ~>=~ $1 and upper(supplier_reference) ~<~ $2 limit $3""",
        """select order_id as id from purchases
           where upper(reference) ~>=~ $1 and upper(reference) ~<~ $2 limit $3""",
    ),
    "sku": (
        """select order_id as id from order_lines
           where upper(sku) ~>=~ $1 and upper(sku) ~<~ $2 limit $3""",
    ),
}
# `select true ... limit 1` and not `exists`, of which the planner would first find all there are to hash them.
WALKED: dict[FoundBy, str] = {
    "number": "(upper(ltrim(o.number, '#')) ~>=~ $1 and upper(ltrim(o.number, '#')) ~<~ $2)",
    "tracking": """(select true from shipments s where s.order_id = o.id
      and upper(s.tracking_number) ~>=~ $1 and upper(s.tracking_number) ~<~ $2 limit 1)""",
    "reference": """(select true from purchases p where p.order_id = o.id
      and (upper(p.supplier_reference) ~>=~ $1 and upper(p.supplier_reference) ~<~ $2
           or upper(p.reference) ~>=~ $1 and upper(p.reference) ~<~ $2) limit 1)""",
    "sku": """(select true from order_lines l where l.order_id = o.id
      and upper(l.sku) ~>=~ $1 and upper(l.sku) ~<~ $2 limit 1)""",
}
"""The same as conditions on an order `o`, for what is too common to be looked up."""

_LAST = chr(0x10FFFF)
"""A sign that comes after all others: a text with it stands behind every text that begins like it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search met: the orders of each kind that was rare, and the kinds that were too common to look up."""

    text: str = ""
    by: dict[UUID, FoundBy] = field(default_factory=dict)
    common: tuple[FoundBy, ...] = ()

    @property
    def bounds(self) -> tuple[str, str]:
        """Between what all that begins with the text lies."""
        return self.text, self.text + _LAST

    def why(self, row: Any) -> FoundBy | None:
        """By what an order was found."""
        rare = self.by.get(row["id"])
        if rare is not None or not self.common:
            return rare
        is_number = str(row["number"]).lstrip("#").upper().startswith(self.text)
        if is_number and "number" in self.common:
            return "number"
        return next((kind for kind in self.common if kind != "number"), self.common[0])


async def find(
    connection: Connection,
    text: str,
    people: Sequence[tuple[str, bytes]],
    kinds: Sequence[FoundBy] = ("number", "tracking", "reference", "sku"),
) -> Found:
    """Orders that something of begins with this text. `people` are the keyed hashes, by store, of the text taken as an
    e-mail address, by which the customer's orders are found without any address being kept in the open."""
    wanted = text.strip().lstrip("#").upper()
    bounds = (wanted, wanted + _LAST)
    by: dict[UUID, FoundBy] = {}
    common: list[FoundBy] = []
    for kind in kinds:
        for sql in _LOOKED_UP[kind]:
            rows = await connection.fetch(sql, *bounds, FEW + 1)
            if len(rows) > FEW:
                common.append(kind)
                break
            for row in rows:
                by.setdefault(row["id"], kind)
    if people:
        rows = await connection.fetch(
            """select o.id from orders o
               join person_keys k on k.store_id = o.store_id and k.id = o.person_id
               join unnest($1::text[], $2::bytea[]) as u(store, subject)
                 on k.store_id = u.store and k.subject = u.subject limit $3""",
            [store for store, _ in people],
            [subject for _, subject in people],
            FEW,
        )
        by |= {row["id"]: "email" for row in rows}
    return Found(wanted, by, tuple(common))
