"""Who calls: a key or a session in `Authorization: Bearer`, the role that goes with it, and the stores it opens."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from hub.api.problems import Declined, declined, problem
from hub.assembly import Hub
from hub.store.keys import Caller, Role, find_caller, key_hash
from hub.store.sessions import MARK, find_session

_bearer = HTTPBearer(
    auto_error=False,
    description="A key made by `faros key create`, the one of FAROS_API_KEY, or the token of `POST /session`.",
)
_RANK: dict[Role, int] = {"viewer": 0, "ops": 1, "admin": 2}
LONGEST_KEY = 200

Given = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


async def the_hub(request: Request) -> Hub:
    """The hub this app was made over."""
    hub: Hub = request.app.state.hub
    return hub


HubHere = Annotated[Hub, Depends(the_hub)]


def needs(role: Role) -> Callable[[Hub, HTTPAuthorizationCredentials | None], Awaitable[Caller]]:
    """A dependency that lets through callers of at least this role: viewer reads, ops decides, admin publishes."""

    async def let_in(hub: HubHere, given: Given) -> Caller:
        caller = await _caller(hub, given.credentials) if given else None
        if caller is None:
            # The same for no key, a wrong one, a revoked one, and a session that is over.
            raise Declined(problem(401, "unauthorised"), {"www-authenticate": "Bearer"})
        if _RANK[caller.role] < _RANK[role]:
            raise declined(403, "forbidden", f"This needs a key of role {role}.")
        return caller

    return let_in


async def _caller(hub: Hub, key: str) -> Caller | None:
    if len(key) > LONGEST_KEY:
        return None
    first = hub.settings.api_key
    if first is not None and hmac.compare_digest(key_hash(first.get_secret_value()), key_hash(key)):
        return Caller("FAROS_API_KEY", "admin")
    async with hub.database.connection() as connection:
        if key.startswith(MARK):
            return await find_session(connection, key, hub.clock.now())
        return await find_caller(connection, key)


Viewer = Annotated[Caller, Depends(needs("viewer"))]
Ops = Annotated[Caller, Depends(needs("ops"))]
Admin = Annotated[Caller, Depends(needs("admin"))]


def scope(caller: Caller, store: str | None = None) -> list[str] | None:
    """The stores to look in: the one asked for, else all the caller may see; None is every store there is.

    A store that is not the caller's does not exist for them, like one that nobody has.
    """
    if store is not None:
        if not sees(caller, store):
            raise declined(404, "no-such-store", "There is no store of this name.")
        return [store]
    return None if caller.stores is None else list(caller.stores)


def sees(caller: Caller, store: str) -> bool:
    """Whether a store is among those the caller may see."""
    return caller.stores is None or store in caller.stores


def needs_whole_hub(caller: Caller) -> None:
    """Decline callers who may see some stores only: what is asked for is about all of them."""
    if caller.stores is not None:
        raise declined(403, "forbidden", "This needs a key for every store.")
