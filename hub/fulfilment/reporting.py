"""The hub's own `purchasing.report` and `purchasing.recalled`: what a supplier says of purchases in a file, a mail or
an answer becomes its own news."""

from uuid import uuid4

from pydantic import AwareDatetime

from hub.fulfilment.call import OwnCall
from hub.fulfilment.feed_changes import PurchaseChange
from hub.sdk import Refused
from hub.sdk.commerce import Record
from hub.sdk.trade_events import PurchaseOrderChanged
from hub.store import purchases
from hub.store.encoding import to_bytes
from hub.store.events import StoreEvent, tell


class ReportChanges(Record):
    """News of purchases of the supplier whose file or mail this run is about, and when it was heard."""

    changes: list[PurchaseChange]
    said_at: AwareDatetime


class RecallGranted(Record):
    """A purchase that its supplier has stopped, as it answered when it was asked to."""

    reference: str


class Reported(Record):
    """The purchases that were told of."""

    references: list[str]


async def report(asked: ReportChanges, call: OwnCall) -> Reported:
    """Tell news of purchases as the supplier's own system would: flows need not know whether a webhook, a link, a file
    or a mail brought it. News of another supplier's purchase is refused."""
    for change in asked.changes:
        found = await purchases.find(call.connection, call.store_id, change.reference)
        if found is None or found.supplier != call.source:
            raise Refused("not-bought", f"{change.reference} is no purchase of this supplier.")
    events = [_event(change, asked.said_at, call.source, call) for change in asked.changes]
    await tell(call.connection, events, call.now)
    return Reported(references=[change.reference for change in asked.changes])


async def recalled(asked: RecallGranted, call: OwnCall) -> Reported:
    """Tell that a supplier has stopped a purchase, as its own system would: whoever watches it need wait no longer."""
    found = await purchases.find(call.connection, call.store_id, asked.reference)
    if found is None:
        raise Refused("not-bought", f"There is no purchase {asked.reference}.")
    change = PurchaseChange(reference=asked.reference, status="cancelled")
    await tell(call.connection, [_event(change, call.now, found.supplier, call)], call.now)
    return Reported(references=[asked.reference])


def _event(change: PurchaseChange, said_at: AwareDatetime, supplier: str, call: OwnCall) -> StoreEvent:
    news = PurchaseOrderChanged(
        reference=change.reference,
        supplier_reference=change.supplier_reference,
        status=change.status,
        parcels=change.parcels,
        reason=change.reason,
        changed_at=said_at,
    )
    body = call.sealer.seal(to_bytes(news.model_dump()))
    name, key, subject = news.event_name(), news.key(), news.subject()
    return StoreEvent(uuid4(), call.store_id, name, key, subject, call.person_id, body, supplier)
