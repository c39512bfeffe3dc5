"""People sign in at their organisation's OpenID provider: who is known there and may, and nobody else."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import RSAKey
from pydantic import SecretStr, ValidationError

from hub.api import create_app
from hub.cli.serving import address, bound, served
from hub.store.audit import read_audit
from hub.store.identities import Grant, Oidc
from hub.store.tickets import challenge_of
from hub.store.users import UserNew, add_user, disable_user
from tests.api.provider_double import CALLBACK, CLIENT, SECRET, ProviderDouble
from tests.floor import Floor, open_floor, shop

DASHBOARD = "https://desk.example"
ADA = {
    "sub": "1",
    "email": "Ada@Brand.example",
    "email_verified": True,
    "groups": ["everybody", "shop-people"],
}
GRANTS = {"shop-people": Grant(role="ops", stores=["main"]), "owners": Grant(role="admin")}


def settings(issuer: str) -> Oidc:
    return Oidc(
        issuer=issuer, client_id=CLIENT, client_secret=SecretStr(SECRET), redirect_uri=CALLBACK,
        dashboard_url=DASHBOARD, grants=GRANTS,
    )  # fmt: skip


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with open_floor(database_url, {}) as floor:
        await floor.publish(shop([]))
        yield floor


@pytest.fixture
async def provider(floor: Floor) -> AsyncIterator[ProviderDouble]:
    """The organisation's provider, at which Ada is signed in."""
    listening = bound("127.0.0.1", 0)
    double = ProviderDouble(floor.hub.clock.now, address(listening), dict(ADA))
    async with served(double.app(), listening, lifespan=False):
        yield double


@pytest.fixture
async def app(floor: Floor, provider: ProviderDouble) -> AsyncIterator[FastAPI]:
    floor.hub.settings = floor.hub.settings.model_copy(update={"oidc": settings(provider.issuer)})
    app = create_app(floor.hub)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with new_browser(app) as client:
        yield client


def new_browser(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://hub.example")


def said(answer: httpx.Response) -> dict[str, str]:
    """What the dashboard is told."""
    assert answer.status_code == 302 and answer.headers["location"].startswith(f"{DASHBOARD}/sign-in?")
    return {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["location"]).query).items()}


async def goes(browser: httpx.AsyncClient, begun: dict[str, str] | None = None) -> str:
    """To the provider, who signs them in; where it sends them back to."""
    away = await browser.get("/session/oidc", params=begun)
    async with httpx.AsyncClient() as wire:
        back = await wire.get(away.headers["location"])
    assert back.status_code == 302, back.text
    return str(back.headers["location"])


async def signs_in(browser: httpx.AsyncClient) -> dict[str, str]:
    return said(await browser.get(await goes(browser)))


async def uses(browser: httpx.AsyncClient, ticket: str) -> httpx.Response:
    return await browser.post("/session/ticket", json={"ticket": ticket})


async def test_who_is_known_at_the_provider_gets_a_session_with_what_their_groups_let_them_do(
    floor: Floor, browser: httpx.AsyncClient
) -> None:
    ways = (await browser.get("/session/ways")).json()
    assert (ways["provider"], ways["dashboard"]) == ("https://hub.example/session/oidc", DASHBOARD)

    found = (await uses(browser, (await signs_in(browser))["ticket"])).json()
    assert (found["name"], found["role"], found["stores"]) == ("ada@brand.example", "ops", ["main"])
    who = await browser.get("/session", headers={"authorization": f"Bearer {found['token']}"})
    assert (who.status_code, who.json()["kind"], who.json()["role"]) == (200, "user", "ops")
    async with floor.hub.database.connection() as connection:
        assert [(r["by"], r["what"]) for r in await read_audit(connection, 5)] == [
            ("ada@brand.example", "signed in")
        ]


async def test_a_ticket_is_good_for_a_minute_and_once(floor: Floor, browser: httpx.AsyncClient) -> None:
    ticket = (await signs_in(browser))["ticket"]
    assert [(await uses(browser, ticket)).status_code for _ in range(2)] == [200, 401]

    late = (await signs_in(browser))["ticket"]
    await floor.let_pass(seconds=61)
    assert (await uses(browser, late)).json()["type"] == "urn:faros:sign-in-failed"
    assert (await uses(browser, "guessed")).status_code == 401


async def test_a_ticket_that_began_in_one_browser_signs_nobody_in_elsewhere(
    browser: httpx.AsyncClient,
) -> None:
    verifier = "only the browser that began has this"
    begun = {"challenge": challenge_of(verifier)}
    for shown in ({}, {"verifier": "guessed"}):
        ticket = said(await browser.get(await goes(browser, begun)))["ticket"]
        assert (await browser.post("/session/ticket", json={"ticket": ticket, **shown})).status_code == 401
    ticket = said(await browser.get(await goes(browser, begun)))["ticket"]
    kept = await browser.post("/session/ticket", json={"ticket": ticket, "verifier": verifier})
    assert kept.status_code == 200
    assert (await browser.get("/session/oidc", params={"challenge": "short"})).status_code == 422


async def test_roles_follow_the_provider_at_each_sign_in_and_the_person_stays_the_same(
    floor: Floor, browser: httpx.AsyncClient, provider: ProviderDouble
) -> None:
    await signs_in(browser)
    provider.person |= {"groups": "owners", "email": "ada.lovelace@brand.example"}
    found = (await uses(browser, (await signs_in(browser))["ticket"])).json()

    assert (found["name"], found["role"], found["stores"]) == ("ada@brand.example", "admin", None)
    assert len(await floor.rows("select * from users")) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"groups": ["everybody"]},
        {"groups": []},
        {"groups": {"owners": True}},
        {"email": None},
        {"email_verified": False},
    ],
    ids=[
        "in no group",
        "in none at all",
        "groups that are none",
        "without a name",
        "an address nobody checked",
    ],
)
async def test_who_may_not_is_refused_though_the_provider_knows_them(
    floor: Floor, browser: httpx.AsyncClient, provider: ProviderDouble, changed: dict[str, Any]
) -> None:
    provider.person |= changed
    assert await signs_in(browser) == {"declined": "unknown"}
    assert await floor.rows("select * from users") == []


async def test_nobody_becomes_somebody_who_signs_in_with_a_password(
    floor: Floor, browser: httpx.AsyncClient
) -> None:
    async with floor.hub.database.connection() as connection:
        await add_user(connection, UserNew("ada@brand.example", "admin"), "kept", floor.now)
    assert await signs_in(browser) == {"declined": "unknown"}


async def test_who_is_disabled_here_stays_out_and_a_password_opens_nothing(
    floor: Floor, browser: httpx.AsyncClient
) -> None:
    ticket = (await signs_in(browser))["ticket"]
    for password in ("", "x", "kept"):
        tried = await browser.post("/session", json={"name": "ada@brand.example", "password": password})
        assert tried.status_code in (401, 422)
    async with floor.hub.database.connection() as connection:
        await disable_user(connection, "ada@brand.example", floor.now)
    assert (await uses(browser, ticket)).status_code == 401
    assert await signs_in(browser) == {"declined": "unknown"}


@pytest.mark.parametrize(
    "signed",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"sub": None},
    ],
    ids=["issuer", "audience", "authorised party", "nonce", "no nonce", "over", "no subject"],
)
async def test_an_identity_that_is_not_for_this_try_is_not_believed(
    browser: httpx.AsyncClient, provider: ProviderDouble, signed: dict[str, Any]
) -> None:
    provider.said = signed
    assert await signs_in(browser) == {"declined": "not-identified"}


async def test_an_identity_that_somebody_else_signed_is_not_believed(
    browser: httpx.AsyncClient, provider: ProviderDouble
) -> None:
    provider.shown = [RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})]
    assert await signs_in(browser) == {"declined": "not-identified"}


async def test_a_provider_may_change_its_keys(browser: httpx.AsyncClient, provider: ProviderDouble) -> None:
    assert "ticket" in await signs_in(browser)
    provider.key = RSAKey.generate_key(2048, {"kid": "second", "use": "sig"})
    assert "ticket" in await signs_in(browser)


async def test_a_code_is_of_the_browser_that_began_and_good_once(
    app: FastAPI, browser: httpx.AsyncClient, provider: ProviderDouble
) -> None:
    place = await goes(browser)
    async with aclosing(new_browser(app)) as victim:
        assert said(await victim.get(place)) == {"declined": "began-elsewhere"}
        await goes(victim)
        assert said(await victim.get(place)) == {"declined": "began-elsewhere"}
    cookie = dict(browser.cookies)
    assert "ticket" in said(await browser.get(place))
    assert said(await browser.get(place)) == {"declined": "began-elsewhere"}, "the try is over"
    browser.cookies.update(cookie)
    assert said(await browser.get(place)) == {"declined": "not-identified"}
    assert provider.refused == ["invalid_grant"]


async def test_another_try_s_code_is_refused_by_its_proof(
    browser: httpx.AsyncClient, provider: ProviderDouble
) -> None:
    """Somebody slips their own code into another's try: the provider sees that the proof is not theirs."""
    theirs = parse_qs(urlsplit(await goes(browser)).query)["code"][0]
    mine = parse_qs(urlsplit(await goes(browser)).query)
    answer = await browser.get("/session/oidc/callback", params={"code": theirs, "state": mine["state"][0]})
    assert (said(answer), provider.refused) == ({"declined": "not-identified"}, ["invalid_grant"])


async def test_who_says_no_at_the_provider_comes_back_without_a_session(browser: httpx.AsyncClient) -> None:
    state = parse_qs(urlsplit(await goes(browser)).query)["state"][0]
    answer = await browser.get("/session/oidc/callback", params={"error": "access_denied", "state": state})
    assert said(answer) == {"declined": "refused-there"}


async def test_a_provider_that_calls_itself_otherwise_is_not_gone_to(
    browser: httpx.AsyncClient, provider: ProviderDouble
) -> None:
    provider.issuer = provider.issuer.replace("127.0.0.1", "localhost")
    assert said(await browser.get("/session/oidc")) == {"declined": "unreachable"}


async def test_a_hub_without_a_provider_says_so(floor: Floor) -> None:
    async with new_browser(create_app(floor.hub)) as browser:
        ways = (await browser.get("/session/ways")).json()
        assert ways == {"password": True, "provider": None, "dashboard": None}
        assert (await browser.get("/session/oidc")).json()["type"] == "urn:faros:no-provider"


def test_all_mistakes_in_the_settings_are_told_at_once() -> None:
    given = {"issuer": "http://login.example", "client_id": "", "redirect_uri": "https://hub.example/",
             "dashboard_url": DASHBOARD, "grants": {"owners": {"role": "king"}}}  # fmt: skip
    with pytest.raises(ValidationError) as raised:
        Oidc.model_validate(given)
    assert [error["loc"][0] for error in raised.value.errors()] == [
        "issuer",
        "client_id",
        "redirect_uri",
        "grants",
    ]
