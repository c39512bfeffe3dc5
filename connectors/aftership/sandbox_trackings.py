"""The trackings of the AfterShip double's account: how they are made, moved and written down."""

import uuid
from datetime import UTC, datetime
from typing import Any

from connectors.aftership.schema import definitions

Json = dict[str, Any]

TRACKED = "1Z999AA10123456784"
"""The number of the parcel that is always there, on its way with UPS."""


class Account:
    """Its trackings by their id; a number is followed once for each carrier."""

    def __init__(self) -> None:
        self.trackings: dict[str, Json] = {}

    def get(self, number: str, slug: str = "") -> Json | None:
        """The tracking of a number, of one carrier where that is said."""
        for found in self.trackings.values():
            if found["tracking_number"] == number and slug in ("", found["slug"]):
                return found
        return None

    def add(self, asked: Json, slug: str, now: datetime) -> Json:
        """Follow a parcel of which nothing is known yet. What AfterShip does not know it writes as null."""
        known = {name: value for name, value in asked.items() if name in _names("Tracking")}
        tracking: Json = dict.fromkeys(_names("Tracking")) | known
        id = str(asked.get("id") or uuid.uuid4().hex)
        tracking |= {
            "id": id,
            "slug": slug,
            "created_at": written(now),
            "updated_at": written(now),
            "active": True,
            "source": "api",
            "tag": "Pending",
            "subtag": "Pending_001",
            "subtag_message": "Pending",
            "return_to_sender": False,
            "tracked_count": 0,
            "custom_fields": asked.get("custom_fields"),
            "shipment_tags": asked.get("shipment_tags") or [],
            "checkpoints": [],
        }
        self.trackings[id] = tracking
        return tracking

    def add_checkpoint(self, tracking: Json, now: datetime, **said: Any) -> Json:
        """A carrier says something; the tracking stands where its newest checkpoint does."""
        point = dict.fromkeys(_names("Checkpoint")) | {
            "created_at": written(now),
            "checkpoint_time": written(now),
            "slug": tracking["slug"],
            "source": "carrier",
            "subtag": f"{said['tag']}_001",
            "events": [],
        }
        point |= said
        tracking["checkpoints"].append(point)
        newest = max(tracking["checkpoints"], key=_placed)
        tracking |= {name: newest[name] for name in ("tag", "subtag", "subtag_message")}
        tracking["updated_at"] = written(now)
        tracking["tracked_count"] += 1
        tracking["active"] = newest["tag"] not in ("Delivered", "Expired")
        return point


def unknown_names(said: Json, model: str) -> list[str]:
    """The fields of a body that a model does not have."""
    return sorted(set(said) - set(_names(model)))


def written(moment: datetime) -> str:
    """A moment as AfterShip writes its own: UTC, whole seconds, with an offset."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


def _names(model: str) -> list[str]:
    return list(definitions()[model]["properties"])


def _placed(point: Json) -> datetime:
    moment = datetime.fromisoformat(point["checkpoint_time"])
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
