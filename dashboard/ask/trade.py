"""Suppliers and connections: who works, who is silent, and what stands between us and them."""

from datetime import datetime
from urllib.parse import quote

from dashboard.client import Answer, Client


class Quarantined(Answer):
    """Something of a supplier's that is not believed, or silent."""

    kind: str
    title: str
    since: datetime


class Supplier(Answer):
    """A supplier of a store, as it stands now."""

    store: str
    supplier: str
    name: str = ""
    level: int | None = None
    articles: int = 0
    unavailable: int = 0
    stock_known: int = 0
    oldest_stock_at: datetime | None = None
    newest_stock_at: datetime | None = None
    is_stale: bool = False
    open_purchases: int = 0
    unacknowledged: int = 0
    last_purchase_at: datetime | None = None
    quarantine: list[Quarantined] = []
    is_paused: bool = False
    open_cases: int = 0


class Budget(Answer):
    """How fast a connection may be asked, and what is left of it."""

    per_second: float | None = None
    burst: float
    left: float | None = None


class Poll(Answer):
    """Something a connection is asked for again and again."""

    poll: str
    due_at: datetime | None = None
    asked_at: datetime | None = None


class Subscriptions(Answer):
    """Which webhooks come, as the other side said when it was last asked."""

    state: str
    missing: list[str] = []
    looked_at: datetime


class Connection(Answer):
    """An account with a remote service."""

    id: str
    store: str
    connector: str
    title: str = ""
    mode: str
    is_open: bool
    broken: str = ""
    paused_at: datetime | None = None
    paused_why: str = ""
    is_store_paused: bool = False
    live_from: datetime | None = None
    retry_at: datetime | None = None
    open_effects: int = 0
    health: str = ""
    budget: Budget | None = None
    last_delivery_at: datetime | None = None
    unread_deliveries: int = 0
    webhook_lag_seconds: float | None = None
    polls: list[Poll] = []
    open_cases: int = 0
    subscriptions: Subscriptions | None = None


class Looked(Answer):
    """What is asked for now."""

    polls: tuple[str, ...] = ()


class Tried(Answer):
    """What came of trying a connection."""

    works: bool
    said: str


class BrokenPlugin(Answer):
    """A plugin that would not load."""

    name: str
    distribution: str
    reason: str


class Catalog(Answer):
    """What is installed."""

    broken: list[BrokenPlugin] = []


def suppliers(client: Client, store: str | None = None) -> list[Supplier]:
    """Every supplier."""
    return client.get("/suppliers", list[Supplier], {"store": store})


def connections(client: Client, store: str | None = None) -> list[Connection]:
    """Every connection."""
    return client.get("/connections", list[Connection], {"store": store})


def broken_plugins(client: Client) -> list[BrokenPlugin]:
    """Plugins that are installed and not used, with the reason."""
    return client.get("/catalog", Catalog).broken


def attempt(client: Client, id: str) -> Tried:
    """Ask the other side something harmless."""
    return client.post(f"/connections/{quote(id, safe='')}/check", Tried)


def look(client: Client, id: str) -> tuple[str, ...]:
    """Ask it now for whatever is polled; the names of the polls."""
    return client.post(f"/connections/{quote(id, safe='')}/look", Looked).polls


def pause(client: Client, id: str, why: str) -> Connection:
    """Let nothing leave on it."""
    return client.post(f"/connections/{quote(id, safe='')}/pause", Connection, {"why": why})


def resume(client: Client, id: str) -> Connection:
    """Let it go on."""
    return client.post(f"/connections/{quote(id, safe='')}/resume", Connection)
