"""The admin key of `faros up`: written once, kept while it is valid, made anew for a new database."""

from pathlib import Path

from pydantic import SecretStr

from hub.assembly import Hub, open_hub
from hub.cli.up import first_key
from hub.settings import Settings
from hub.store.keys import find_caller, list_keys, revoke_key


def settings(database_url: str, data: Path, **more: object) -> Settings:
    return Settings(
        DATABASE_URL=database_url,
        REDIS_URL="unix:///nowhere",
        master_key=SecretStr("ab" * 32),
        data=data,
        **more,  # type: ignore[arg-type]  # a few settings by name
    )


async def role_of(hub: Hub, key: str) -> str | None:
    async with hub.database.connection() as connection:
        found = await find_caller(connection, key)
    return found.role if found else None


async def test_the_key_is_an_admins_and_only_its_owner_can_read_it(database_url: str, tmp_path: Path) -> None:
    given = settings(database_url, tmp_path / "data")
    async with open_hub(given) as hub:
        path = Path(await first_key(hub, given))
        assert path == tmp_path / "data" / "api-key"
        assert path.stat().st_mode & 0o777 == 0o600
        assert await role_of(hub, path.read_text().strip()) == "admin"

        first = path.read_text()
        await first_key(hub, given)
        assert path.read_text() == first


async def test_a_key_that_was_revoked_is_replaced(database_url: str, tmp_path: Path) -> None:
    given = settings(database_url, tmp_path)
    async with open_hub(given) as hub:
        path = Path(await first_key(hub, given))
        old = path.read_text().strip()
        async with hub.database.transaction() as connection:
            (row,) = await list_keys(connection)
            await revoke_key(connection, row["id"], hub.clock.now())

        await first_key(hub, given)

        assert await role_of(hub, old) is None
        assert await role_of(hub, path.read_text().strip()) == "admin"


async def test_a_key_of_the_environment_is_not_written_down(database_url: str, tmp_path: Path) -> None:
    given = settings(database_url, tmp_path / "data", api_key=SecretStr("chosen-by-the-merchant"))
    async with open_hub(given) as hub:
        assert await first_key(hub, given) == "FAROS_API_KEY"
        assert not (tmp_path / "data" / "api-key").exists()
