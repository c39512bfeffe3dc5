"""What suppliers can do: ship what was sold, be asked to stop or to change it, and say how many there are."""

from hub.sdk.amendments import Amendment, AmendmentRef, AmendPurchase
from hub.sdk.capability import capability, shape
from hub.sdk.commerce import (
    NewPurchaseOrder,
    PurchaseOrder,
    PurchaseOrderRef,
    Recall,
    StockLevels,
    StockQuestion,
)
from hub.sdk.effects import Idempotent, Read
from hub.sdk.invoices import InvoiceIssued
from hub.sdk.trade_events import PurchaseOrderChanged

SUPPLIER = capability(
    "supplier",
    "Ships what was sold",
    [
        shape(
            "create_purchase_order",
            NewPurchaseOrder,
            PurchaseOrder,
            "Buy the lines of an order.",
            "out-of-stock",
            "address-invalid",
            "rejected",
        ),
    ],
    [PurchaseOrderChanged, InvoiceIssued],
)

_RECALL = shape(
    "cancel_purchase_order", PurchaseOrderRef, Recall, "Ask to stop a purchase order.",
    "not-found", "too-late", "rejected", kind=Idempotent(),
)  # fmt: skip

RECALLABLE_SUPPLIER = capability(
    "recallable-supplier", "Can be asked to stop what was bought", [_RECALL], [PurchaseOrderChanged]
)

AMENDABLE_SUPPLIER = capability(
    "amendable-supplier",
    "Can be asked to change what was bought",
    [
        shape(
            "amend_purchase_order",
            AmendPurchase,
            Amendment,
            "Ask for another address, or for fewer of an article.",
            "not-found",
            "too-late",
            "rejected",
        ),
        shape(
            "get_amendment",
            AmendmentRef,
            Amendment,
            "Where an amendment stands.",
            "not-found",
            "cannot-say",
            kind=Read(),
        ),
    ],
    [PurchaseOrderChanged],
)

STOCK_SOURCE = capability(
    "stock-source",
    "Knows how many there are",
    [shape("get_stock", StockQuestion, StockLevels, "How many of some articles there are.", kind=Read())],
    [],
)
