"""The connector for signed deliveries from anyone; the settings say how they are signed and what identifies them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, SecretStr, model_validator

from hub.sdk import Connector, Delivery, Event, Settings, Unreadable, Unverified, webhook
from hub.sdk.commerce import Personal
from hub.sdk.paths import read_json, read_text
from hub.sdk.signing import Signature
from hub.sdk.testing import Sandbox

Secret = Annotated[SecretStr, Field(min_length=1)]


class WebhookSettings(Settings):
    """How deliveries are signed, and dotted paths to what they are about.

    `key` is the path of what identifies the fact; without one, two deliveries are the same if their bodies are.
    Unsigned deliveries are taken only where `signature: none` is written out: anyone can then start runs.
    """

    secrets: list[Secret] = []
    signature: Signature | Literal["none"] = Signature()
    key: str = ""
    person: str = ""
    subject: str = ""
    happened_at: str = ""
    delivery_header: str = ""

    @model_validator(mode="after")
    def _is_guarded(self) -> "WebhookSettings":
        if self.signature == "none" and self.secrets:
            raise ValueError("signature is none, so the secrets would guard nothing; leave one of them out.")
        if self.signature != "none" and not self.secrets:
            raise ValueError(
                "secrets is empty: give one, or write signature: none to take unsigned deliveries."
            )
        return self


class Received(Event):
    """A delivery arrived; `body` is its JSON."""

    match_fields = ("key_value",)

    key_value: str
    body: Any
    person_value: Annotated[str, Personal("contact")] = ""
    subject_value: str = ""
    moment: AwareDatetime | None = None

    def key(self) -> str:
        return self.key_value

    def person(self) -> str | None:
        return self.person_value or None

    def subject(self) -> str | None:
        return self.subject_value or None

    def happened_at(self) -> datetime | None:
        return self.moment


class Webhook(Connector[WebhookSettings]):
    """Signed JSON deliveries from any sender."""

    name = "webhook"
    title = "Webhook"
    integration_depth = "webhook"

    @classmethod
    def sandbox(cls) -> Sandbox:
        """A sender that signs."""
        from connectors.webhook.sandbox import SenderSandbox

        return SenderSandbox()

    def verify(self, delivery: Delivery) -> None:
        """Raise `Unverified` unless one of the secrets signed it, or the settings ask for no signature."""
        if self.settings.signature == "none":
            return
        if not self.settings.secrets:
            raise Unverified("There is no secret to check the signature with.")
        self.settings.signature.verify(delivery, self.settings.secrets)

    def delivery_key(self, delivery: Delivery) -> str:
        """The sender's own id of the delivery where the settings name its header, else the body's hash."""
        name = self.settings.delivery_header
        return (delivery.header(name) if name else "") or delivery.body_hash()

    @webhook()
    def received(self, delivery: Delivery) -> Received:
        """A delivery arrived and its signature is right."""
        body, settings = read_json(delivery.body), self.settings
        key = read_text(body, settings.key) if settings.key else delivery.body_hash()
        if not key:
            raise Unreadable(f"The delivery has nothing at {settings.key!r}, which should identify it.")
        # Every value was made here, so nothing is left to validate: this is the hot path.
        return Received.model_construct(
            key_value=key,
            body=body,
            person_value=read_text(body, settings.person),
            subject_value=read_text(body, settings.subject),
            moment=_read_moment(read_text(body, settings.happened_at)),
        )


def _read_moment(text: str) -> datetime | None:
    """ISO 8601 with a zone; a moment without one could be any of 24."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable("happened_at does not point at an ISO 8601 moment.") from error
    if moment.tzinfo is None:
        raise Unreadable("happened_at points at a moment without a zone.")
    return moment
