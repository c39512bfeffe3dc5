"""Kinds of cases by what lies at their root, so that what became of one trouble is counted once. Pure."""

from collections.abc import Sequence

LATE_ROUTING = "late-routing"
TRACKING_GAP = "tracking-gap"
OUT_OF_STOCK = "out-of-stock"
ADDRESS = "address"
STALLED = "stalled"
SUPPLIER_LATE = "supplier-late"

KINDS: dict[str, tuple[str, ...]] = {
    LATE_ROUTING: ("forward-late",),
    TRACKING_GAP: ("tracking-gap", "tracking-not-shown"),
    OUT_OF_STOCK: ("out-of-stock", "out-of-stock-unanswered"),
    ADDRESS: ("address", "address-review", "address-not-taken", "address-unsettled", "address-settled"),
    STALLED: ("stalled", "lost", "replacement-late", "cannot-reship"),
    SUPPLIER_LATE: ("acknowledged", "left", "purchase-forgotten", "supplier-silent"),
    "disputed-delivery": ("delivered-disputed", "disputed"),
    "stock-feed": ("feed-frozen", "stock-signal-lost"),
    "connection": ("poll-silent", "webhook-silent", "connection-unauthorised"),
    "fraud": ("fraud-review", "fraud-reviewed"),
    "stock-unconfirmed": ("stock",),
    "duplicate": ("probable-duplicate",),
    "cancellation": ("cancel-at-supplier", "cannot-cancel", "cancelled"),
    "address-changed": ("new-address", "amend-at-supplier", "readdressed", "amend-purchase"),
    "supplier-charges": ("cost-variance", "invoice-unclear", "invoice-changed"),
    "refund": ("cannot-refund", "refund-failed"),
    "supplier": ("supplier-refused", "supplier-contradicts", "purchase-blocked", "no-supplier"),
}
"""Root cause to the kinds of its cases, and to the flows that solve it. Any other kind is a cause of its own."""

CAUSES: dict[str, str] = {kind: cause for cause, kinds in KINDS.items() for kind in kinds}
"""Kind of a case to its root cause."""


def cause_of(kind: str) -> str:
    """The root cause of a kind of case, or of a flow that solves one."""
    return CAUSES.get(kind, kind)


def root_of(flow: str, kinds: Sequence[str]) -> str:
    """The root cause of what a run solves: that of its flow if that names one, else of its first case, else its flow's
    name."""
    if flow in CAUSES or not kinds:
        return cause_of(flow)
    return cause_of(kinds[0])
