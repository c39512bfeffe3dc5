"""The schema, brought up to date. Most starts find nothing to do, and then load nothing of Alembic or SQLAlchemy."""

from importlib import import_module
from pathlib import Path

import asyncpg

from hub.store.database import driver_arguments

VERSIONS = Path(__file__).parent / "migrations" / "versions"


async def migrate(url: str) -> None:
    """Bring the database to this version's schema. Refuses one that is newer."""
    if not await _is_current(url):
        await import_module("hub.store.upgrading").upgrade(url)


def head() -> str:
    """The newest migration this version knows: files are numbered."""
    return max(path.stem.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


async def _is_current(url: str) -> bool:
    connection = await asyncpg.connect(**driver_arguments(url))
    try:
        if not await connection.fetchval("select to_regclass('alembic_version') is not null"):
            return False
        return bool(await connection.fetchval("select version_num from alembic_version") == head())
    finally:
        await connection.close()
