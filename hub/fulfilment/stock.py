"""The hub's own `stock` actions: what suppliers say they have."""

from typing import Annotated

from hub.fulfilment.call import OwnCall
from hub.sdk.commerce import Internal, Record, StockLevels
from hub.store import stock


class RecordStock(Record):
    """A supplier's figures. `is_confirmed`: somebody vouched for them, so the safety threshold does not apply."""

    connection: Annotated[str, Internal()]
    levels: StockLevels
    is_confirmed: bool = False


class RecordedStock(Record):
    """How many articles were taken over; older figures than those known are not."""

    articles: int


async def record(asked: RecordStock, call: OwnCall) -> RecordedStock:
    """Keep a supplier's stock figures, each with the moment it was true."""
    levels = [
        stock.Level(
            supplier=asked.connection,
            supplier_sku=level.sku,
            available=level.available,
            as_of=level.as_of,
            unit_cost=level.unit_cost.amount if level.unit_cost else None,
            currency=level.unit_cost.currency if level.unit_cost else None,
            is_confirmed=asked.is_confirmed,
        )
        for level in asked.levels.levels
    ]
    # One row per article in one statement: the newest figure of a repeated one counts.
    newest = {level.supplier_sku: level for level in sorted(levels, key=lambda level: level.as_of)}
    kept = await stock.keep_levels(call.connection, call.store_id, list(newest.values()), call.now)
    return RecordedStock(articles=kept)
