"""What is done with the trackings of an account: follow a parcel, find one, and look for those that changed."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.aftership import mapping
from connectors.aftership.carriers import slug_of
from connectors.aftership.settings import AfterShipSettings
from connectors.aftership.wire import WireAnswer, WireList, WireMeta, WireRefusal, WireTracking, WireTrackings
from hub.sdk import Answer, Http, NotDone, Page, Refused, TrackingUpdated, Unauthorised, Unreadable
from hub.sdk.parcels import ParcelRef, TrackedParcel, TrackParcel

VERSION = "2026-07"
PATH = f"/tracking/{VERSION}/trackings"

FIRST_LOOK = timedelta(hours=1)
"""How far back the first poll of a connection looks."""

SETTLES_IN = timedelta(minutes=2)
"""What changed more recently is left to the next poll: a list may lag behind the trackings."""

PAGE = 100
"""Trackings a page, of the 200 AfterShip allows: a parcel with fifty checkpoints is some 40 kB."""

log = logging.getLogger(__name__)


class Trackings:
    """The trackings of one account during one call."""

    def __init__(self, settings: AfterShipSettings, http: Http, now: datetime) -> None:
        self._settings = settings
        self._http = http
        self._now = now

    async def follow(self, wanted: TrackParcel) -> TrackedParcel:
        """Follow a parcel. One that is followed already is a success: AfterShip refuses it, so it is read instead."""
        body = mapping.write_tracking(wanted, self._settings.slugs)
        answer = await self._http.post(PATH, json=body, headers=self._headers())
        if answer.is_success:
            return self._parcel(WireAnswer.read(answer.json()).data)
        meta = _refusal(answer, self._now)
        if meta.code != mapping.ALREADY_FOLLOWED:
            raise mapping.read_refusal(meta, answer.status_code)
        found = await self._one(wanted.tracking_number, wanted.carrier)
        if found is None:
            raise NotDone(
                "AfterShip says that it follows this parcel, and does not list it yet.", retry_after=2
            )
        return self._parcel(found)

    async def find(self, wanted: ParcelRef) -> TrackedParcel:
        """Where a parcel is now."""
        found = await self._one(wanted.tracking_number, wanted.carrier)
        if found is None:
            raise Refused("not-found", "AfterShip does not follow this parcel; it forgets after 120 days.")
        return self._parcel(found)

    async def changed_since(self, cursor: str | None) -> Page[TrackingUpdated]:
        """One page of a window that is over. A parcel that moves meanwhile leaves it, and is in a later one.

        The cursor is `since`, or `since until next` in the middle of a window. Whether AfterShip's bounds are
        inclusive is not documented, so a second more is asked for, and the window is cut out here.
        """
        parts = (cursor or (self._now - FIRST_LOOK).astimezone(UTC).isoformat()).split(" ")
        since = datetime.fromisoformat(parts[0])
        settled = (self._now - SETTLES_IN).astimezone(UTC)
        until, after = (datetime.fromisoformat(parts[1]), parts[2]) if len(parts) == 3 else (settled, "")
        if until <= since:
            return Page([], since.isoformat())
        second = timedelta(seconds=1)
        asked = {"updated_at_min": _second(since - second), "updated_at_max": _second(until + second)}
        found = await self._list({**asked, "limit": str(PAGE), **({"cursor": after} if after else {})})
        events = [e for raw in found.data.trackings if (e := self._update(raw, since, until))]
        pages = found.data.pagination
        if pages.has_next_page and pages.next_cursor:
            return Page(events, f"{since.isoformat()} {until.isoformat()} {pages.next_cursor}", more=True)
        return Page(events, until.isoformat())

    async def greet(self) -> None:
        """Ask for one tracking, which costs nothing; raises what is wrong with the key."""
        await self._list({"limit": "1"})

    async def _one(self, number: str, carrier: str) -> WireTracking | None:
        """The tracking of a number: the carrier's own, or the only one, since a parcel may change its carrier."""
        answer = await self._list({"tracking_numbers": number.strip()})
        found = [WireTracking.read(raw) for raw in answer.data.trackings]
        found = [f for f in found if mapping.same_number(f.tracking_number, number)]
        slug = slug_of(carrier, self._settings.slugs)
        found = [f for f in found if f.slug == slug] or found
        if len(found) > 1:
            raise Unreadable("AfterShip follows this number for several carriers; say which one is meant.")
        return found[0] if found else None

    async def _list(self, params: Mapping[str, str]) -> WireList:
        answer = await self._http.get(PATH, params=params, headers=self._headers())
        if answer.is_success:
            return WireList.read(answer.json())
        meta = _refusal(answer, self._now)
        if meta.code in mapping.NO_SUCH_NUMBER:
            return WireList(data=WireTrackings(trackings=[]))
        raise Unreadable(
            f"AfterShip does not understand what it is asked ({meta.code or answer.status_code})."
        )

    def _update(self, raw: dict[str, Any], since: datetime, until: datetime) -> TrackingUpdated | None:
        """A parcel that changed in the window. One that cannot be read must not keep the others from being seen: it is
        logged here, and whoever asks for it by its number is told."""
        try:
            found = WireTracking.read(raw)
            changed_at = mapping.read_moment(found.updated_at, UTC) if found.updated_at else since
            return mapping.read_update(found, self._settings.zone) if since <= changed_at < until else None
        except Unreadable as error:
            log.warning("tracking unreadable", extra={"tracking": str(raw.get("id")), "reason": str(error)})
            return None

    def _parcel(self, found: WireTracking) -> TrackedParcel:
        return mapping.read_parcel(found, self._settings.zone)

    def _headers(self) -> dict[str, str]:
        return {"as-api-key": self._settings.api_key.get_secret_value()}


def _refusal(answer: Answer, now: datetime) -> WireMeta:
    """Why AfterShip refuses the request as such; raises what says nothing of the parcel."""
    if answer.status_code == 429:
        raise NotDone("AfterShip asks us to slow down.", retry_after=_wait(answer, now))
    if answer.status_code == 404:
        raise Unauthorised(f"AfterShip no longer has version {VERSION} of its API (404).")
    if answer.status_code in (401, 403, 408) or not 400 <= answer.status_code < 500:
        answer.raise_for_status()
    try:
        return WireRefusal.read(answer.json()).meta
    except Unreadable:
        return WireMeta()


def _wait(answer: Answer, now: datetime) -> float | None:
    """Seconds until the window of the rate limit ends. It lasts a second; clocks may differ, so at most a minute."""
    reset = answer.headers.get("x-ratelimit-reset", "")
    if not reset.isdecimal():
        return answer.retry_after()
    return min(max(float(reset) - now.timestamp(), 1.0), 60.0)


def _second(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()
