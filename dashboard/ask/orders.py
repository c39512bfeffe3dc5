"""Orders: found by whatever is known of them, and one order's whole story."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from dashboard.ask.cases import Case
from dashboard.client import Answer, Client


class Listed(Answer):
    """An order in a list."""

    store: str
    source: str
    number: str
    payment: str | None = None
    total: Decimal | None = None
    currency: str | None = None
    created_at: datetime | None = None
    recorded_at: datetime | None = None
    cancel_requested_at: datetime | None = None
    twin_of: str | None = None
    verdict: str | None = None
    open_cases: int | None = None
    state: str | None = None
    stages: list[str] = []
    suppliers: list[str] = []
    found_by: str | None = None


class Page(Answer):
    """Part of a list of orders."""

    items: list[Listed]
    next: str | None = None


class Money(Answer):
    """An amount."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class Risk(Answer):
    """How a supplier kept its promises, and what that adds to a purchase; what is unknown adds nothing."""

    purchases: int = 0
    late: int = 0
    rejected: int = 0
    cost: Money | None = None
    unknown: str = ""


class Candidate(Answer):
    """A supplier that could have shipped a line, and what spoke for or against it."""

    supplier: str
    standing: str = ""
    why: str = ""
    available: int | None = None
    threshold: int | None = None
    unit_cost: Money | None = None
    shipping: Money | None = None
    risk: Risk | None = None
    zone: str = ""
    preference: int | None = None
    age_seconds: int | None = None


class Share(Answer):
    """How many units of a line one of several suppliers ships."""

    supplier: str
    quantity: int


class DecidedLine(Answer):
    """Who ships a line, or a portion of it, and who does not. `shares` are all its portions where there are several."""

    sku: str
    supplier: str = ""
    reason: str = ""
    quantity: int = 1
    replaces: str = ""
    shares: list[Share] = []
    candidates: list[Candidate] = []


class Decision(Answer):
    """A decision about a whole order."""

    id: str
    run: str
    rules_version: str
    lines: list[DecidedLine]
    made_at: datetime
    superseded_at: datetime | None = None


class Purchase(Answer):
    """A purchase order."""

    id: str
    supplier: str
    reference: str
    state: str
    status: str | None = None
    supplier_reference: str
    lines: list[dict[str, Any]]
    reason: str
    claimed_at: datetime | None = None
    settled_at: datetime | None = None


class Parcel(Answer):
    """A parcel of a purchase."""

    reference: str
    purchase: str
    supplier: str
    tracking_number: str
    carrier: str
    status: str
    generation: int = 0
    replaced_by: str = ""
    created_at: datetime
    last_scan_at: datetime | None = None
    delivered_at: datetime | None = None
    voided_at: datetime | None = None


class Clock(Answer):
    """A promise with its due moment."""

    flow: str
    clock: str
    state: str
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None = None


class Run(Answer):
    """One flow applied to the order."""

    id: str
    flow: str
    version: int
    started_at: datetime
    ended_at: datetime | None = None
    end_reason: str | None = None
    due_at: datetime | None = None


class Effect(Answer):
    """A row of the ledger."""

    id: str
    run: str
    node: str
    connection: str
    action: str
    kind: dict[str, Any]
    key: str
    state: str
    attempt: int
    refusal: str | None = None
    reason: str = ""
    intended_at: datetime
    settled_at: datetime | None = None


class Moment(Answer):
    """Something that happened."""

    at: datetime
    about: str
    id: str
    what: str
    detail: str = ""


class Order(Listed):
    """An order with its whole story."""

    body: dict[str, Any] | None = None
    decisions: list[Decision] = []
    purchases: list[Purchase] = []
    parcels: list[Parcel] = []
    clocks: list[Clock] = []
    runs: list[Run] = []
    effects: list[Effect] = []
    cases: list[Case] = []
    timeline: list[Moment] = []
    also: list[Listed] = []


class Written(Answer):
    """One text of a message, as it went out on its channel."""

    channel: str
    subject: str = ""
    text: str = ""


class Message(Answer):
    """What the customer was told, as they saw it."""

    milestone: str
    notice: str
    state: str
    reason: str = ""
    made_at: datetime
    sent_at: datetime | None = None
    messages: list[Written] = []


class Standing(Answer):
    """A token on its node."""

    node: str
    state: str


class Where(Answer):
    """How far a run of the order has come."""

    run: str
    flow: str
    version: int
    is_over: bool = False
    tokens: list[Standing] = []
    passed: list[str] = []


def found(client: Client, **asked: object) -> Page:
    """Orders; `q` finds a number, a tracking number, a reference, an SKU or an e-mail address."""
    return client.get("/orders", Page, asked)


def one(client: Client, number: str, store: str | None = None) -> Order:
    """An order."""
    return client.get(f"/orders/{_in_path(number)}", Order, {"store": store})


def messages(client: Client, number: str, store: str | None = None) -> list[Message]:
    """What its customer was told."""
    return client.get(f"/orders/{_in_path(number)}/messages", list[Message], {"store": store})


def where(client: Client, number: str, store: str | None = None) -> list[Where]:
    """Where its runs stand."""
    return client.get(f"/orders/{_in_path(number)}/where", list[Where], {"store": store})


def _in_path(number: str) -> str:
    """A number as one part of a path, whatever is in it."""
    return quote(number.lstrip("#"), safe="")
