"""What one of the hub's own actions is given: the step's open transaction and the store's settings, nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from hub.fulfilment.policies import Policies
from hub.fulfilment.rules import Rule
from hub.fulfilment.supplier import SupplierSpec
from hub.model.calendar import Calendar
from hub.sdk import HubError
from hub.store.database import Connection


class Sealer(Protocol):
    """Encrypts under the data key of the person the run is about."""

    def seal(self, plain: bytes) -> bytes:
        """Encrypt."""
        ...

    def open(self, sealed: bytes) -> bytes:
        """Decrypt; raises on what was sealed for somebody else."""
        ...


def is_sealed(sealed: bytes, plain: bytes, sealer: Sealer) -> bool:
    """Whether this is what was sealed; what was sealed for somebody else is certainly not the same."""
    try:
        return sealer.open(sealed) == plain
    except HubError:
        return False


@dataclass(frozen=True, slots=True)
class OwnCall:
    """One performance of an own action, inside the step's commit.

    `source` is the connection the order came from; `person_id` whom the run is about; `now` the trade's time.
    `link_order` tells the run which order it serves; `calendar` is when the store works, in its zone.
    """

    connection: Connection
    store_id: str
    run_id: UUID
    person_id: UUID
    source: str
    now: datetime
    sealer: Sealer
    link_order: Callable[[UUID], None]
    policies: Policies = field(default_factory=Policies)
    suppliers: list[SupplierSpec] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    calendar: Calendar = field(default_factory=Calendar)
