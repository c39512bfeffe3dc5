"""People: signing in and out, who somebody is, and the stores they may see."""

from datetime import datetime
from typing import Literal

from dashboard.client import Answer, Client, Declined

Role = Literal["viewer", "ops", "admin"]


class SignedIn(Answer):
    """A session that begins."""

    token: str
    name: str
    role: Role
    expires_at: datetime | None = None


class Ways(Answer):
    """How people may sign in; `provider` is where a browser goes for the organisation's own sign-in, and `dashboard`
    where it comes back to."""

    provider: str | None = None
    dashboard: str | None = None


class Person(Answer):
    """Who a token belongs to."""

    name: str
    role: Role
    kind: Literal["user", "key"] = "user"
    expires_at: datetime | None = None

    @property
    def may_act(self) -> bool:
        """Whether they may decide, or only look."""
        return self.role != "viewer"


class Store(Answer):
    """A brand, with the zone its people live in."""

    id: str
    name: str = ""
    zone: str = "UTC"
    currency: str | None = None
    is_paused: bool = False


class Document(Answer):
    """What the hub says of itself."""

    paths: dict[str, object]


def offers(client: Client) -> set[str]:
    """The paths that this hub answers; one that is older than its dashboard has fewer."""
    return set(client.get("/openapi.json", Document).paths)


def sign_in(client: Client, name: str, password: str) -> SignedIn:
    """Begin a session."""
    return client.post("/session", SignedIn, {"name": name, "password": password})


def ways(client: Client) -> Ways:
    """How to sign in here. A hub that is older than this knows passwords only."""
    try:
        return client.get("/session/ways", Ways)
    except Declined:
        return Ways()


def use_ticket(client: Client, ticket: str, verifier: str) -> SignedIn:
    """Begin a session with what a browser brought from the provider, and what it alone can show."""
    return client.post("/session/ticket", SignedIn, {"ticket": ticket, "verifier": verifier})


def who(client: Client) -> Person:
    """Whose token it is; raises `SignedOut` for one that is not known."""
    return client.get("/session", Person)


def sign_out(client: Client) -> None:
    """End the session."""
    client.delete("/session")


def stores(client: Client) -> list[Store]:
    """Those the person may see."""
    return client.get("/stores", list[Store])
