"""What a publication changes about how the hub hears, and by whom its roles are played: kept in the audit trail."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from hub.store import audit
from hub.store.configuration import ConnectionSpec, bound_roles, heard_by, listen_anew
from hub.store.database import Connection

Bound = Mapping[str, Mapping[str, list[str]]]
"""The connections of each role of each flow."""


async def note_hearing(
    connection: Connection, wanted: Iterable[ConnectionSpec], by: str, now: datetime
) -> None:
    """Add a row for each connection that is to be heard by other ways than before; a new one is no change. To be called
    before it is written."""
    before = await heard_by(connection)
    for spec in wanted:
        if spec.id in before and set(before[spec.id]) != set(spec.hears):
            await listen_anew(connection, spec.id, now)
            detail = {"connection": spec.id, "from": list(before[spec.id]), "to": list(spec.hears)}
            await audit.note(connection, by, "connection heard otherwise", detail, now, spec.store_id)


async def note_casting(connection: Connection, store_id: str, after: Bound, by: str, now: datetime) -> None:
    """Add a row for each role of a store's flows that other connections play than before. To be called before they are
    written."""
    before = await bound_roles(connection, store_id)
    for role, (old, new) in sorted(_recast(before, after).items()):
        detail = {"role": role, "from": old, "to": new}
        await audit.note(connection, by, "role played by others", detail, now, store_id)


def _recast(before: Bound, after: Bound) -> dict[str, tuple[list[str], list[str]]]:
    """By role: who played it, and who plays it now. A role is one line of hub.yaml, however many flows use it."""
    return {
        role: (list(before[flow][role]), list(new))
        for flow, bound in after.items()
        for role, new in bound.items()
        if role in before.get(flow, {}) and list(before[flow][role]) != list(new)
    }
