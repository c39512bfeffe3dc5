"""Pages of a list: a limit, and an opaque cursor that says where the next page begins."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import orjson
from fastapi import Depends, Query
from pydantic import BaseModel, Field

from hub.api.problems import declined
from hub.store.reading import Mark, Window

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """Part of a list."""

    items: list[T]
    next: str | None = Field(
        None, description="Give this as `cursor` for the next page; absent on the last one."
    )


async def _window(
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="`next` of the page before.")] = None,
) -> Window:
    # One row more than asked for tells whether there is a next page.
    return Window(limit + 1, _read(cursor) if cursor else None)


Asked = Annotated[Window, Depends(_window)]


def cut(rows: Sequence[Any], window: Window) -> tuple[Sequence[Any], str | None]:
    """The rows to show, and the cursor of the next page. Rows have `mark` and `id`."""
    if len(rows) < window.limit:
        return rows, None
    shown = rows[: window.limit - 1]
    last = shown[-1]
    return shown, base64.urlsafe_b64encode(orjson.dumps([last["mark"].isoformat(), str(last["id"])])).decode()


def _read(cursor: str) -> Mark:
    try:
        at, id = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
        mark = Mark(datetime.fromisoformat(at), UUID(id))
        if mark.at.tzinfo is None:
            raise ValueError
        return mark
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raise declined(
            422, "bad-cursor", "The cursor is not one of ours.", "Begin again without it."
        ) from None
