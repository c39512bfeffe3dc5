"""What the hub itself asks people, outside of any run's step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.engine.ids import new_id
from hub.engine.store_events import store_event
from hub.fulfilment.events import CaseOpened, window_of
from hub.model.case import UNSAID_DUE
from hub.store.cases import About, open_case
from hub.store.database import Connection
from hub.store.encoding import to_bytes
from hub.store.sealing import Box
from hub.store.unit import CaseNew


@dataclass(frozen=True, slots=True)
class Question:
    """A case of the hub's own. `cause`, where given, is open at most once; `order_id`, `subject`, `flow` and `run` say
    what it is about, where it is about an order."""

    kind: str
    title: str
    detail: Mapping[str, Any]
    choices: Mapping[str, str]
    connection: str | None = None
    cause: str | None = None
    due_at: datetime | None = None
    order_id: UUID | None = None
    subject: str | None = None
    flow: str | None = None
    run: UUID | None = None


async def ask(
    connection: Connection, store_id: str, house: Box, asked: Question, now: datetime, box: Box | None = None
) -> None:
    """Open a case and tell of it. `house` is the store's own box; `box` that of the person it is about, if any."""
    id, sealing = new_id(), box or house
    due_at = asked.due_at or now + UNSAID_DUE
    event = CaseOpened(
        case=str(id),
        kind=asked.kind,
        window=window_of(now),
        about=asked.subject,
        order_id=written(asked.order_id),
        flow=asked.flow,
        run=written(asked.run),
        connection=asked.connection,
        due_at=due_at,
    )
    case = CaseNew(
        id,
        asked.kind,
        sealing.seal(to_bytes({"title": asked.title, "detail": asked.detail})),
        dict(asked.choices),
        now,
        store_event(house, store_id, event),
        due_at=due_at,
        connection_id=asked.connection,
        cause=asked.cause,
    )
    # Not the run: deciding this case is no news for it.
    await open_case(connection, case, About(store_id, sealing.id, None, asked.order_id, asked.subject))


def written(id: UUID | None) -> str | None:
    """An id as events hold it."""
    return None if id is None else str(id)
