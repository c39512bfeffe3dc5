"""How columns are declared: moments carry a zone, documents are JSONB, and what is about a customer says so."""

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Index, LargeBinary, func, literal_column
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlmodel import Field


def moment(*, required: bool = False, index: bool = False) -> Any:
    """A timestamptz."""
    if required:
        return Field(sa_type=DateTime(timezone=True), index=index)
    return Field(default=None, sa_type=DateTime(timezone=True), index=index)


def document(*, required: bool = False) -> Any:
    """A JSONB column for what is nobody's personal data."""
    if required:
        return Field(sa_type=JSONB)
    return Field(default=None, sa_type=JSONB)


def as_written(*, required: bool = False) -> Any:
    """A JSON column that keeps the order of its keys, as JSONB does not."""
    return Field(sa_type=JSON) if required else Field(default=None, sa_type=JSON)


def sealed(kind: str, *, required: bool = False) -> Any:
    """Encrypted bytes; `kind` says what is inside: name, address, contact, payload or secret."""
    info: dict[str, Any] = {"sa_type": LargeBinary, "sa_column_kwargs": {"info": {"pii": kind}}}
    return Field(**info) if required else Field(default=None, **info)


def starts(name: str, text: str, *also: str) -> Index:
    """An index by which texts are found by their beginning, in capitals, whatever the database's collation is.

    `text` is SQL: a column, or an expression of one.
    """
    beginning = func.upper(literal_column(text)).label("beginning")
    return Index(name, beginning, *also, postgresql_ops={"beginning": "text_pattern_ops"})


Moment = datetime
