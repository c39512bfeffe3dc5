"""Named secrets: from the environment, or sealed in the database. They leave this file only to be put into settings."""

import os
from datetime import datetime

from hub.store.database import Connection
from hub.store.sealing import Vault


class SecretStore:
    """Resolves `env:NAME` and `secret:NAME`. `refresh` reads the sealed ones."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._sealed: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"SecretStore({len(self._sealed)} sealed)"

    async def refresh(self, connection: Connection) -> None:
        """Read the sealed secrets."""
        rows = await connection.fetch("select name, sealed from secrets")
        self._sealed = {row["name"]: row["sealed"] for row in rows}

    async def put(self, connection: Connection, name: str, value: str, now: datetime) -> None:
        """Seal a secret under a name, in place of the one there was."""
        await connection.execute(
            """insert into secrets (name, sealed, changed_at) values ($1, $2, $3)
               on conflict (name) do update set sealed = excluded.sealed, changed_at = excluded.changed_at""",
            name,
            self._vault.master.seal(f"{name}\x00{value}".encode()),
            now,
        )
        await self.refresh(connection)

    def resolve(self, reference: str) -> str:
        """The secret of a reference; raises LookupError, naming it but never its value."""
        kind, _, name = reference.partition(":")
        if kind == "env":
            if name not in os.environ:
                raise LookupError(f"The environment variable {name} is not set.")
            return os.environ[name]
        if kind == "secret":
            if name not in self._sealed:
                raise LookupError(
                    f"There is no sealed secret {name!r}; write it by `faros secret set {name}`."
                )
            kept, _, value = self._vault.master.open(self._sealed[name]).decode().partition("\x00")
            if kept != name:
                raise LookupError(f"The sealed secret {name!r} was written for another name.")
            return value
        raise LookupError("Secrets are written as ${env:NAME} or ${secret:NAME}.")
