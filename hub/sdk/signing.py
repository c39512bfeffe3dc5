"""HMAC signatures over a body, as most webhook senders make them; checked in constant time."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, SecretStr

from hub.sdk.errors import Unverified
from hub.sdk.events import Delivery


class Signature(BaseModel):
    """How a sender signs: which digest and encoding, in which header, after which prefix.

    With a `timestamp_header` its value and a point stand before the body in what is signed. An old timestamp is not
    refused: a delivery that waited out an outage is still true, and a replayed one has the same key.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scheme: Literal["hmac-sha256-hex", "hmac-sha256-base64"] = "hmac-sha256-hex"
    header: str = "x-signature"
    prefix: str = ""
    timestamp_header: str = ""

    def of(self, secret: SecretStr, body: bytes, timestamp: str = "") -> str:
        """The header's value for a body signed with this secret."""
        signed = f"{timestamp}.".encode() + body if self.timestamp_header else body
        digest = hmac.digest(secret.get_secret_value().encode(), signed, hashlib.sha256)
        text = digest.hex() if self.scheme == "hmac-sha256-hex" else base64.b64encode(digest).decode()
        return self.prefix + text

    def verify(self, delivery: Delivery, secrets: Iterable[SecretStr]) -> None:
        """Raise `Unverified` unless one of the secrets signed this; several secrets allow one to be replaced."""
        given = delivery.header(self.header).strip().encode()
        if not given:
            raise Unverified(f"The delivery has no {self.header} header.")
        timestamp = delivery.header(self.timestamp_header) if self.timestamp_header else ""
        # Every secret is tried, so that the time taken does not tell which one matched.
        matches = [hmac.compare_digest(self.of(s, delivery.body, timestamp).encode(), given) for s in secrets]
        if not any(matches):
            raise Unverified(f"The signature in {self.header} is not ours.")
