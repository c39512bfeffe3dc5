"""AfterShip's connector before its double."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from connectors.aftership.connector import AfterShip
from connectors.aftership.sandbox import AfterShipSandbox
from connectors.aftership.settings import AfterShipSettings
from hub.sdk import Answer, Call, Client, Page, TrackingUpdated
from hub.sdk.parcels import ParcelRef, TrackedParcel, TrackParcel
from hub.sdk.testing import SandboxTransport
from hub.sdk.testing.trial import Wire

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


class Desk:
    """Follows parcels; `settings` are laid over the double's own."""

    def __init__(self, **settings: Any) -> None:
        self.now = NOW
        self.sandbox = AfterShipSandbox()
        self.sandbox.now = lambda: self.now
        self.wire = Wire(SandboxTransport(self.sandbox))
        told = AfterShipSettings.model_validate({**self.sandbox.settings(), **settings})
        self.aftership = AfterShip(told, Client(self.wire), "https://sandbox.example")

    def later(self, **time: float) -> None:
        """Some time passes."""
        self.now += timedelta(**time)

    def call(self) -> Call:
        return Call("effect-1", asyncio.get_running_loop().time() + 5, 1, self.now)

    async def track(self, number: str, carrier: str = "", **more: Any) -> TrackedParcel:
        wanted = TrackParcel(tracking_number=number, carrier=carrier, **more)
        parcel: TrackedParcel = await self.aftership.track_parcel(wanted, self.call())
        return parcel

    async def look(self, number: str, carrier: str = "") -> TrackedParcel:
        wanted = ParcelRef(tracking_number=number, carrier=carrier)
        parcel: TrackedParcel = await self.aftership.get_tracking(wanted, self.call())
        return parcel

    async def poll(self, cursor: str | None = None) -> Page[TrackingUpdated]:
        page: Page[TrackingUpdated] = await self.aftership.trackings_changed(cursor, self.call())
        return page

    def answers(self, status: int, body: Any = None, **headers: str) -> None:
        """From now on AfterShip answers with this."""
        self.wire.without_acting = Answer(status, headers, orjson.dumps(body or {}))

    def sent(self) -> Any:
        """The body of the first request that left the hub."""
        return orjson.loads(self.wire.sent[0].body or b"null")


def refusal(code: int, message: str = "") -> dict[str, Any]:
    """The body of a 4xx."""
    return {"meta": {"code": code, "type": "BadRequest", "message": message}, "data": {}}
