"""The OpenAPI document tells everything, and only what is true."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.api.test_access import OPEN, routes


@pytest.fixture
async def document(viewer: httpx.AsyncClient) -> dict[str, Any]:
    return dict((await viewer.get("/openapi.json")).json())


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def references(value: Any) -> Iterator[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict) and isinstance(value.get("$ref"), str):
        yield value["$ref"]
    for part in inner:
        yield from references(part)


async def test_every_route_is_told(document: dict[str, Any], app: FastAPI) -> None:
    told = {(method, path) for method, path, _ in operations(document)}

    assert told == {(m, p) for m, p in routes(app) if m != "HEAD" and p != "/openapi.json"}
    assert document["openapi"].startswith("3.1")


async def test_every_operation_says_what_it_does_and_what_it_answers(document: dict[str, Any]) -> None:
    found = list(operations(document))

    assert [path for _, path, o in found if not o.get("summary") or not o.get("description")] == []
    assert len({o["operationId"] for _, _, o in found}) == len(found)
    for _, path, operation in found:
        assert all(answer["description"] for answer in operation["responses"].values()), path
        named = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
        assert all(f"{{{name}}}" in path for name in named) and path.count("{") == len(named)


async def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

    assert set(references(document)) <= known
    assert "#/components/schemas/HTTPValidationError" not in known


async def test_every_error_is_told_as_a_problem(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        errors = {s: a for s, a in operation["responses"].items() if s >= "400" and "/health" not in path}
        assert all(list(a["content"]) == ["application/problem+json"] for a in errors.values()), (
            method,
            path,
        )
        assert ("401" in errors and "security" in operation) or path in OPEN, (method, path)
