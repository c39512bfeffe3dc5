"""A connection that goes back to the pool is as good as new, without a round trip for it."""

from hub.store.database import Database


async def test_a_transaction_that_was_left_open_is_rolled_back_before_anybody_else_gets_the_connection(
    database_url: str,
) -> None:
    database = await Database.connect(database_url, size=1)
    try:
        async with database.connection() as connection:
            await connection.execute("create table left_open (id int)")
            await connection.execute("begin")
            await connection.execute("insert into left_open values (1)")
        async with database.connection() as connection:
            assert not connection.is_in_transaction()
            assert await connection.fetchval("select count(*) from left_open") == 0
    finally:
        await database.close()


async def test_giving_a_connection_back_asks_the_server_for_nothing(database_url: str) -> None:
    database = await Database.connect(database_url, size=1)
    try:
        async with database.connection() as connection:
            pid = await connection.fetchval("select pg_backend_pid()")
        watcher = await Database.connect(database_url, size=1)
        async with watcher.connection() as connection:
            last = await connection.fetchval("select query from pg_stat_activity where pid = $1", pid)
        await watcher.close()
        assert last == "select pg_backend_pid()"
    finally:
        await database.close()
