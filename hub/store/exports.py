"""SQL of purchases that go out in batches: each in one batch at most."""

from datetime import datetime
from uuid import UUID

from hub.store.database import Connection


async def lay_aside(
    connection: Connection, store_id: str, supplier: str, purchase_id: UUID, now: datetime
) -> None:
    """Note that a purchase goes out with the next batch."""
    await connection.execute(
        """insert into exports (purchase_id, store_id, supplier, laid_aside_at) values ($1, $2, $3, $4)
           on conflict do nothing""",
        purchase_id, store_id, supplier, now,
    )  # fmt: skip


async def close(
    connection: Connection, store_id: str, batch: tuple[str, str], run_id: UUID, until: datetime
) -> list[str]:
    """Put what was laid aside before a moment into a batch (supplier, name), for the run that sends it; gives all
    references in it. To another run the batch is empty, so that nobody sends it twice; asked again, it is the same.

    What its supplier gave up meanwhile stays out.
    """
    supplier, name = batch
    await connection.execute(
        "select pg_advisory_xact_lock(hashtextextended($1, 0))", f"{store_id}/{supplier}"
    )
    is_closed = await connection.fetchval(
        "select exists(select 1 from exports where store_id = $1 and supplier = $2 and batch = $3)",
        store_id, supplier, name,
    )  # fmt: skip
    if not is_closed:
        await connection.execute(
            """update exports e set batch = $3, closed_by = $4 from purchases p
               where e.store_id = $1 and e.supplier = $2 and e.batch is null and e.laid_aside_at <= $5
                 and p.id = e.purchase_id and p.state = 'confirmed'""",
            store_id, supplier, name, run_id, until,
        )  # fmt: skip
    rows = await connection.fetch(
        """select p.reference from exports e join purchases p on p.id = e.purchase_id
           where e.store_id = $1 and e.supplier = $2 and e.batch = $3 and e.closed_by = $4 order by p.reference""",
        store_id, supplier, name, run_id,
    )  # fmt: skip
    return [row["reference"] for row in rows]


async def exported(connection: Connection, store_id: str, supplier: str, batch: str, now: datetime) -> int:
    """Note that a batch went out; gives how many purchases are in it."""
    rows = await connection.fetch(
        """update exports set exported_at = coalesce(exported_at, $4)
           where store_id = $1 and supplier = $2 and batch = $3 returning purchase_id""",
        store_id, supplier, batch, now,
    )  # fmt: skip
    return len(rows)
