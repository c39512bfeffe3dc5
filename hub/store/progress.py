"""SQL of how far suppliers are with purchases. Whoever writes it holds the lock on the order."""

from uuid import UUID

from hub.store.database import Connection


async def keep(connection: Connection, purchase_id: UUID, status: str, supplier_reference: str) -> None:
    """Keep a purchase's status, and the supplier's number where none is known yet."""
    await connection.execute(
        """update purchases set status = $2,
             supplier_reference = case when supplier_reference = '' then $3 else supplier_reference end
           where id = $1""",
        purchase_id, status, supplier_reference,
    )  # fmt: skip
