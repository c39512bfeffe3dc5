"""What a connection to an AfterShip account must be told."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr

from hub.sdk import Settings

Secret = Annotated[SecretStr, Field(min_length=1)]


class AfterShipSettings(Settings):
    """An AfterShip Tracking account: the key for asking, the secret of its webhooks, and how to read its times."""

    api_key: Secret
    """An API key (`asat_…`) of the Tracking product, without a signature mode."""
    webhook_secrets: Annotated[list[Secret], Field(min_length=1)]
    """What AfterShip signs webhooks with; after a change the old one too, until nothing signed with it can come."""
    zone: ZoneInfo = ZoneInfo("UTC")
    """Where the clocks of carriers stand that tell a time and no offset, as an IANA name.

    Many carriers tell the local time of each place, so such a time may be wrong by as much as the places differ.
    """
    slugs: dict[str, str] = {}
    """AfterShip's slugs for the carriers that suppliers call otherwise: `{"Yun Express": "yunexpress"}`."""
