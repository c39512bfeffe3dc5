"""Who may do what: every address asks for a key, and every key has its bounds."""

import hashlib
import re
from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from hub.store.keys import list_keys, revoke_key
from tests.api.conftest import Enter
from tests.floor import Floor

OPEN = {
    "/webhooks/{connection}", "/health", "/health/door", "/session", "/session/ways", "/session/ticket",
    "/session/oidc", "/session/oidc/callback",
}  # fmt: skip
NOBODY = "00000000-0000-0000-0000-000000000000"


def routes(app: FastAPI) -> set[tuple[str, str]]:
    """Every method and path the app answers, bare routes included."""
    found = set()
    pending = list(app.router.routes)
    while pending:
        route = pending.pop()
        pending += getattr(route, "routes", None) or getattr(
            getattr(route, "original_router", None), "routes", []
        )
        for method in getattr(route, "methods", None) or ():
            found.add((method, str(getattr(route, "path", ""))))
    return found


def filled(path: str) -> str:
    return re.sub(r"\{\w+\}", NOBODY, path)


async def test_every_address_but_the_open_ones_asks_for_a_key(
    app: FastAPI, stranger: httpx.AsyncClient
) -> None:
    asked = {(m, p) for m, p in routes(app) if p not in OPEN}
    answers = {(m, p): await stranger.request(m, filled(p)) for m, p in asked}

    assert len(asked) >= 17
    assert {at: a.status_code for at, a in answers.items() if a.status_code != 401} == {}
    assert {a.headers["www-authenticate"] for a in answers.values()} == {"Bearer"}


async def test_a_wrong_key_hears_what_no_key_hears(stranger: httpx.AsyncClient) -> None:
    keys = ("nonsense", "", "faros_" + "x" * 43, "x" * 5000)
    bare = await stranger.get("/runs")
    answers = [await stranger.get("/runs", headers={"authorization": f"Bearer {key}"}) for key in keys]
    answers.append(await stranger.get("/runs", headers={"authorization": "Basic abc"}))

    assert {(a.status_code, a.content) for a in answers} == {(401, bare.content)}


async def test_a_key_is_kept_as_a_hash_only(floor: Floor, viewer: httpx.AsyncClient) -> None:
    key = viewer.headers["authorization"].removeprefix("Bearer ")
    (row,) = await floor.rows("select * from api_keys")

    assert (await viewer.get("/runs")).status_code == 200
    assert row["key_hash"] == hashlib.sha256(key.encode()).hexdigest()
    assert key not in repr(dict(row))


async def test_a_revoked_key_opens_nothing(floor: Floor, viewer: httpx.AsyncClient) -> None:
    async with floor.hub.database.connection() as connection:
        (row,) = await list_keys(connection)
        assert await revoke_key(connection, row["id"], floor.now)
        assert not await revoke_key(connection, row["id"], floor.now)

    assert (await viewer.get("/runs")).status_code == 401


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("viewer", {"POST /flows/check"}),
        ("ops", {"POST /flows/check", "POST /cases", "POST /check", "POST /pause", "POST /resume"}),
        (
            "admin",
            {
                "POST /flows/check",
                "POST /cases",
                "POST /check",
                "POST /pause",
                "POST /resume",
                "POST /versions",
            },
        ),
    ],
)
async def test_a_role_changes_what_it_may_and_no_more(enter: Enter, role: str, allowed: set[str]) -> None:
    client = await enter(role)  # type: ignore[arg-type]  # one of the roles
    case = {"version": 1, "choice": "give-up"}
    asked = {
        "POST /flows/check": ("/flows/check", {"text": "x"}),
        "POST /cases": (f"/cases/{NOBODY}/resolution", case),
        "POST /check": ("/connections/hooks/check", None),
        "POST /pause": ("/connections/hooks/pause", {"why": "stocktaking"}),
        "POST /resume": ("/connections/hooks/resume", None),
        "POST /versions": ("/flows/x/versions", {"text": "x", "store": "main", "roles": {}}),
    }
    answers = {name: await client.post(path, json=body) for name, (path, body) in asked.items()}

    assert {name for name, a in answers.items() if a.status_code != 403} == allowed


async def test_the_key_of_the_environment_is_an_admins(floor: Floor, stranger: httpx.AsyncClient) -> None:
    floor.hub.settings = floor.hub.settings.model_copy(update={"api_key": SecretStr("first-key")})

    assert (await stranger.get("/runs", headers={"authorization": "Bearer first-key"})).status_code == 200
    assert (await stranger.get("/runs", headers={"authorization": "Bearer first-kex"})).status_code == 401


NEARLY: dict[str, Callable[[str], str]] = {
    "slash": lambda path: f"{path}/",
    "two slashes": lambda path: f"/{path}",
    "parameter": lambda path: f"{path};x",
    "upper case": str.upper,
    "dots": lambda path: f"/%2e%2e{path}",
    "up and down": lambda path: f"/webhooks/..{path}",
    "health first": lambda path: f"/health/..{path}",
}


@pytest.mark.parametrize("bend", NEARLY.values(), ids=NEARLY.keys())
async def test_an_address_that_is_nearly_right_opens_nothing(
    app: FastAPI, stranger: httpx.AsyncClient, bend: Callable[[str], str]
) -> None:
    opened = {}
    for method, path in routes(app):
        for tried in (method, "POST" if method == "GET" else "GET"):
            if path not in OPEN:
                answer = await stranger.request(tried, f"https://hub.example{bend(filled(path))}")
                opened[tried, path] = answer.status_code

    assert {at: status for at, status in opened.items() if status not in (401, 404, 405)} == {}


async def test_every_answer_carries_the_headers_of_a_careful_house(
    stranger: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    answers = [await viewer.get("/runs"), await stranger.get("/nowhere"), await stranger.post("/webhooks/x")]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers


async def test_no_body_but_a_deliverys_may_be_large(ops: httpx.AsyncClient) -> None:
    answer = await ops.post(f"/cases/{NOBODY}/resolution", content=b"x" * 70_000)

    assert (answer.status_code, answer.json()["type"]) == (413, "urn:faros:too-large")


async def test_the_frameworks_own_errors_are_problem_documents(viewer: httpx.AsyncClient) -> None:
    answers = [
        (404, await viewer.get("/nowhere")),
        (405, await viewer.delete("/runs")),
        (422, await viewer.get("/runs?limit=0")),
        (422, await viewer.get("/runs/not-an-id")),
        (422, await viewer.get("/runs?cursor=AAAA")),
        (422, await viewer.post("/flows/check", content=b"{", headers={"content-type": "application/json"})),
    ]
    for status, answer in answers:
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert answer.json()["status"] == status and answer.json()["title"]


async def test_an_error_does_not_repeat_what_the_caller_sent(viewer: httpx.AsyncClient) -> None:
    answer = await viewer.post("/flows/check", json={"text": 7, "secret": "ada@example.com"})

    assert answer.status_code == 422
    assert {f["field"] for f in answer.json()["fields"]} == {"body.text", "body.secret"}
    assert b"ada@example.com" not in answer.content


def test_routes_are_found_wherever_they_are_kept(app: FastAPI) -> None:
    assert {("POST", "/webhooks/{connection}"), ("GET", "/openapi.json"), ("GET", "/metrics")} <= routes(app)
