"""Shopify: orders of one shop, their tags, notes, holds and parcels, and its webhooks."""

from datetime import timedelta
from typing import TYPE_CHECKING

from connectors.shopify import deliveries, operations
from connectors.shopify.admin import Admin
from connectors.shopify.cancellation import Cancellation
from connectors.shopify.dispatch import Dispatch
from connectors.shopify.following import Following
from connectors.shopify.fulfilment import Fulfilment
from connectors.shopify.holds import Holds
from connectors.shopify.orders import Orders
from connectors.shopify.refunds import Refunds
from connectors.shopify.settings import ShopifySettings
from connectors.shopify.subscriptions import Subscribing, Subscriptions, WantedSubscriptions
from connectors.shopify.substitution import Substitution
from connectors.shopify.tracking import Tracking
from connectors.shopify.wire_fulfilment import ShopAnswer
from hub.sdk import (
    SALES_CHANNEL,
    TRACKER,
    Call,
    Client,
    Connector,
    Delivery,
    Idempotent,
    Inbound,
    Keyed,
    Limits,
    OrderCancelled,
    OrderChanged,
    OrderPaid,
    OrderRiskChanged,
    Page,
    Read,
    TrackingUpdated,
    action,
    poll,
    webhook,
)
from hub.sdk.commerce import (
    Accepted,
    AddNote,
    ChangeAddress,
    HoldOrder,
    Order,
    OrderHolds,
    OrderRef,
    OrderTags,
    ReleaseOrder,
    TagOrder,
)
from hub.sdk.parcels import (
    CancelledOrder,
    CancelOrder,
    ChangeTracking,
    Fulfilled,
    FulfilOrder,
    ParcelRef,
    RecordTracking,
    Refund,
    RefundOrder,
    SubstitutedLine,
    SubstituteLine,
    TrackedParcel,
    TrackParcel,
)

if TYPE_CHECKING:
    from hub.sdk.testing import Sandbox


class Shopify(Connector[ShopifySettings]):
    """A Shopify shop, by its Admin GraphQL API."""

    name = "shopify"
    title = "Shopify"
    capabilities = (SALES_CHANNEL, TRACKER)
    integration_depth = "native"
    # The cost bucket is what limits us (see Admin); this only keeps a slow shop from piling requests up.
    limits = Limits(in_flight=16)
    # An order of 500 lines comes in a body of some 2 MB.
    inbound = Inbound(max_bytes=4_194_304)

    def __init__(self, settings: ShopifySettings, client: Client, base_url: str | None = None) -> None:
        super().__init__(settings, client, base_url)
        self.admin = Admin(settings)

    @classmethod
    def sandbox(cls) -> "Sandbox":
        from connectors.shopify.sandbox import ShopifySandbox

        return ShopifySandbox()

    def live_base_url(self) -> str:
        return f"https://{self.settings.domain}"

    @action(Read(), refusals=("not-found",))
    async def get_order(self, order: OrderRef, call: Call) -> Order:
        """The order as it stands now, with all its lines."""
        return await Orders(self.admin, self.http(call)).read(order.id)

    @action(Read(), refusals=("not-found",))
    async def get_fulfilment(self, order: OrderRef, call: Call) -> Fulfilment:
        """Which location is to send what of an order, who holds it back, and which parcels have left."""
        return await Dispatch(self.admin, self.http(call)).read(order.id)

    @action(Idempotent(), refusals=("not-found", "rejected"))
    async def add_tags(self, wanted: TagOrder, call: Call) -> OrderTags:
        """Add tags to an order; those it has already stay."""
        return await Orders(self.admin, self.http(call)).tag(wanted)

    @action(Idempotent(), refusals=("not-found", "rejected"))
    async def add_note(self, wanted: AddNote, call: Call) -> Accepted:
        """Add a line to the order's note, unless it is there already.

        Shopify can only replace the whole note, so a change made by staff in the same second may be lost.
        """
        return await Orders(self.admin, self.http(call)).note(wanted)

    @action(Idempotent(), refusals=("not-found", "rejected"))
    async def change_address(self, wanted: ChangeAddress, call: Call) -> Accepted:
        """Give an order another shipping address; what was shipped already goes where it went."""
        return await Orders(self.admin, self.http(call)).change_address(wanted)

    # Idempotent, not Checkable: Shopify itself refuses a second hold of ours with the same handle, and
    # reading the
    # holds first shows which are there. So after a lost answer doing it again is right, and nobody need be
    # asked.
    @action(Idempotent(), refusals=("not-found", "not-holdable"))
    async def hold_order(self, wanted: HoldOrder, call: Call) -> OrderHolds:
        """Keep every location from sending its part of an order, under our own handle."""
        return await Holds(self.admin, self.http(call)).place(wanted)

    @action(Idempotent(), refusals=("not-found",))
    async def release_order(self, wanted: ReleaseOrder, call: Call) -> OrderHolds:
        """Take back our own hold with this handle; the holds of people and of other apps stay."""
        return await Holds(self.admin, self.http(call)).release(wanted)

    # Idempotent for the same reason. Shopify takes no key here; but the parcels are read first, and units that one with
    # this tracking number carries are not told again, so doing it again completes what a lost answer left open. If the
    # first request should still be on its way at Shopify, Shopify refuses to send more units than wait; only a parcel
    # with part of a line's units could then be told twice.
    @action(Idempotent(), refusals=("not-found", "not-fulfillable", "rejected"))
    async def fulfil_order(self, wanted: FulfilOrder, call: Call) -> Fulfilled:
        """Tell Shopify which units left in a parcel, and how it is tracked."""
        return await Dispatch(self.admin, self.http(call)).send(wanted)

    @action(Idempotent(), refusals=("not-found", "rejected"))
    async def change_tracking(self, wanted: ChangeTracking, call: Call) -> Fulfilled:
        """Give a parcel that Shopify knows another tracking number."""
        return await Tracking(self.admin, self.http(call)).change(wanted)

    @action(Idempotent(), refusals=("not-found", "nothing-to-say", "rejected"))
    async def record_tracking(self, wanted: RecordTracking, call: Call) -> Accepted:
        """Put a step of a parcel's way on its timeline, where the customer sees it."""
        return await Tracking(self.admin, self.http(call)).record(wanted)

    # A read: Shopify follows whatever its orders carry, by itself, and need not be asked to.
    @action(Read(), refusals=("rejected",))
    async def track_parcel(self, wanted: TrackParcel, call: Call) -> TrackedParcel:
        """What Shopify knows so far of a parcel that an order of the shop carries, or will carry."""
        return await Following(self.admin, self.http(call)).begin(wanted)

    @action(Read(), refusals=("not-found",))
    async def get_tracking(self, wanted: ParcelRef, call: Call) -> TrackedParcel:
        """Where a parcel is now, by the timeline that the shop keeps of it."""
        return await Following(self.admin, self.http(call)).find(wanted)

    @action(Idempotent(), refusals=("not-found", "not-cancellable"))
    async def cancel_order(self, wanted: CancelOrder, call: Call) -> CancelledOrder:
        """Cancel an order of which nothing has left, and see that Shopify carries it out."""
        return await Cancellation(self.admin, self.http(call)).cancel(wanted, call.attempt)

    @action(Keyed(), refusals=("not-found", "too-much", "nothing-to-refund", "rejected"))
    async def refund_order(self, wanted: RefundOrder, call: Call) -> Refund:
        """Give back what was paid for an order, or for some of its lines."""
        return await Refunds(self.admin, self.http(call)).give(wanted, call.key)

    # Idempotent: Shopify keeps a history of an order's edits, and one in which these units of the line went and as
    # many of the new article came is this one. Nobody but us replaces an article by the very same one twice.
    @action(Idempotent(), refusals=("not-found", "unknown-sku", "not-editable", "rejected"))
    async def substitute_line(self, wanted: SubstituteLine, call: Call) -> SubstitutedLine:
        """Replace units of a line that have not left by another article, at no higher price."""
        return await Substitution(self.admin, self.http(call)).make(wanted)

    @action(Read())
    async def get_subscriptions(self, wanted: WantedSubscriptions, call: Call) -> Subscriptions:
        """Which webhooks come to our address, and which are missing."""
        return await Subscribing(self.admin, self.http(call)).read(wanted)

    @action(Idempotent(), refusals=("rejected",))
    async def ensure_subscriptions(self, wanted: WantedSubscriptions, call: Call) -> Subscriptions:
        """Subscribe to those webhooks that do not come to our address."""
        return await Subscribing(self.admin, self.http(call)).repair(wanted)

    @poll(every=timedelta(minutes=5))
    async def orders_paid(self, cursor: str | None, call: Call) -> Page[OrderPaid]:
        """Paid orders that changed lately, in case a webhook of theirs was lost."""
        return await Orders(self.admin, self.http(call)).paid_since(cursor, call.now)

    def verify(self, delivery: Delivery) -> None:
        deliveries.verify(delivery, self.settings)

    def topic(self, delivery: Delivery) -> str:
        return delivery.header("x-shopify-topic").strip().lower()

    def delivery_key(self, delivery: Delivery) -> str:
        return delivery.header("x-shopify-webhook-id").strip() or delivery.body_hash()

    @webhook("orders/paid")
    def order_paid(self, delivery: Delivery) -> OrderPaid:
        """An order's payment cleared, or staff marked it as paid."""
        return deliveries.to_order_event(delivery, OrderPaid)

    @webhook("orders/updated")
    def order_changed(self, delivery: Delivery) -> OrderChanged:
        """Something on an order changed; our own tags and holds come back as such changes too."""
        return deliveries.to_order_event(delivery, OrderChanged)

    @webhook("orders/cancelled")
    def order_cancelled(self, delivery: Delivery) -> OrderCancelled:
        """An order was cancelled."""
        return deliveries.to_order_event(delivery, OrderCancelled)

    @webhook("orders/risk_assessment_changed")
    def order_risk_changed(self, delivery: Delivery) -> OrderRiskChanged:
        """A fraud analysis of an order came in or changed."""
        return deliveries.to_risk_event(delivery)

    @webhook("fulfillments/update")
    def tracking_updated(self, delivery: Delivery) -> list[TrackingUpdated]:
        """Something about a parcel changed; its way is to be read, for the webhook tells no moments of it."""
        return deliveries.to_tracking_events(delivery)

    async def probe(self, call: Call) -> str:
        answer = await self.admin.run(self.http(call), operations.SHOP, {}, ShopAnswer)
        shop = answer.shop
        asked = self.settings.api_version
        if not any(v.handle == asked and v.supported for v in answer.public_api_versions):
            supported = ", ".join(v.handle for v in answer.public_api_versions if v.supported)
            return (
                f"{shop.name} answers, but no longer supports API version {asked}; it supports {supported}."
            )
        if self.admin.version_warning:
            return f"{shop.name} answers. {self.admin.version_warning}"
        return (
            f"{shop.name} ({shop.myshopify_domain}, {shop.currency_code}) answers with API version {asked}."
        )
