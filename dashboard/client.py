"""The hub over HTTP: typed answers, and errors in words. Nothing else of the dashboard opens a connection."""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

T = TypeVar("T")

ADDRESS = "FAROS_API_URL"
"""The one thing the environment says: where the hub's API answers. There is no credential in it."""
NEARBY = "http://127.0.0.1:8000"
PATIENCE = httpx.Timeout(15.0, connect=3.0)


class Answer(BaseModel):
    """A document of the hub. What a newer hub says beyond it is left aside."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Wrong(Answer):
    """One field of a request that is wrong, and why."""

    field: str
    message: str


class Problem(Answer):
    """Why a request was not done, as the hub said it."""

    type: str = "about:blank"
    title: str = "The hub did not do it"
    status: int = 0
    detail: str = ""
    hint: str = ""
    fields: list[Wrong] = []

    @property
    def kind(self) -> str:
        """The stable word: `case-changed` of `urn:faros:case-changed`."""
        return self.type.rpartition(":")[2]

    @property
    def words(self) -> str:
        """The whole of it for a person."""
        parts = [
            self.detail or f"{self.title}.",
            *(f"{f.field}: {f.message}" for f in self.fields),
            self.hint,
        ]
        return " ".join(part for part in parts if part)


class Declined(Exception):
    """The hub answered, and did not do it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.words)
        self.problem = problem


class SignedOut(Declined):
    """The hub does not know who asks: the session ended, or the key was revoked."""


class Away(Exception):
    """The hub does not answer. Whether it did what was asked is not known."""


class Client:
    """Asks the hub in one person's name. `token` is a session's token or an API key; None before signing in."""

    def __init__(self, http: httpx.Client, token: str | None = None) -> None:
        self._http = http
        self._token = token

    def get(self, path: str, shape: type[T], params: Mapping[str, object] | None = None) -> T:
        """Read something; parameters that are None or empty are left out."""
        given = {key: value for key, value in (params or {}).items() if value not in (None, "")}
        return self._ask("GET", path, shape, params=given)

    def post(self, path: str, shape: type[T], body: object = None) -> T:
        """Do something."""
        return self._ask("POST", path, shape, json=body)

    def delete(self, path: str) -> None:
        """End something."""
        self._ask("DELETE", path, object)

    def _ask(self, method: str, path: str, shape: type[T], **more: Any) -> T:
        headers = {"authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            answer = self._http.request(method, path, headers=headers, **more)
        except httpx.TransportError as error:
            raise Away("The hub does not answer. Is `faros up` running?") from error
        if answer.is_error:
            raise _declined(answer)
        if not answer.content:
            return TypeAdapter(shape).validate_python(None)
        try:
            return TypeAdapter(shape).validate_json(answer.content)
        except ValidationError as error:
            raise Away("The hub answered something this dashboard does not understand.") from error


def _declined(answer: httpx.Response) -> Declined:
    try:
        problem = Problem.model_validate_json(answer.content)
    except ValidationError:
        problem = Problem(title=f"The hub answered {answer.status_code}", status=answer.status_code)
    return SignedOut(problem) if answer.status_code == 401 else Declined(problem)


def open_http(base_url: str) -> httpx.Client:
    """Connections to the hub, shared by everybody who looks; no proxy of the environment stands between."""
    return httpx.Client(base_url=base_url, timeout=PATIENCE, trust_env=False, follow_redirects=False)


@cache
def the_hub() -> httpx.Client:
    """Connections to the hub of this dashboard."""
    return open_http(os.environ.get(ADDRESS, NEARBY))
