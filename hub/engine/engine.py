"""What every run of a worker shares."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.engine.asking import Question, ask
from hub.engine.figures import Figures
from hub.engine.limits import Limiter
from hub.engine.world import World
from hub.model import case as cases
from hub.store.clock import Clock
from hub.store.committer import Committer, Reach, nowhere
from hub.store.configuration import pause_connection
from hub.store.database import Connection, Database
from hub.store.sealing import Vault


@dataclass
class Engine:
    """The parts a worker is made of. `world` is replaced whole when something is published."""

    database: Database
    committer: Committer
    vault: Vault
    clock: Clock
    figures: Figures
    world: World
    limiter: Limiter
    worker: str = "worker"
    reached: Reach = nowhere
    stranded: set[tuple[UUID, int]] = field(default_factory=set)
    """Leases that could not be given back while the database was away; the sweep tries again."""

    has_emitted: bool = True
    """Whether events of the hub's own may wait to be admitted: this worker made some, or has not looked for a while."""

    quiet_until: dict[tuple[Any, ...], datetime] = field(default_factory=dict)
    """When each store is told the time next; before that, nobody looks."""

    polling: dict[tuple[str, str], asyncio.Task[None]] = field(default_factory=dict)
    """Polls that are being asked, by connection and name."""
    known_polls: set[tuple[str, str]] = field(default_factory=set)
    """Polls that have a row."""

    async def slow_down(self, connection_id: str, seconds: float) -> None:
        """The other side asked all workers to wait."""
        await self.limiter.slow_down(connection_id, seconds, self.clock.now())

    async def close_gate(self, connection_id: str, store_id: str, reason: str) -> None:
        """The credential is not accepted: nothing more leaves on this connection until a person has mended it.

        One case for the connection, however many runs meet it, in the same commit: they rest under it.
        """
        now, link = self.clock.now(), self.world.links.get(connection_id)
        if link is not None:
            link.paused = reason

        async def work(connection: Connection) -> None:
            await pause_connection(connection, connection_id, reason, now)
            house = (await self.vault.boxes_of(connection, {(store_id, "")}, now))[(store_id, "")]
            question = Question(
                cases.CONNECTION_UNAUTHORISED,
                f"Connection {connection_id} does not accept our credential",
                {"reason": reason},
                {cases.TRY_AGAIN: "The credential is mended: go on"},
                connection=connection_id,
                cause=f"unauthorised:{connection_id}",
            )
            await ask(connection, store_id, house, question, now)

        await self.database.repeat(work)
