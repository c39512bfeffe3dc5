"""Whether the other side still sends us webhooks: what it said when its subscriptions were last looked at."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from hub.api.opening import boxes_of, opened
from hub.assembly import Hub
from hub.store.database import Connection
from hub.store.subscriptions import last_looks


class SubscriptionsShown(BaseModel):
    """Which webhooks come, as far as the other side has said."""

    state: Literal["complete", "incomplete", "refused", "unknown"] = Field(
        description="refused: it does not let us subscribe; unknown: it has not answered."
    )
    missing: list[str] = Field([], description="Topics that do not come.")
    looked_at: datetime = Field(description="When it answered; when it was asked, if it has not.")


async def subscriptions_of(
    hub: Hub, connection: Connection, ids: Sequence[str]
) -> dict[str, SubscriptionsShown]:
    """By connection; one whose subscriptions nobody keeps is not in it."""
    rows = await last_looks(connection, list(ids))
    boxes = await boxes_of(hub, connection, rows)
    return {row["id"]: _shown(row, opened(boxes, row, "answer")) for row in rows}


def _shown(row: Any, answer: Any) -> SubscriptionsShown:
    at = row["settled_at"] or row["intended_at"]
    if row["state"] == "refused":
        return SubscriptionsShown(state="refused", looked_at=at)
    if row["state"] != "confirmed" or answer is None:
        return SubscriptionsShown(state="unknown", looked_at=at)
    missing = [str(topic) for topic in answer.get("missing", [])]
    return SubscriptionsShown(state="incomplete" if missing else "complete", missing=missing, looked_at=at)
