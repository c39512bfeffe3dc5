"""An OpenID provider: where people sign in, and what it says of whoever came back with its code."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, TypeAdapter, ValidationError

from hub.sdk import HubError
from hub.store.identities import Oidc

T = TypeVar("T")

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures by keys that only the provider has; `none` and those with a shared secret are no signatures to us."""
LEEWAY = 60
"""Seconds that the provider's clock and ours may be apart."""
PATIENCE = httpx.Timeout(10.0, connect=3.0)


class NotIdentified(HubError):
    """The provider did not say who it is, or not so that it can be believed. The text is for the log."""


@dataclass(frozen=True, slots=True)
class Try:
    """One try to sign in. All follows from a secret that only the browser has, so that nothing need be kept: whoever
    comes back with a state that does not follow from their secret began it elsewhere."""

    secret: str

    @classmethod
    def begin(cls) -> "Try":
        """A new one."""
        return cls(secrets.token_urlsafe(32))

    @property
    def state(self) -> str:
        """Goes to the provider and comes back."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """What the provider must repeat in what it signs."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What only whoever began can show for the code (PKCE)."""
        return self._derived("verifier")

    def is_of(self, state: str) -> bool:
        """Whether a state that came back is of this try."""
        return hmac.compare_digest(state.encode(), self.state.encode())

    def _derived(self, purpose: str) -> str:
        made = hmac.digest(self.secret.encode(), purpose.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


class Metadata(BaseModel):
    """What a provider says of itself, as far as it is needed."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


class Tokens(BaseModel):
    """What it gives for a code."""

    id_token: str
    access_token: str = ""


class Provider:
    """One provider; what it says of itself is asked once, its keys whenever one signed that is not known."""

    def __init__(self, given: Oidc) -> None:
        self.given = given
        self._metadata: Metadata | None = None
        self._keys: KeySet | None = None

    async def address(self, begun: Try) -> str:
        """Where the browser is sent; raises `NotIdentified` where the provider does not answer."""
        async with _http() as http:
            metadata = await self._known(http)
        found: str = prepare_grant_uri(
            metadata.authorization_endpoint,
            client_id=self.given.client_id,
            response_type="code",
            redirect_uri=self.given.redirect_uri,
            scope="openid profile email",
            state=begun.state,
            nonce=begun.nonce,
            code_challenge=create_s256_code_challenge(begun.verifier),
            code_challenge_method="S256",
        )
        return found

    async def claims(self, code: str, begun: Try, now: datetime) -> dict[str, Any]:
        """Who came back with this code, in the provider's signed words; raises `NotIdentified`."""
        async with _http() as http:
            metadata = await self._known(http)
            tokens = await self._tokens(http, metadata, code, begun)
            token = await self._decoded(http, metadata, tokens.id_token)
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": metadata.issuer},
                "aud": {"essential": True, "value": self.given.client_id},
            },
            params={
                "nonce": begun.nonce,
                "client_id": self.given.client_id,
                "access_token": tokens.access_token,
            },
        )
        try:
            claims.validate(int(now.timestamp()), LEEWAY)
        except JoseError as error:
            raise NotIdentified(f"The identity is not for us: {error.error}.") from None
        return dict(claims)

    async def _known(self, http: httpx.AsyncClient) -> Metadata:
        if self._metadata is None:
            place = f"{self.given.issuer.rstrip('/')}/.well-known/openid-configuration"
            found = await _read(http.get(place), Metadata)
            if found.issuer != self.given.issuer:
                raise NotIdentified("The provider calls itself otherwise than the settings do.")
            self._metadata = found
        return self._metadata

    async def _tokens(self, http: httpx.AsyncClient, metadata: Metadata, code: str, begun: Try) -> Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.given.redirect_uri,
            "code_verifier": begun.verifier,
        }
        auth, secret = httpx.Auth(), self.given.client_secret
        if secret is not None and "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            # RFC 6749, 2.3.1: both are encoded as in a form before they are joined.
            auth = httpx.BasicAuth(quote(self.given.client_id, ""), quote(secret.get_secret_value(), ""))
        else:
            form |= {"client_id": self.given.client_id}
            form |= {"client_secret": secret.get_secret_value()} if secret is not None else {}
        return await _read(http.post(metadata.token_endpoint, data=form, auth=auth), Tokens)

    async def _decoded(self, http: httpx.AsyncClient, metadata: Metadata, text: str) -> jwt.Token:
        """The token, its signature checked; with the newest keys if those that are known do not fit."""
        if self._keys is not None:
            try:
                return jwt.decode(text, self._keys, ALGORITHMS)
            except (JoseError, ValueError):
                self._keys = None
        try:
            shown: Any = await _read(http.get(metadata.jwks_uri), dict[str, Any])
            self._keys = KeySet.import_key_set(shown)
            return jwt.decode(text, self._keys, ALGORITHMS)
        except (JoseError, ValueError):
            raise NotIdentified("The provider has not signed this identity.") from None


def _http() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=PATIENCE, follow_redirects=False)


async def _read(asking: Awaitable[httpx.Response], shape: type[T]) -> T:
    """An answer of this shape. Nothing that was sent or answered is in the error: codes and tokens are secrets."""
    try:
        answer = await asking
    except httpx.HTTPError as error:
        raise NotIdentified(f"The provider does not answer: {type(error).__name__}.") from None
    if answer.status_code != httpx.codes.OK:
        raise NotIdentified(f"The provider answered {answer.status_code}.")
    try:
        return TypeAdapter(shape).validate_json(answer.content)
    except ValidationError:
        raise NotIdentified("The provider answered something that is not OpenID Connect.") from None
