"""The connector for AfterShip's Tracking API, version 2026-07."""

from datetime import timedelta

from connectors.aftership import mapping
from connectors.aftership.settings import AfterShipSettings
from connectors.aftership.trackings import Trackings
from connectors.aftership.wire import WireWebhook
from hub.sdk import (
    TRACKER,
    Call,
    Connector,
    Delivery,
    Idempotent,
    Limits,
    Page,
    Read,
    TrackingUpdated,
    Unreadable,
    action,
    poll,
    webhook,
)
from hub.sdk.parcels import ParcelRef, TrackedParcel, TrackParcel
from hub.sdk.paths import read_json, read_text
from hub.sdk.signing import Signature
from hub.sdk.testing import Sandbox

SIGNATURE = Signature(scheme="hmac-sha256-base64", header="aftership-hmac-sha256")
"""Base64 of HMAC-SHA256 over the raw body, keyed with the account's webhook secret."""

UPDATE = "tracking_update"


class AfterShip(Connector[AfterShipSettings]):
    """AfterShip, which asks carriers where parcels are."""

    name = "aftership"
    title = "AfterShip"
    capabilities = (TRACKER,)
    integration_depth = "native"
    default_base_url = "https://api.aftership.com"
    limits = Limits(per_second=6, burst=6, in_flight=8)
    """Listing allows 6 requests a second and creating 20; one connection has one limit, so the smaller one holds."""

    @classmethod
    def sandbox(cls) -> Sandbox:
        """A double that follows parcels and hears from no carrier but you."""
        from connectors.aftership.sandbox import AfterShipSandbox

        return AfterShipSandbox()

    # A repeat is refused with a code of its own and then read, so doing it again leaves what once leaves. AfterShip
    # tells parcels apart by number and carrier: the same input finds the same carrier.
    @action(Idempotent(), refusals=("rejected",))
    async def track_parcel(self, wanted: TrackParcel, call: Call) -> TrackedParcel:
        """Follow a parcel from now on, or go on doing so."""
        return await self._trackings(call).follow(wanted)

    @action(Read(), refusals=("not-found",))
    async def get_tracking(self, wanted: ParcelRef, call: Call) -> TrackedParcel:
        """Where a parcel is now, with everything its carriers said."""
        return await self._trackings(call).find(wanted)

    @poll(every=timedelta(minutes=15))
    async def trackings_changed(self, cursor: str | None, call: Call) -> Page[TrackingUpdated]:
        """Parcels that moved lately, in case a webhook of theirs was lost."""
        return await self._trackings(call).changed_since(cursor)

    def verify(self, delivery: Delivery) -> None:
        """Raise `Unverified` unless one of the secrets signed the body."""
        SIGNATURE.verify(delivery, self.settings.webhook_secrets)

    def topic(self, delivery: Delivery) -> str:
        """The kind of news. A body that names none is read as an update, and so found unreadable instead of ignored."""
        return _read_text(delivery, "event") or UPDATE

    def delivery_key(self, delivery: Delivery) -> str:
        """The id of the news, which AfterShip repeats with each of its up to fourteen attempts."""
        return _read_text(delivery, "event_id") or delivery.body_hash()

    @webhook(UPDATE)
    def tracking_updated(self, delivery: Delivery) -> TrackingUpdated:
        """A parcel moved, or something happened to it."""
        news = WireWebhook.read(read_json(delivery.body))
        return mapping.read_update(news.msg, self.settings.zone)

    async def probe(self, call: Call) -> str:
        """List one tracking."""
        await self._trackings(call).greet()
        return "AfterShip accepts the API key."

    def _trackings(self, call: Call) -> Trackings:
        return Trackings(self.settings, self.http(call), call.now)


def _read_text(delivery: Delivery, path: str) -> str:
    try:
        return read_text(read_json(delivery.body), path)
    except Unreadable:
        return ""
