"""The hub's own actions, as flows and the catalog see them."""

from collections.abc import Awaitable, Callable
from typing import Any, get_type_hints

from pydantic import BaseModel

from hub.catalog.own import OwnAction
from hub.fulfilment import (
    acknowledging,
    amending,
    attention,
    claiming,
    copies,
    enquiries,
    exporting,
    feed_files,
    invoices,
    mail_files,
    mail_news,
    margin_guard,
    mirroring,
    missing_numbers,
    notices,
    orders,
    outcomes,
    placing,
    progress,
    promises,
    purchasing,
    replacing,
    reporting,
    shipments,
    stock,
    store_settings,
    substitutes,
    targets,
    whereabouts,
)
from hub.fulfilment.silence import asking
from hub.sdk import ActionShape, Idempotent
from hub.sdk.events import first_sentence


def _own(
    noun: str, name: str, function: Callable[[Any, Any], Awaitable[BaseModel]], *refusals: str
) -> OwnAction:
    hints = get_type_hints(function)
    output = hints.pop("return")
    (input_type,) = (found for argument, found in hints.items() if argument != "call")
    shape = ActionShape(name, input_type, output, Idempotent(), refusals, first_sentence(function.__doc__))
    return OwnAction(noun, shape, function)


OWN_ACTIONS: list[OwnAction] = [
    _own("orders", "record", orders.record),
    _own("orders", "screen", orders.screen_order),
    _own("orders", "note_address", orders.note_address, "not-recorded"),
    _own("orders", "cancel", orders.cancel),
    _own("orders", "originals", copies.originals),
    _own("stock", "record", stock.record),
    _own("stock", "substitutes", substitutes.substitutes, "cannot-place", "mirrored"),
    _own("stock", "missing", placing.missing, "cannot-place", "mirrored"),
    _own("feeds", "read", feed_files.read, "no-profile", "does-not-fit"),
    _own("mails", "read", mail_news.read),
    _own("mails", "attachments", mail_files.attachments),
    _own("invoices", "record", invoices.record, "changed", "does-not-add-up"),
    _own("invoices", "judge", invoices.judge, "changed"),
    _own("invoices", "report", invoices.report),
    _own("exports", "close", exporting.close),
    _own("exports", "settle", exporting.settle),
    _own("purchasing", "can_place", placing.can_place),
    _own("purchasing", "candidates", purchasing.candidates),
    _own(
        "purchasing", "assign", purchasing.assign,
        "no-supplier", "out-of-stock", "stock-unconfirmed", "unknown-sku", "cannot-place", "mirrored", "not-solved",
        "small-margin",
    ),
    _own(
        "purchasing", "margin", margin_guard.margin,
        "no-supplier", "out-of-stock", "stock-unconfirmed", "unknown-sku", "cannot-place", "mirrored", "not-solved",
    ),
    _own("purchasing", "allow_margin", margin_guard.allow, "not-recorded"),
    _own(
        "purchasing", "claim", claiming.claim,
        "cancelled", "mirrored", "unpaid", "before-go-live", "not-assigned", "already-claimed", "unverified-address",
        "changed", "reservation-expired",
    ),
    _own("purchasing", "confirm", claiming.confirm, "rejected", "not-assigned", "not-claimed"),
    _own("purchasing", "under_way", amending.under_way),
    _own("purchasing", "sent_elsewhere", amending.sent_elsewhere),
    _own(
        "purchasing", "amend", amending.amend, "cancelled", "unverified-address", "not-bought", "already-asked",
    ),
    _own("purchasing", "settle_amendment", amending.settle, "not-asked"),
    _own("purchasing", "report", reporting.report, "not-bought"),
    _own("purchasing", "recalled", reporting.recalled, "not-bought"),
    _own("purchasing", "progress", progress.note, "not-bought"),
    _own("purchasing", "give_back", claiming.give_back, "not-assigned"),
    _own("shipments", "record", shipments.record, "not-bought", "too-many"),
    _own("shipments", "note", shipments.note, "no-such-parcel"),
    _own("shipments", "refundable", shipments.refundable, "no-such-parcel"),
    _own("cases", "record_outcome", outcomes.record),
    _own("shipments", "confirm", shipments.confirm, "no-such-parcel"),
    _own("shipments", "void", shipments.void, "no-such-parcel"),
    _own("shipments", "mirror", mirroring.mirror, "no-such-parcel"),
    _own("shipments", "mirror_all", mirroring.mirror_all, "not-mirrored"),
    _own("shipments", "in_mirror", mirroring.in_mirror, "no-such-parcel", "not-mirrored"),
    _own("shipments", "confirm_mirror", mirroring.confirm_mirror, "no-such-parcel", "not-mirrored"),
    _own("shipments", "asked_after", whereabouts.asked_after, "not-known"),
    _own(
        "notices", "prepare", notices.prepare,
        "not-recorded", "no-such-notice", "already-told", "channel-sends", "overtaken", "not-now", "unreachable",
        "unrenderable", "blind-leak", "no-brand", "no-public-url",
    ),
    _own("notices", "turn", notices.turn),
    _own("notices", "settle", notices.settle, "not-recorded"),
    _own("notices", "still_due", notices.still_due, "not-recorded"),
    _own("store", "doors", store_settings.doors),
    _own("store", "policies", store_settings.policies),
    _own("cases", "tally", attention.tally),
    _own("enquiries", "record", enquiries.record),
    _own("figures", "touchless", targets.touchless),
    _own("purchasing", "acknowledge", acknowledging.acknowledge, "not-bought"),
    _own("cases", "attention", attention.look),
    _own("purchasing", "without_number", missing_numbers.look),
    _own("purchasing", "reship", replacing.reship, "not-bought", "already-replaced", "cancelled"),
    _own("silences", "look", asking.look, "not-known"),
    _own("silences", "trust", asking.trust, "not-known"),
    _own("promises", "window", promises.window, "not-assigned", "cannot-place"),
]  # fmt: skip
"""Registered in the catalog by `noun.action`."""
