"""What a double of a mail provider does with OAuth: tokens by a refresh token, and how a wrong one is refused."""

import json
import re
from base64 import b64decode, b64encode
from typing import Any

_SHOWN = re.compile(
    r"(?:user=([^\x01]*)\x01|n,(?:a=([^\x01,]*))?,\x01(?:[a-z]+=[^\x01]*\x01)*)auth=Bearer ([^\x01]+)\x01\x01"
)
"""XOAUTH2 as Google and Microsoft publish it, and OAUTHBEARER (RFC 7628)."""


class TokenDesk:
    """Gives out access tokens for one client and one refresh token, each good until `expire`."""

    client_id, client_secret, refresh_token = "client-7", "oauth-sandbox-secret", "oauth-sandbox-refresh"

    def __init__(self) -> None:
        self.given = 0
        self.is_revoked = False
        self._good: set[str] = set()

    def grant(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Answer a question for a token (RFC 6749, 5)."""
        if form.get("grant_type") != "refresh_token":
            return 400, {"error": "unsupported_grant_type"}
        if (form.get("client_id"), form.get("client_secret")) != (self.client_id, self.client_secret):
            return 401, {"error": "invalid_client"}
        if self.is_revoked or form.get("refresh_token") != self.refresh_token:
            described = "Token has been expired or revoked for orders@brand.example."
            return 400, {"error": "invalid_grant", "error_description": described}
        self.given += 1
        token = f"sandbox-access-token-{self.given}"
        self._good.add(token)
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600}

    def expire(self) -> None:
        """No token that was given out is good any more."""
        self._good.clear()

    def admits(self, token: str) -> bool:
        """Whether a token opens the account."""
        return token in self._good

    def admits_bearer(self, given: str, username: str) -> bool:
        """Whether a base64 word of XOAUTH2 or OAUTHBEARER opens this account."""
        try:
            shown = _SHOWN.fullmatch(b64decode(given, validate=True).decode())
        except ValueError:
            return False
        return shown is not None and (shown[1] or shown[2]) == username and self.admits(shown[3])

    @staticmethod
    def challenge() -> str:
        """What a server says to a token that is not good, before it fails: JSON in base64, and the client answers."""
        said = {"status": "401", "schemes": "bearer", "scope": "https://mail.example/"}
        return b64encode(json.dumps(said).encode()).decode()
