"""Signing in at an OpenID provider: away to it, back with its code, and a ticket for the dashboard."""

from typing import Annotated, Literal
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Cookie, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from hub.api.access import HubHere
from hub.api.oidc_provider import NotIdentified, Provider, Try
from hub.api.people import SignedIn, signed_in
from hub.api.problems import Declined, declined, problem, told
from hub.assembly import Hub
from hub.store import audit
from hub.store.identities import Oidc
from hub.store.tickets import challenge_of, give_ticket, take_ticket
from hub.store.users import Identified, admit

log = structlog.get_logger()
router = APIRouter(tags=["people"])

COOKIE = "faros_sign_in"
"""Holds the secret of a try, in the browser that began it and nowhere else."""
PATH = "/session/oidc"
LASTS = 600
"""Seconds that people have at the provider."""
CHALLENGE = r"^([A-Za-z0-9_-]{43})?$"

Refusal = Literal["unreachable", "began-elsewhere", "refused-there", "not-identified", "unknown"]


class WaysShown(BaseModel):
    """How people may sign in."""

    password: bool = True
    provider: str | None = Field(
        None,
        description="Where a browser goes to sign in at the organisation's provider; absent if there is none.",
    )
    dashboard: str | None = Field(None, description="Where it comes back to; absent if there is none.")


class Ticket(BaseModel):
    """What the browser brought from the provider's door."""

    model_config = ConfigDict(extra="forbid")

    ticket: Annotated[SecretStr, Field(min_length=1, max_length=200)]
    verifier: Annotated[SecretStr, Field(max_length=200)] = Field(
        SecretStr(""), description="What the challenge was made of that the way to the provider began with."
    )


@router.get("/session/ways", summary="How to sign in")
async def ways(hub: HubHere) -> WaysShown:
    """By name and password, and perhaps at a provider."""
    given = hub.settings.oidc
    return WaysShown(provider=given.begins_at, dashboard=given.dashboard_url) if given else WaysShown()


@router.get(PATH, summary="Go to the provider", status_code=302, response_class=RedirectResponse)
async def leave(
    request: Request,
    challenge: Annotated[
        str,
        Query(
            pattern=CHALLENGE,
            description="The SHA-256 of the verifier with which the ticket will be used, as in PKCE.",
        ),
    ] = "",
) -> RedirectResponse:
    """Send the browser to the provider, with a try that only it can end."""
    provider = _provider(request)
    begun = Try.begin()
    try:
        answer = RedirectResponse(await provider.address(begun), 302)
    except NotIdentified as error:
        log.warning("the OpenID provider is not to be used", why=str(error))
        return _back(provider.given, "unreachable")
    answer.set_cookie(
        COOKIE, f"{begun.secret}.{challenge}", LASTS, path=PATH, httponly=True, samesite="lax",
        secure=provider.given.redirect_uri.startswith("https://"),
    )  # fmt: skip
    return answer


@router.get(
    f"{PATH}/callback",
    summary="Come back from the provider",
    status_code=302,
    response_class=RedirectResponse,
)
async def come_back(
    request: Request,
    hub: HubHere,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    faros_sign_in: Annotated[str | None, Cookie(max_length=200)] = None,
) -> RedirectResponse:
    """Ask the provider who came, and send the browser to the dashboard with a ticket, or with why not."""
    provider = _provider(request)
    secret, _, challenge = (faros_sign_in or "").partition(".")
    if not secret or not Try(secret).is_of(state):
        return _back(provider.given, "began-elsewhere")
    if not code:
        return _back(provider.given, "refused-there")
    try:
        claims = await provider.claims(code, Try(secret), hub.clock.now())
    except NotIdentified as error:
        log.warning("nobody signed in", why=str(error))
        return _back(provider.given, "not-identified")
    who = provider.given.who(claims)
    ticket = await _ticket(hub, Identified(**who), challenge) if who else None
    return _back(provider.given, "unknown") if ticket is None else _back(provider.given, ticket=ticket)


@router.post(
    "/session/ticket",
    summary="Sign in with a ticket",
    responses={401: told("The ticket is none of ours, was used, or is older than a minute.")},
)
async def use_ticket(hub: HubHere, wanted: Ticket) -> SignedIn:
    """A session for the ticket that a browser brought from the provider. It is good for one minute, and once, and for
    whoever began: a ticket that somebody else put into an address signs nobody in."""
    now = hub.clock.now()
    async with hub.database.transaction() as connection:
        shown = (wanted.ticket.get_secret_value(), challenge_of(wanted.verifier.get_secret_value()))
        user = await take_ticket(connection, *shown, now)
        if user is None:
            detail = "This way in is over: it is good for a minute, and once."
            raise Declined(problem(401, "sign-in-failed", detail, "Sign in again."))
        return await signed_in(connection, user, now)


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise declined(404, "no-provider", "People sign in with a name and a password here.")
    return provider


async def _ticket(hub: Hub, who: Identified, challenge: str) -> str | None:
    now = hub.clock.now()
    async with hub.database.transaction() as connection:
        user = await admit(connection, who, now)
        if user is None:
            await audit.note(connection, who.name, "sign-in refused", {"why": "name taken or disabled"}, now)
            return None
        return await give_ticket(connection, user, challenge, now)


def _back(given: Oidc, refusal: Refusal | None = None, *, ticket: str = "") -> RedirectResponse:
    said = {"declined": refusal} if refusal else {"ticket": ticket}
    answer = RedirectResponse(f"{given.dashboard_url.rstrip('/')}/sign-in?{urlencode(said)}", 302)
    answer.delete_cookie(COOKIE, path=PATH)
    return answer
