"""What one of the hub's own actions is given: the step's open transaction and the store's settings, nothing else."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from hub.fulfilment.links import SECRET_BYTES, mint
from hub.fulfilment.policies import Policies
from hub.fulfilment.rules import Rule
from hub.fulfilment.supplier import SupplierSpec
from hub.model.calendar import Calendar
from hub.sdk import HubError
from hub.store.database import Connection

WAREHOUSE = "warehouse"
"""The role of those who can be asked how many there are, in the flows that ask."""


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


def new_token() -> str:
    """A link's token, from the system's own source of chance."""
    return mint(secrets.token_bytes(SECRET_BYTES))


@dataclass(frozen=True, slots=True)
class OwnCall:
    """One performance of an own action, inside the step's commit.

    `source` is the connection the order came from; `person_id` whom the run is about; `now` the trade's time.
    `link_order` tells the run which order it serves; `calendar` is when the store works, in its zone. `roles` are the
    flow's, by the connections that play them; `settings` the store's own of hub.yaml, `templates` its own
    texts by file name. `new_token` makes what nobody can guess.
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
    roles: Mapping[str, list[str]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    new_token: Callable[[], str] = new_token

    def tells_stock(self, connection: str) -> bool:
        """Whether this flow can ask a supplier for its stock: one reached by mail or files is no `warehouse`."""
        return connection in self.roles.get(WAREHOUSE, [connection])
