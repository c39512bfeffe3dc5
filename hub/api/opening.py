"""Opening what is sealed, for the routes that show it. What was erased is shown as absent, not as an error."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from hub.assembly import Hub
from hub.store.database import Connection
from hub.store.encoding import from_bytes
from hub.store.sealing import Box


async def boxes_of(hub: Hub, connection: Connection, rows: Iterable[Any]) -> Mapping[UUID, Box]:
    """The boxes of everybody these rows are about; erased persons have none."""
    return await hub.vault.boxes(
        connection, {row["person_id"] for row in rows if row["person_id"] is not None}
    )


def opened(boxes: Mapping[UUID, Box], row: Any, column: str) -> Any:
    """A sealed column's value; None if there is none, or the person was erased."""
    sealed, box = row[column], boxes.get(row["person_id"])
    return None if sealed is None or box is None else from_bytes(box.open(sealed))
