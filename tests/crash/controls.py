"""Guards taken away, one at a time and only in a process of the tests: each must turn a part of the matrix red."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from hub.engine import driver, effects, outcome, own
from hub.store import writer
from hub.store.database import Connection
from hub.store.unit import Unit
from tests.crash.swapping import swap


def fence_off() -> None:
    """A step is written whoever has the lease by now."""
    fenced = writer._STEP.replace("r.lease_serial = u.serial", "true")
    assert swap(writer, "_STEP", fenced) != fenced

    async def hold_row(connection: Connection, run_id: UUID, serial: int) -> bool:
        return True

    swap(own, "hold_row", hold_row)


def kinds_off() -> None:
    """In doubt, everything is sent again, whatever was promised of it."""

    def verdict(*_: Any) -> effects.Verdict:
        return effects.Send()

    swap(effects, "verdict", verdict)
    swap(outcome, "verdict", verdict)


def intent_off() -> None:
    """A request leaves before its intent is committed: the commit before an act is left out."""

    async def commit(drive: driver.Drive) -> bool:
        if not drive.sends:
            return bool(await real(drive))
        await drive.engine.reached("checked")
        drive._written(drive.draft.unit)
        await drive.engine.reached("step_committed")
        return False

    real = swap(driver.Drive, "_commit", commit)


def lock_off() -> None:
    """A purchase is intended without a look at its order."""

    async def nobody_cancelled(connection: Connection, units: Sequence[Unit]) -> set[UUID]:
        return set()

    swap(writer, "_cancelled", nobody_cancelled)


def dedupe_off() -> None:
    """What arrives twice is admitted twice. `DEDUPE_OFF` takes the database's own guards away."""

    async def fetch(connection: Any, query: str, *arguments: Any, **options: Any) -> Any:
        for guard in GUARDS:
            query = query.replace(guard, "")
        return await real(connection, query, *arguments, **options)

    real = swap(asyncpg.Connection, "fetch", fetch)


GUARDS = (
    "on conflict (store_id, flow, source, trigger_key) do nothing",
    "on conflict (connection_id, name, key) do nothing",
)
DEDUPE_OFF = """
alter table runs drop constraint runs_store_id_flow_source_trigger_key_key;
alter table events drop constraint events_connection_id_name_key_key;
alter table deliveries drop constraint deliveries_connection_id_delivery_key_key;
drop index deliveries_body;
"""

CONTROLS: dict[str, Callable[[], None]] = {
    "fence": fence_off,
    "kinds": kinds_off,
    "intent": intent_off,
    "lock": lock_off,
    "dedupe": dedupe_off,
}
"""By the name of the guard that is missing."""
