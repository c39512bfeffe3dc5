"""The connector for suppliers that speak in files: it carries them both ways and reads none."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from connectors.supplier_csv.arrivals import FileReceived, Ledger
from connectors.supplier_csv.files import Files, RemoteFile, file_name, laid_aside
from connectors.supplier_csv.folder import FolderFiles
from connectors.supplier_csv.portal import PortalFiles
from connectors.supplier_csv.settings import CsvSettings, FileKind, Folder, Http, Sftp
from connectors.supplier_csv.sftp import SftpFiles
from hub.sdk import (
    SUPPLIER,
    Call,
    Client,
    Connector,
    Declared,
    Kind,
    Page,
    Refused,
    Unreadable,
    action,
    poll,
)
from hub.sdk.commerce import NewPurchaseOrder, PurchaseOrder
from hub.sdk.purchase_files import Batch, OrderBatch, SentBatch, Unwritable, join_orders, write_orders
from hub.sdk.testing import Sandbox

AT_ONCE = 5
"""So many files are given to the hub in one commit."""
_NO_DAY = date(2000, 1, 1)
"""The settings let no column hold the day of sending, so this one is never written."""


class SupplierCsv(Connector[CsvSettings]):
    """A supplier's folder, SFTP server or HTTP portal.

    Each purchase order is a file of its own, or all that are pending are one. Name and bytes come from the orders
    alone, so that sending them again is the same file. Taken is not confirmed: the order is `requested` until the
    supplier's own file says more.

    With an http(s) `base_url`, as doubles have it, folders and SFTP go there too; all but the transport is in use.
    """

    name = "supplier_csv"
    title = "Supplier with CSV files"
    level = 2
    capabilities = (SUPPLIER,)
    integration_depth = "file"

    def __init__(self, settings: CsvSettings, client: Client, base_url: str | None = None) -> None:
        super().__init__(settings, client, base_url)
        self._files = self._opened()

    @classmethod
    def sandbox(cls) -> Sandbox:
        """A supplier's portal."""
        from connectors.supplier_csv.sandbox import PortalSandbox

        return PortalSandbox()

    def declared_effect(self, step: Mapping[str, Any]) -> Kind:
        """What the supplier does with a file that comes twice, as the merchant or the step declares it."""
        return self.settings.effect.resolve(step, has_lookup=True)

    @action(Declared(), refusals=("rejected",))
    async def create_purchase_order(self, order: NewPurchaseOrder, call: Call) -> PurchaseOrder:
        """Put the order where the supplier fetches its orders, or aside until the next batch goes there."""
        await self._files.put(self._place(order.reference), self._written(order), call)
        return self._requested(order.reference)

    @create_purchase_order.lookup
    async def find_purchase_order(self, order: NewPurchaseOrder, call: Call) -> PurchaseOrder | None:
        """The order's file, where it was put or where the supplier keeps what it has read."""
        is_there = await self._is_there(self._place(order.reference), call)
        return self._requested(order.reference) if is_there else None

    @action(Declared(), refusals=("rejected", "incomplete"))
    async def send_batch(self, batch: OrderBatch, call: Call) -> SentBatch:
        """Put orders that were laid aside where the supplier fetches them, as one file; again, it is the same file."""
        path = self._batch_path(batch)
        ordered = sorted(batch.references)
        found = await self._files.find_all([laid_aside(self._path(one)) for one in ordered], call)
        missing = [one for one, content in zip(ordered, found, strict=True) if content is None]
        if missing:
            raise Refused(
                "incomplete", f"Of the orders laid aside, {', '.join(missing[:10])} cannot be found."
            )
        try:
            joined = join_orders([one for one in found if one is not None], self.settings.orders.profile)
        except (Unwritable, UnicodeError):
            raise Refused("incomplete", "An order laid aside is not as it was written.") from None
        if self.settings.archive is None or await self._files.find(self._archived(path), call) != joined:
            await self._files.put(path, joined, call)
        return SentBatch(batch=batch.batch, file=path)

    @send_batch.lookup
    async def find_batch(self, batch: OrderBatch, call: Call) -> SentBatch | None:
        """The batch's file, where it was put or where the supplier keeps what it has read."""
        path = self._batch_path(batch)
        return SentBatch(batch=batch.batch, file=path) if await self._is_there(path, call) else None

    @poll(every=timedelta(minutes=1))
    async def file_received(self, cursor: str | None, call: Call) -> Page[FileReceived]:
        """Files in the inboxes that are new or have changed, and that nobody is still writing."""
        try:
            ledger = Ledger.model_validate_json(cursor) if cursor else Ledger()
        except ValueError:
            raise Unreadable("The cursor is not one that this connector has written.") from None
        if not ledger.is_due(call.now):
            return Page([], cursor)
        waiting: list[tuple[FileKind, RemoteFile]] = []
        for inbox in self.settings.inboxes:
            listed = await self._files.listed(inbox.path, inbox.pattern, call)
            waiting += [(inbox.kind, file) for file in ledger.ready(listed, call.now)]
        events = []
        for kind, file in waiting[:AT_ONCE]:
            content = await self._files.fetch(file, call)
            if event := ledger.take(file, kind, content, call.now):
                events.append(event)
        more = len(waiting) > AT_ONCE
        if not more:
            ledger.rest(call.now, self.settings.check_every)
        return Page(events, ledger.model_dump_json(), more)

    async def probe(self, call: Call) -> str:
        """Look at the place without changing it."""
        return await self._files.probe(call)

    def _opened(self) -> Files:
        transport = self.settings.transport
        if (self.base_url or "").startswith(("http://", "https://")) or isinstance(transport, Http):
            return PortalFiles(self, _headers(transport), is_readable=_is_readable(transport))
        return FolderFiles(transport.root) if isinstance(transport, Folder) else SftpFiles(transport)

    def _path(self, reference: str) -> str:
        return f"{self.settings.orders.path}/{file_name(self.settings.orders.name, reference)}"

    def _place(self, reference: str) -> str:
        """Where an order is put by itself."""
        path = self._path(reference)
        return path if self.settings.orders.batches is None else laid_aside(path)

    def _batch_path(self, batch: OrderBatch) -> str:
        name = self.settings.orders.batches or "orders_{batch}.csv"
        return f"{self.settings.orders.path}/{name.replace('{batch}', batch.batch)}"

    def _requested(self, reference: str) -> PurchaseOrder:
        is_batched = self.settings.orders.batches is not None
        return PurchaseOrder(reference=reference, status="requested", is_batched=is_batched)

    async def _is_there(self, path: str, call: Call) -> bool:
        places = [path] if self.settings.archive is None else [path, self._archived(path)]
        for place in places:
            if await self._files.find(place, call) is not None:
                return True
        return False

    def _archived(self, path: str) -> str:
        return f"{self.settings.archive}/{path.rpartition('/')[2]}"

    def _written(self, order: NewPurchaseOrder) -> bytes:
        try:
            return b"".join(
                write_orders(Batch(ordered_on=_NO_DAY, orders=(order,)), self.settings.orders.profile)
            )
        except Unwritable as unwritable:
            raise Refused("rejected", str(unwritable)) from None


def _headers(transport: Folder | Sftp | Http) -> dict[str, str]:
    token = transport.token.get_secret_value() if isinstance(transport, Http) else ""
    return {"authorization": f"Bearer {token}"} if token else {}


def _is_readable(transport: Folder | Sftp | Http) -> bool:
    return transport.is_readable if isinstance(transport, Http) else True
