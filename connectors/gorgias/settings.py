"""What a connection to a Gorgias account must be told."""

import hmac
from typing import Annotated

from pydantic import Field, SecretStr

from hub.sdk import Delivery, Settings, Unverified

HEADER = "x-faros-secret"
"""The header in which our HTTP integration sends the secret we chose."""

Secret = Annotated[SecretStr, Field(min_length=1)]
WebhookSecret = Annotated[SecretStr, Field(min_length=16)]


class GorgiasWebhooks(Settings):
    """The secrets that our HTTP integration may send; two while one is being replaced."""

    secrets: Annotated[list[WebhookSecret], Field(min_length=1)]

    def verify(self, delivery: Delivery) -> None:
        """Raise `Unverified` unless one of the secrets came along."""
        given = delivery.header(HEADER).encode()
        # Every secret is tried, so that the time taken does not tell which one matched.
        matches = [hmac.compare_digest(s.get_secret_value().encode(), given) for s in self.secrets]
        if not any(matches):
            raise Unverified(f"The {HEADER} header does not carry our secret.")


class GorgiasSettings(Settings):
    """An account and the user who acts in it: notes are written in that user's name."""

    account: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=100)]
    """The part of the address before `.gorgias.com`."""
    email: Annotated[str, Field(pattern=r"^[^@\s:]+@[^@\s:]+$", max_length=320)]
    """The user's e-mail."""
    api_key: Secret
    """The user's key, from Settings, REST API."""
    webhooks: GorgiasWebhooks | None = None
    """Needed only where tickets that customers open should start or wake runs."""
