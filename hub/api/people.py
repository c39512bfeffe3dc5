"""People: signing in, who one is, signing out; and the stores one may see."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from hub.api.access import Given, HubHere, Viewer, sees
from hub.api.problems import Declined, problem, told
from hub.assembly import Hub
from hub.store import audit
from hub.store.database import Connection
from hub.store.keys import Caller, Role
from hub.store.passwords import LONGEST, Passwords
from hub.store.sessions import begin_session, begin_try, end_session, forget_tries
from hub.store.users import find_user

router = APIRouter(tags=["people"])
passwords = Passwords()


class Credentials(BaseModel):
    """Who somebody says they are."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    password: Annotated[SecretStr, Field(min_length=1, max_length=LONGEST)]


class WhoShown(BaseModel):
    """Who is asking, and what they may do."""

    name: str
    kind: Literal["key", "user"]
    role: Role
    stores: list[str] | None = Field(None, description="Those they may see; absent where it is all of them.")
    expires_at: datetime | None = Field(
        None, description="When the session ends; absent for a key, which is ended by hand."
    )


class SignedIn(WhoShown):
    """A session. The token is seen only now."""

    token: str = Field(description="Send it as `Authorization: Bearer`.")


class StoreShown(BaseModel):
    """A brand's shop."""

    id: str
    name: str
    zone: str = Field(description="Its time zone, by its IANA name.")
    currency: str | None = None
    is_paused: bool


@router.post(
    "/session",
    summary="Sign in",
    responses={
        401: told("There is nobody of this name with this password."),
        429: told("It failed too often; `Retry-After` says how many seconds to wait."),
    },
)
async def sign_in(hub: HubHere, wanted: Credentials) -> SignedIn:
    """A name and a password for a session of eight hours. Unknown names and wrong passwords get the same answer."""
    now = hub.clock.now()
    async with hub.database.transaction() as connection:
        wait = await begin_try(connection, wanted.name, now)
        user = await find_user(connection, wanted.name)
    if wait is not None:
        seconds = str(int(wait.total_seconds()) + 1)
        detail = f"It failed too often under this name. Try again in {seconds} seconds."
        raise Declined(problem(429, "too-many-tries", detail), {"retry-after": seconds})
    kept = user["password_hash"] if user else None
    if not await passwords.is_right(kept, wanted.password.get_secret_value()):
        await _note_failure(hub, user["name"] if user else None)
        raise Declined(problem(401, "sign-in-failed", "There is nobody of this name with this password."))
    async with hub.database.transaction() as connection:
        await forget_tries(connection, wanted.name, now)
        return await signed_in(connection, user, now)


async def signed_in(connection: Connection, user: Any, now: datetime) -> SignedIn:
    """Begin a session of somebody who has shown who they are."""
    token, until = await begin_session(connection, user["id"], now)
    await audit.note(connection, user["name"], "signed in", {}, now)
    return SignedIn(
        token=token,
        name=user["name"],
        kind="user",
        role=user["role"],
        stores=user["stores"],
        expires_at=until,
    )


@router.get("/session", summary="Who is asking")
async def show_session(caller: Viewer) -> WhoShown:
    """The name, the role and the stores of whoever asks."""
    return _who(caller)


@router.delete("/session", summary="Sign out", status_code=204)
async def sign_out(hub: HubHere, caller: Viewer, given: Given) -> Response:
    """End the session. A key is not ended by this: `faros key revoke` does that."""
    if given is not None and caller.kind == "user":
        now = hub.clock.now()
        async with hub.database.transaction() as connection:
            if await end_session(connection, given.credentials, now):
                await audit.note(connection, caller.name, "signed out", {}, now)
    return Response(status_code=204)


@router.get("/stores", summary="List stores")
async def list_stores(hub: HubHere, caller: Viewer) -> list[StoreShown]:
    """The stores the caller may see."""
    return [
        StoreShown(
            id=id,
            name=str(store.settings.get("name", id)),
            zone=store.zone,
            currency=store.settings.get("currency"),
            is_paused=store.paused,
        )
        for id, store in sorted(hub.world.stores.items())
        if sees(caller, id)
    ]


def _who(caller: Caller) -> WhoShown:
    return WhoShown(
        name=caller.name,
        kind=caller.kind,
        role=caller.role,
        stores=None if caller.stores is None else list(caller.stores),
        expires_at=caller.expires_at,
    )


async def _note_failure(hub: Hub, name: str | None) -> None:
    """In the trail stands whom it was tried for; a name that is nobody's may be a password typed in the wrong field."""
    async with hub.database.transaction() as connection:
        who = {"user": name} if name else {}
        await audit.note(connection, name or "somebody unknown", "sign-in failed", who, hub.clock.now())
