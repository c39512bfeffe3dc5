"""The OpenAPI document: what FastAPI knows, the bare webhook route, and problems as they really look."""

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import JSONResponse, Response

from hub.api.access import Viewer
from hub.api.problems import Problem, told

_OPEN = {
    ("post", "/webhooks/{connection}"),
    ("get", "/health"),
    ("get", "/health/door"),
    ("post", "/session"),
    ("post", "/session/ticket"),
    ("get", "/session/ways"),
    ("get", "/session/oidc"),
    ("get", "/session/oidc/callback"),
}
"""What is answered without a key."""


def add_document(app: FastAPI) -> None:
    """Serve the document, to callers with a key."""
    router = APIRouter(tags=["about"])

    @router.get("/openapi.json", summary="This document", include_in_schema=False)
    async def show(caller: Viewer) -> Response:
        return JSONResponse(app.openapi())

    app.include_router(router)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]  # FastAPI documents this as the way


def _document(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        found = get_openapi(
            title="Faros Hub",
            version="1",
            description="Runs, cases, orders, flows and connections of a Faros hub. Errors are problem documents.",
            routes=app.routes,
        )
        found["paths"]["/webhooks/{connection}"] = {"post": _webhook()}
        schemas = found["components"]["schemas"]
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= {**problem.pop("$defs", {}), "Problem": problem}
        for path, operations in found["paths"].items():
            for method, operation in operations.items():
                _tell_problems(path, operation, is_open=(method, path) in _OPEN)
        schemas.pop("HTTPValidationError", None)
        schemas.pop("ValidationError", None)
        app.openapi_schema = found
    return app.openapi_schema


def _tell_problems(path: str, operation: dict[str, Any], *, is_open: bool) -> None:
    responses = operation["responses"]
    statuses = {"503": "The database does not answer; nothing was done."}
    if not is_open:
        statuses |= {"401": "There is no valid key.", "403": "The key's role does not suffice."}
    if "{" in path:
        statuses["404"] = "There is no such thing."
    if "422" in responses or "requestBody" in operation:
        statuses["422"] = "The request is not valid; `fields` says where."
    if "requestBody" in operation:
        statuses |= {
            "409": "It has changed meanwhile, or belongs to somebody else.",
            "413": "The body is too large.",
        }
    responses.pop("422", None)
    for status, description in statuses.items():
        responses.setdefault(status, told(description))


def _webhook() -> dict[str, Any]:
    def answer(description: str, properties: dict[str, Any]) -> dict[str, Any]:
        schema = {"type": "object", "properties": properties}
        return {"description": description, "content": {"application/json": {"schema": schema}}}

    problems = {
        "401": "The delivery is not signed by its sender.",
        "404": "No webhooks are taken at this address.",
        "408": "The body took longer than ten seconds.",
        "413": "The body is larger than this connection takes.",
        "415": "This connection takes another media type, unencoded.",
        "422": "The delivery is signed, but not JSON.",
        "431": "There are too many headers.",
        "503": "It could not be kept: send it again after `Retry-After` seconds.",
    }
    known = {status: told(text) for status, text in problems.items()}
    return {
        "tags": ["webhooks"],
        "summary": "Deliver a webhook",
        "description": "The raw body is verified as the connection's connector says, and kept before the answer.",
        "operationId": "deliver_webhook",
        "parameters": [
            {"name": "connection", "in": "path", "required": True, "schema": {"type": "string"}},
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {}}}},
        "responses": {
            "202": answer("It is kept, and will be read.", {"id": {"type": "string", "format": "uuid"}}),
            "200": answer("It was kept before.", {"duplicate": {"const": True}}),
            **known,
        },
    }
