"""A supplier's connector before its warehouse."""

import asyncio
from typing import Any

from connectors.supplier_api.connector import SupplierApi
from connectors.supplier_api.sandbox import Promise, SupplierSandbox, example_order
from connectors.supplier_api.settings import SupplierSettings
from hub.sdk import Answer, Call, Client
from hub.sdk.commerce import NewPurchaseOrder, PurchaseOrder
from hub.sdk.testing import SandboxTransport
from hub.sdk.testing.trial import Wire

ORDER = example_order()


class Desk:
    """Buys from a warehouse; `settings` are laid over the warehouse's own."""

    def __init__(self, promise: Promise = "checkable", **settings: Any) -> None:
        self.warehouse = SupplierSandbox(promise)
        self.wire = Wire(SandboxTransport(self.warehouse))
        self.settings = SupplierSettings.model_validate({**self.warehouse.settings(), **settings})
        self.supplier = SupplierApi(self.settings, Client(self.wire), "https://supplier.example")

    def call(self, key: str = ORDER.reference) -> Call:
        return Call(key, asyncio.get_running_loop().time() + 5, 1, self.warehouse.now())

    async def buy(self, order: NewPurchaseOrder = ORDER) -> PurchaseOrder:
        found: PurchaseOrder = await self.supplier.create_purchase_order(order, self.call(order.reference))
        return found

    async def hear(self, status: int, body: bytes = b"", **headers: str) -> PurchaseOrder:
        """Buy from a supplier that answers with this."""
        self.wire.without_acting = Answer(status, headers, body)
        return await self.buy()
