"""Problem documents (RFC 9457): every error of the API has this one shape, the framework's own included."""

from collections.abc import Mapping
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from hub.store.database import lost
from hub.store.health import unwilling

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
_AS_TOLD = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


class WrongField(BaseModel):
    """One field that is wrong, and why; never its value."""

    field: str
    message: str


class Problem(BaseModel):
    """What went wrong, and what would be right."""

    type: str = Field("about:blank", description="A stable word for programs, as a URN.")
    title: str = Field(description="What happened, the same for every problem of this type.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field("", description="This occurrence, in a sentence for a person.")
    hint: str = Field("", description="What to do about it.")
    fields: list[WrongField] = Field(default_factory=list, description="The fields that are wrong.")


class Declined(Exception):
    """The request is answered with this problem."""

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem.title)
        self.problem = problem
        self.headers = dict(headers or {})


_TITLES = {
    400: "The request cannot be read",
    401: "It is not known who is asking",
    403: "This key may not do that",
    404: "There is no such thing",
    405: "This address does not do that",
    408: "The request took too long to arrive",
    409: "It has changed meanwhile",
    413: "The request is too large",
    415: "This media type is not taken",
    422: "The request is not valid",
    429: "It was tried too often",
    431: "The request has too many headers",
    500: "The hub failed",
    503: "Not now",
}


def problem(
    status: int, kind: str, detail: str = "", hint: str = "", fields: list[WrongField] | None = None
) -> Problem:
    """A problem of a kind, which is a stable kebab-case word."""
    title = _TITLES.get(status, "The request was not done")
    return Problem(
        type=f"urn:faros:{kind}", title=title, status=status, detail=detail, hint=hint, fields=fields or []
    )


def declined(status: int, kind: str, detail: str = "", hint: str = "") -> Declined:
    """To be raised: the request ends here with this problem."""
    return Declined(problem(status, kind, detail, hint))


def encoded(found: Problem) -> bytes:
    """A problem's document."""
    return orjson.dumps(found.model_dump(exclude_defaults=True) | {"type": found.type})


def told(description: str) -> dict[str, Any]:
    """A problem as the OpenAPI document tells of it."""
    return {"description": description, "content": _AS_TOLD}


def respond(found: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """A problem as a response."""
    return Response(encoded(found), found.status, dict(headers or {}), MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Let every error leave as a problem document; none carries a stack trace or what the caller sent."""
    app.add_exception_handler(Declined, _declined)
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _failed)
    for kind in (*lost, *unwilling):
        app.add_exception_handler(kind, _away)


async def _declined(request: Request, error: Exception) -> Response:
    assert isinstance(error, Declined)
    return respond(error.problem, error.headers)


async def _of_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = {404: "not-found", 405: "method-not-allowed", 400: "unreadable"}.get(error.status_code, "declined")
    return respond(problem(error.status_code, kind), error.headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # Pydantic's message may quote the input of a custom validator; ours never do, and `input` itself is left out.
    fields = [
        WrongField(field=".".join(str(part) for part in e["loc"]), message=e["msg"]) for e in error.errors()
    ]
    return respond(problem(422, "invalid", "Some fields are not as they should be.", fields=fields))


async def _away(request: Request, error: Exception) -> Response:
    log.warning("database away", error=type(error).__name__)
    return respond(problem(503, "database-away", "The database does not answer."), {"retry-after": "5"})


async def _failed(request: Request, error: Exception) -> Response:
    return respond(
        problem(500, "failed", "The hub's log says more.", "Try again; if it stays, look into the log.")
    )
