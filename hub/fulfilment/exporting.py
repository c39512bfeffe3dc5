"""When a supplier's pending orders go out together, and the hub's own `exports` actions: which of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from hub.fulfilment.call import OwnCall
from hub.fulfilment.supplier import SupplierSpec
from hub.model.calendar import local_moment
from hub.sdk.commerce import Internal, Record
from hub.store import exports

_DAYS = (-1, 0, 1)


class DueExport(Record):
    """A supplier whose pending orders go out, and their moment, which may have passed."""

    supplier: Annotated[str, Internal()]
    at: AwareDatetime


class BatchName(Record):
    """A supplier's batch: its name says when it was closed, by the store's clocks."""

    supplier: Annotated[str, Internal()]
    batch: str


class Batch(BatchName):
    """The purchases of a batch, in order; none if another run sends it."""

    references: list[str]


class Exported(Record):
    """How many purchases went out in a batch."""

    count: int


async def close(asked: DueExport, call: OwnCall) -> Batch:
    """Close a supplier's batch: what was laid aside until then is in it and in no other. Once closed it stays so."""
    name = f"{asked.at.astimezone(ZoneInfo(call.calendar.zone)):%Y%m%d-%H%M}"
    batch = asked.supplier, name
    references = await exports.close(call.connection, call.store_id, batch, call.run_id, asked.at)
    return Batch(supplier=asked.supplier, batch=name, references=references)


async def settle(asked: BatchName, call: OwnCall) -> Exported:
    """Note that a batch went out: its orders are exported, and not acknowledged by that."""
    count = await exports.exported(call.connection, call.store_id, asked.supplier, asked.batch, call.now)
    return Exported(count=count)


def next_export(spec: SupplierSpec | None, zone: str, now: datetime) -> datetime:
    """When what is laid aside now goes out; a supplier that hub.yaml does not describe has the default times."""
    times = spec or SupplierSpec(connection="", name="")
    return next(at for at in _moments(times, zone, now) if at > now)


def last_export(spec: SupplierSpec, zone: str, now: datetime) -> datetime:
    """The export time that has come last."""
    return [at for at in _moments(spec, zone, now) if at <= now][-1]


def exports_of(suppliers: Iterable[SupplierSpec]) -> list[SupplierSpec]:
    """The suppliers that are reached by files: of no other is anything pending."""
    return [spec for spec in suppliers if spec.level == _BY_FILE]


_BY_FILE = 2


def _moments(spec: SupplierSpec, zone: str, now: datetime) -> list[datetime]:
    """The export times around now, in order."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return sorted(local_moment(today + timedelta(days=n), at, zone) for n in _DAYS for at in spec.orders_at)
