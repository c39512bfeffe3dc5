"""Accounts of mail providers that take no passwords: access tokens, got by a refresh token (RFC 6749, 6)."""

import asyncio
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field, ValidationError

from hub.sdk.actions import Call
from hub.sdk.errors import HubError, NotDone, Unauthorised
from hub.sdk.http import Answer, Client, Http
from hub.sdk.mailing.oauth_settings import OAuth
from hub.sdk.mailing.server import MailServer

T = TypeVar("T")

EARLY = timedelta(minutes=5)
"""A token is refreshed so long before it expires."""
_USUAL = 3600
"""Seconds that a token is good for where the provider does not say."""
_ERROR = re.compile(r"[a-z_]{1,40}")


class _Granted(BaseModel):
    """What a provider answers to a refresh (RFC 6749, 5.1)."""

    access_token: Annotated[str, Field(min_length=1, max_length=10_000, pattern=r"^[\x21-\x7e]+$")]
    expires_in: Annotated[int, Field(ge=1, le=10**8)] = _USUAL


class _Denied(BaseModel):
    """What it answers instead (RFC 6749, 5.2). Its descriptions may name the account, so they are not kept."""

    error: str = ""


class AccessTokens:
    """The token of one account, kept in memory until shortly before it expires. It is never written down or logged."""

    def __init__(self, client: Client, base_url: str | None, account: OAuth) -> None:
        self._client, self._account = client, account
        # An http(s) base_url is a double, which gives out tokens too; smtp:// leads to a mail server alone.
        self._base_url = base_url if (base_url or "").startswith(("http://", "https://")) else None
        self._token = ""
        self._until: datetime | None = None
        self._lock = asyncio.Lock()

    async def current(self, call: Call, refused: str = "") -> str:
        """A token to log in with, other than one that was refused. Raises `Unauthorised` where none is given any more,
        and `NotDone` where none could be asked for: nothing is sent without one."""
        async with self._lock:
            is_good = self._until is not None and call.now < self._until and self._token != refused
            if not (self._token and is_good):
                granted = await self._refreshed(call)
                self._token = granted.access_token
                self._until = call.now + max(
                    timedelta(seconds=granted.expires_in) - EARLY, timedelta(seconds=30)
                )
            return self._token

    async def _refreshed(self, call: Call) -> _Granted:
        http = Http(self._client, self._base_url, call.deadline)
        where = "/token" if self._base_url else self._account.endpoint
        try:
            answer = await http.post(where, form=self._account.form())
        except HubError as error:
            # To ask for a token twice harms nobody, so no silence is a doubt here.
            raise NotDone(f"No access token could be asked for ({type(error).__name__}).") from None
        return _read(answer, self._account.host)


def _read(answer: Answer, host: str) -> _Granted:
    if answer.status_code in (400, 401, 403):
        raise Unauthorised(
            f"{host} gives no access token: {_said(answer)}. Consent may have to be given anew."
        )
    if not answer.is_success:
        raise NotDone(f"{host} answered {answer.status_code} when asked for an access token.")
    try:
        return _Granted.model_validate_json(answer.content)
    except ValidationError:
        raise NotDone(f"{host} gave an answer that holds no access token.") from None


def _said(answer: Answer) -> str:
    try:
        error = _Denied.model_validate_json(answer.content).error
    except ValidationError:
        error = ""
    return error if _ERROR.fullmatch(error) else f"status {answer.status_code}"


class Entrance:
    """How an account is entered: by its password, or by an access token; one that is refused is renewed once."""

    def __init__(self, client: Client, base_url: str | None, server: MailServer) -> None:
        self._server = server
        self._tokens = AccessTokens(client, base_url, server.oauth) if server.oauth else None

    async def enter(self, call: Call, work: Callable[[str], Awaitable[T]]) -> T:
        """Do the work with a token, or with an empty one where the account has a password. `work` raises
        `Unauthorised` only if nothing was done, so it is safe to do it again."""
        if self._tokens is None:
            return await work("")
        token = await self._tokens.current(call)
        try:
            return await work(token)
        except Unauthorised:
            return await work(await self._tokens.current(call, refused=token))

    def headers(self, token: str) -> dict[str, str]:
        """The same by HTTP, as doubles are entered; none for an account without either."""
        if token:
            return {"authorization": f"Bearer {token}"}
        if self._server.password is None:
            return {}
        pair = f"{self._server.username}:{self._server.password.get_secret_value()}"
        return {"authorization": f"Basic {b64encode(pair.encode()).decode()}"}
