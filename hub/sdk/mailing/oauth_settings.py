"""What a merchant writes down about an account that is entered by OAuth."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

_ENDPOINTS = {
    "gmail": "https://oauth2.googleapis.com/token",
    "microsoft": "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
}
_SCOPES = {
    "gmail": "",
    "microsoft": "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
}
"""What is asked for: nothing is all that consent was given to. Microsoft wants the mail service's own scopes named."""


class OAuth(BaseModel):
    """An account's right to be entered without a password (RFC 6749).

    `provider` is `gmail`, `microsoft` (with the organisation's `tenant`), or `own` with a `token_endpoint`. Client and
    refresh token come from the consent that the account's owner has given once; a client without a secret is public.
    `mechanism` is how the token is shown to the mail server.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: Literal["gmail", "microsoft", "own"]
    client_id: Annotated[str, Field(min_length=1, max_length=300)]
    client_secret: Annotated[SecretStr, Field(min_length=1)] | None = None
    refresh_token: Annotated[SecretStr, Field(min_length=1)]
    tenant: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,100}$")] = "common"
    token_endpoint: Annotated[str, Field(max_length=500)] = ""
    scope: Annotated[str, Field(max_length=1000)] = ""
    mechanism: Literal["xoauth2", "oauthbearer"] = "xoauth2"

    @model_validator(mode="after")
    def _has_an_endpoint(self) -> "OAuth":
        if self.provider != "own":
            if self.token_endpoint:
                raise ValueError(
                    f"The token_endpoint of {self.provider} is known; write it with provider: own."
                )
            return self
        parts = urlsplit(self.token_endpoint)
        if parts.scheme != "https" or not parts.hostname or parts.username or parts.fragment:
            raise ValueError("provider: own wants a token_endpoint, an https address.")
        return self

    @property
    def endpoint(self) -> str:
        """Where tokens are asked for."""
        return self.token_endpoint or _ENDPOINTS[self.provider].format(tenant=self.tenant)

    @property
    def host(self) -> str:
        """Whose address that is, as it is named to people."""
        return urlsplit(self.endpoint).hostname or ""

    def form(self) -> dict[str, str]:
        """The question for an access token (RFC 6749, 6)."""
        scope = self.scope or _SCOPES.get(self.provider, "")
        asked = {
            "grant_type": "refresh_token",
            "refresh_token": self.refresh_token.get_secret_value(),
            "client_id": self.client_id,
            "client_secret": self.client_secret.get_secret_value() if self.client_secret else "",
            "scope": scope,
        }
        return {name: value for name, value in asked.items() if value}


def bearing(username: str, token: str) -> str:
    """OAUTHBEARER's first and only word (RFC 7628, 3.1), before base64."""
    name = username.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\x01auth=Bearer {token}\x01\x01"
