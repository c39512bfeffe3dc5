"""Tracking numbers that a person pastes become the suppliers' news, as if a webhook had brought them."""

from collections.abc import Sequence
from datetime import datetime

from hub.engine.correlation import wait_hash
from hub.engine.store_events import store_event
from hub.engine.world import StoreConfig
from hub.fulfilment.parcel_contents import essence
from hub.fulfilment.tracking_lines import Books, Bought, Line, Verdict, fit
from hub.sdk.trade_events import Parcel, PurchaseOrderChanged
from hub.store import tracking_gaps
from hub.store.database import Connection
from hub.store.events import tell

_EVENT = PurchaseOrderChanged.event_name()


async def preview(connection: Connection, store_id: str, lines: Sequence[Line]) -> list[Verdict]:
    """What would be done with each line now."""
    return fit(lines, await _books(connection, store_id, lines))


async def apply(
    connection: Connection, store: StoreConfig, verdicts: Sequence[Verdict], now: datetime
) -> list[str]:
    """Tell the flows of every line that is ready, in the open transaction; gives the purchases' references."""
    ready = [(v.purchase, v.line) for v in verdicts if v.outcome == "ready" and v.purchase is not None]
    events = [store_event(store.box, store.id, _news(b.reference, n), b.supplier) for b, n in ready]
    await tell(connection, events, now)
    return [bought.reference for bought, _ in ready]


def _news(reference: str, line: Line) -> PurchaseOrderChanged:
    """Without a moment, so that the same number pasted twice is the same news."""
    parcel = Parcel(tracking_number=line.tracking, carrier=line.carrier)
    return PurchaseOrderChanged(reference=reference, status="shipped", parcels=[parcel])


async def _books(connection: Connection, store_id: str, lines: Sequence[Line]) -> Books:
    rows = await tracking_gaps.named_orders(connection, store_id, [line.order for line in lines])
    bought = [
        Bought(row["number"], row["reference"], row["supplier"], tuple(row["parcels"]))
        for row in rows
        if row["reference"] is not None
    ]
    written = {form for line in lines for form in (line.tracking, essence(line.tracking))}
    owners = await tracking_gaps.owners_of(connection, store_id, sorted(written))
    known = {essence(row["tracking_number"]): row["number"] for row in owners}
    known |= {essence(number): b.order for b in bought for number in b.parcels}
    return Books(
        orders=tracking_gaps.one_each(rows),
        bought=bought,
        owners=known,
        told=await _told(connection, bought, lines),
        awaited=await _awaited(connection, store_id, bought),
    )


async def _told(
    connection: Connection, bought: Sequence[Bought], lines: Sequence[Line]
) -> frozenset[tuple[str, str]]:
    news = {
        _news(b.reference, line).key(): (b, line)
        for b in bought
        for line in lines
        if line.order in (b.reference, b.order, b.order.lstrip("#"))
    }
    keys = [(b.supplier, key) for key, (b, _) in news.items()]
    told = await tracking_gaps.told_before(connection, _EVENT, keys)
    return frozenset((news[key][0].reference, news[key][1].tracking) for key in told)


async def _awaited(connection: Connection, store_id: str, bought: Sequence[Bought]) -> frozenset[str]:
    hashes = {wait_hash(store_id, _EVENT, {"reference": b.reference}): b.reference for b in bought}
    return frozenset(hashes[found] for found in await tracking_gaps.awaited(connection, list(hashes)))
