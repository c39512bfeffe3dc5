"""A double of an OpenID provider: it signs with keys of its own, and takes each code once, from whoever it is for."""

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import unquote, urlencode

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "faros", "a secret: with a colon"
CALLBACK = "https://hub.example/session/oidc/callback"


@dataclass
class ProviderDouble:
    """Whoever comes to its door is signed in as `person`; `said` changes what it signs of them."""

    now: Callable[[], datetime]
    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}))
    shown: list[RSAKey] = field(default_factory=list)
    """The keys it shows; its own where none is named."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    callback: str = CALLBACK
    """Where it sends people back to, and nowhere else."""
    asks: bool = False
    """Whether people see a page of it, and choose there; else they are sent back at once."""

    def app(self) -> Starlette:
        """Its four doors."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.configuration),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/keys", self.keys),
            ]
        )

    async def configuration(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            }
        )

    async def keys(self, request: Request) -> Response:
        return JSONResponse(KeySet([*(self.shown or [self.key])]).as_dict(private=False))

    async def authorize(self, request: Request) -> Response:
        """Sign the person in, and send them back with a code."""
        asked = dict(request.query_params)
        wrong = {
            "client_id": asked.get("client_id") != CLIENT,
            "redirect_uri": asked.get("redirect_uri") != self.callback,
            "response_type": asked.get("response_type") != "code",
            "scope": "openid" not in asked.get("scope", "").split(),
            "code_challenge_method": asked.get("code_challenge_method") != "S256",
            "nonce": not asked.get("nonce"),
        }
        if any(wrong.values()):
            return JSONResponse(
                {"error": "invalid_request", "wrong": [k for k, v in wrong.items() if v]}, 400
            )
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        granted = f"{self.callback}?{urlencode({'code': code, 'state': asked['state']})}"
        refused = f"{self.callback}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        if not self.asks:
            return RedirectResponse(granted, 302)
        ways = {"Go on": granted, "Do not": refused}
        return HTMLResponse("".join(f'<p><a href="{escape(to)}">{way}</a></p>' for way, to in ways.items()))

    async def token(self, request: Request) -> Response:
        """An identity for a code, once, to the client it was given to."""
        form = await request.form()
        asked = self.codes.pop(str(form.get("code")), None)
        if not _is_client(request):
            return self._refuse("invalid_client", 401)
        if asked is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return self._refuse("invalid_grant")
        proof = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        if base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != asked["code_challenge"]:
            return self._refuse("invalid_grant")
        signed = jwt.encode({"alg": "RS256", "kid": self.key.kid}, self._claims(asked), self.key)
        return JSONResponse({"token_type": "Bearer", "access_token": "unused", "id_token": signed})

    def _claims(self, asked: dict[str, str]) -> dict[str, Any]:
        now = int(self.now().timestamp())
        whole = {
            "iss": self.issuer,
            "aud": asked["client_id"],
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
        }
        return {**whole, **self.person, **self.said}

    def _refuse(self, error: str, status: int = 400) -> Response:
        self.refused.append(error)
        return JSONResponse({"error": error}, status)


def _is_client(request: Request) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    name, _, secret = base64.b64decode(given).decode().partition(":")
    return scheme.lower() == "basic" and (unquote(name), unquote(secret)) == (CLIENT, SECRET)
