"""What a connection to a Shopify shop must be told."""

import re
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, SecretStr, model_validator

from hub.sdk import Settings

Secret = Annotated[SecretStr, Field(min_length=1)]


def _shop_name(value: object) -> object:
    """`Acme`, `acme.myshopify.com` and `https://acme.myshopify.com/` all name the shop acme."""
    if not isinstance(value, str):
        return value
    return re.sub(r"^https?://|/+$", "", value.strip().lower()).removesuffix(".myshopify.com")


class ShopifySettings(Settings):
    """A shop and the app that may act in it.

    The app proves itself either by an `access_token` that does not expire, or by `client_id` and
    `client_secret`, with which a token is asked for when needed.
    """

    shop: Annotated[str, BeforeValidator(_shop_name), Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=100)]
    """The part of the shop's address before `.myshopify.com`."""
    api_version: Annotated[str, Field(pattern=r"^20\d\d-(01|04|07|10)$")] = "2026-07"
    """Which version of the Admin API to ask for; each is served for at least a year."""
    access_token: Secret | None = None
    """The token of an app made in the shop's admin."""
    client_id: Annotated[str, Field(min_length=1)] | None = None
    """The id of an app made in the Dev Dashboard."""
    client_secret: Secret | None = None
    """The secret of that app."""
    webhook_secrets: list[Secret] = Field(default_factory=list)
    """What webhooks are signed with, besides `client_secret`: the app's secret, and after a change the old one too.

    Shopify may sign with the old secret for an hour. Without `client_secret` at least one is needed.
    """

    @model_validator(mode="after")
    def _one_credential(self) -> Self:
        if (self.client_id is None) != (self.client_secret is None):
            raise ValueError("client_id and client_secret go together.")
        if (self.access_token is None) == (self.client_id is None):
            raise ValueError("Give either access_token, or client_id and client_secret.")
        if not self.signing_secrets:
            raise ValueError("With access_token, webhook_secrets needs the app's API secret key.")
        return self

    @property
    def signing_secrets(self) -> list[SecretStr]:
        """Every secret that a genuine webhook may be signed with."""
        return [*([self.client_secret] if self.client_secret else []), *self.webhook_secrets]

    @property
    def domain(self) -> str:
        """The shop's permanent domain, as webhooks name it."""
        return f"{self.shop}.myshopify.com"
