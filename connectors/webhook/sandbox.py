"""A sender of signed deliveries. It has no API of its own."""

from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from hub.sdk import Delivery
from hub.sdk.signing import Signature
from hub.sdk.testing import Sandbox

SECRET = SecretStr("sandbox-secret")
SIGNATURE = Signature()


class SenderSandbox(Sandbox):
    """Signs bodies with its own secret."""

    def settings(self) -> dict[str, Any]:
        """The secret, and the paths of a usual order."""
        return {
            "secrets": [SECRET.get_secret_value()],
            "signature": SIGNATURE.model_dump(),
            "key": "id",
            "person": "email",
            "subject": "name",
        }

    def sign(self, body: bytes, topic: str = "", headers: Mapping[str, str] | None = None) -> Delivery:
        """The body as a delivery of this sender."""
        signed = {SIGNATURE.header: SIGNATURE.of(SECRET, body), "content-type": "application/json"}
        return Delivery({**signed, **(headers or {})}, body, self.now())

    def deliveries(self) -> Mapping[str, Any]:
        """One body."""
        return {"": {"id": 8492, "name": "#8492", "email": "ada@example.com", "total": "21.50"}}
