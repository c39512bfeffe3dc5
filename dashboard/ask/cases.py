"""Cases: what waits for a person, one by one and by root cause, and what is decided."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from dashboard.client import Answer, Client


class Item(Answer):
    """A thing to be done before a case is decided."""

    item: str
    label: str
    by: str | None = None
    at: datetime | None = None


class Note(Answer):
    """What somebody wrote beside a case."""

    by: str
    at: datetime
    text: str


class Proposed(Answer):
    """A decision that waits for a second person."""

    choice: str
    by: str
    at: datetime


class CostAtRisk(Answer):
    """What the exception may cost, and of what that is made."""

    total: Decimal
    currency: str
    parts: dict[str, Decimal] = {}


class Case(Answer):
    """A question to a person."""

    id: str
    store: str
    kind: str
    state: str
    version: int
    title: str
    detail: Any = None
    choices: dict[str, str]
    owner: str = "ops"
    checklist: list[Item] = []
    checked_first: list[str] = []
    subject: str | None = None
    run: str | None = None
    node: str | None = None
    connection: str | None = None
    opened_at: datetime
    due_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    choice: str | None = None
    note: str | None = None
    outcome: str | None = None
    notes: list[Note] = []
    proposed: Proposed | None = None
    needs_second: list[str] = []
    cause: str | None = None
    risk: str | None = None
    cost_at_risk: CostAtRisk | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.state == "open"


class Cases(Answer):
    """Part of a list of cases."""

    items: list[Case]
    next: str | None = None


class Brief(Answer):
    """A case within its group."""

    id: str
    version: int
    subject: str | None = None
    title: str
    due_at: datetime | None = None
    opened_at: datetime


class Group(Answer):
    """Cases of one root cause."""

    key: str
    store: str
    kind: str
    connection: str | None = None
    action: str | None = None
    refusal: str | None = None
    count: int
    overdue: int = 0
    first_due: datetime | None = None
    oldest: datetime
    owners: list[str] = []
    choices: dict[str, str] = {}
    first: list[Brief] = []


class Groups(Answer):
    """Everything that waits, by root cause."""

    open: int
    overdue: int = 0
    due_today: int = 0
    orders: int
    groups: list[Group]


class Step(Answer):
    """Something a choice leads to."""

    node: str
    kind: str
    says: str
    is_certain: bool = True


class Consequence(Answer):
    """Where a choice leads."""

    choice: str
    label: str = ""
    steps: list[Step] = []
    is_money: bool = False
    needs_second: bool = False


class Outcome(Answer):
    """What became of one case of many."""

    id: str
    subject: str | None = None
    outcome: str
    detail: str = ""


class Outcomes(Answer):
    """What became of each of many cases."""

    resolved: int
    outcomes: list[Outcome]


def listed(client: Client, **asked: object) -> Cases:
    """Cases, soonest due first; `state`, `kind`, `owner`, `store`, `group`, `limit` and `cursor` narrow it."""
    return client.get("/cases", Cases, asked)


def one(client: Client, id: str) -> Case:
    """A case."""
    return client.get(f"/cases/{id}", Case)


def groups(client: Client, store: str | None = None) -> Groups:
    """What waits, by root cause, soonest due first."""
    return client.get("/cases/groups", Groups, {"store": store})


def consequences(client: Client, id: str) -> list[Consequence]:
    """Where each choice leads, before one is made."""
    return client.get(f"/cases/{id}/consequences", list[Consequence])


def resolve(client: Client, case: Case, choice: str, note: str) -> Case:
    """Decide. Raises `Declined` of kind `case-changed` if somebody else was first."""
    body = {"version": case.version, "choice": choice, "note": note}
    return client.post(f"/cases/{case.id}/resolution", Case, body)


def resolve_all(client: Client, cases: list[Case], choice: str, note: str) -> Outcomes:
    """Decide many alike; each is done or left for itself."""
    named = [{"id": case.id, "version": case.version} for case in cases]
    return client.post("/cases/resolutions", Outcomes, {"choice": choice, "note": note, "cases": named})


def tick(client: Client, case: Case, item: str) -> Case:
    """Say that an item of the checklist was done."""
    return client.post(f"/cases/{case.id}/checklist/{item}", Case, {"version": case.version})


def write_note(client: Client, case: Case, text: str) -> Case:
    """Write a note beside a case."""
    return client.post(f"/cases/{case.id}/notes", Case, {"text": text})


def hand_over(client: Client, case: Case, owner: str) -> Case:
    """Make it somebody else's."""
    return client.post(f"/cases/{case.id}/owner", Case, {"version": case.version, "owner": owner})
