"""Call an order off: Shopify takes the wish at once and carries it out later, so its word is read again."""

import asyncio
from datetime import datetime
from typing import Any, Literal

from connectors.shopify import operations_money as operations
from connectors.shopify.admin import Admin
from connectors.shopify.doubt import since
from connectors.shopify.fulfilment import has_left
from connectors.shopify.orders import checked_gid
from connectors.shopify.wire import UserError
from connectors.shopify.wire_money import CancelAnswer, CancellableAnswer, CancelledAnswer
from hub.sdk import Http, Refused, Unanswered, Unauthorised, Unreadable
from hub.sdk.parcels import CancelledOrder, CancelOrder

REASON: dict[Literal["customer", "fraud", "inventory", "payment", "staff", "other"], str] = {
    "customer": "CUSTOMER",
    "fraud": "FRAUD",
    "inventory": "INVENTORY",
    "payment": "DECLINED",
    "staff": "STAFF",
    "other": "OTHER",
}

LONGEST_NOTE = 255

LOOKS = (0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds before each look at an order that is being cancelled. Longer than these the hub waits, not the worker."""


class Cancellation:
    """The cancelling of one shop's orders during one call."""

    def __init__(self, admin: Admin, http: Http) -> None:
        self._admin = admin
        self._http = http

    async def cancel(self, wanted: CancelOrder, attempt: int) -> CancelledOrder:
        """Cancel an order of which nothing has left. One that was cancelled before, by whomever, is cancelled."""
        gid = checked_gid(wanted.id)
        if done_at := await self._cancelled_at(gid):
            return CancelledOrder(id=wanted.id, cancelled_at=done_at)
        answer = await self._admin.run(self._http, operations.CANCEL, _variables(gid, wanted), CancelAnswer)
        if errors := answer.order_cancel.order_cancel_user_errors:
            # Another may have cancelled it since we looked, and that is what Shopify minds.
            if done_at := await self._cancelled_at(gid):
                return CancelledOrder(id=wanted.id, cancelled_at=done_at)
            if attempt > 1:
                # What Shopify minds may be that it is still busy with our first attempt.
                raise Unanswered(f"Shopify says {errors[0].code} to cancelling the order once more.")
            raise _refusal(errors[0])
        if answer.order_cancel.job is None:
            raise Unreadable("Shopify neither began to cancel the order nor said why.")
        return CancelledOrder(
            id=wanted.id, cancelled_at=await self._carried_out(gid, answer.order_cancel.job.id)
        )

    async def _cancelled_at(self, gid: str) -> datetime | None:
        """When it was cancelled; raises `Refused` if a parcel of it is on its way."""
        found = await self._admin.run(self._http, operations.CANCELLABLE, {"id": gid}, CancellableAnswer)
        if found.order is None:
            raise Refused("not-found", "The shop has no such order.")
        if found.order.cancelled_at is None and any(has_left(f.status) for f in found.order.fulfillments):
            raise Refused("not-cancellable", "A parcel of the order has left.")
        return found.order.cancelled_at

    async def _carried_out(self, gid: str, job: str) -> datetime:
        """Look until the order is cancelled. A job that ended without that has failed, and left the order as it was."""
        ended = False
        for pause in LOOKS:
            await asyncio.sleep(pause)
            with since("Shopify was asked to cancel the order"):
                found = await self._admin.run(
                    self._http, operations.CANCELLED, {"id": gid, "job": job}, CancelledAnswer
                )
            if found.order and found.order.cancelled_at:
                return found.order.cancelled_at
            # Twice, because the order's own page may lag behind the job's.
            if ended:
                raise Refused("not-cancellable", "Shopify tried to cancel the order, and it stands.")
            ended = found.job is not None and found.job.done
        raise Unanswered("Shopify is still cancelling the order.")


def _variables(gid: str, wanted: CancelOrder) -> dict[str, Any]:
    variables: dict[str, Any] = {
        "id": gid,
        "reason": REASON[wanted.reason],
        "restock": wanted.restock,
        "notify": wanted.notify_customer,
        "note": wanted.note[:LONGEST_NOTE] or None,
    }
    return variables | ({"refund": {"originalPaymentMethodsRefund": True}} if wanted.refund else {})


def _refusal(error: UserError) -> Exception:
    if error.code == "NOT_FOUND":
        return Refused("not-found", "The shop has no such order.")
    if error.code == "NO_REFUND_PERMISSION":
        return Unauthorised("Shopify does not let this app refund orders: check its scopes.")
    if error.code == "INVALID":
        return Refused("not-cancellable", "Shopify does not let the order be cancelled.")
    return Unanswered(f"Shopify says {error.code} to cancelling the order.")
