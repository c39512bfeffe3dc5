"""A connection's settings: who is told, in which order, and whether being told twice does harm."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from hub.sdk import Settings
from hub.sdk.declared import DeclaredEffect


def _usable(address: SecretStr) -> SecretStr:
    # Apprise takes half a second to import and a second to load: who has no such connection does not pay for it.
    from connectors.alerts.apprise_road import Unusable, open_address

    try:
        open_address(address.get_secret_value())
    except Unusable as error:
        raise ValueError(str(error)) from None
    return address


class AlertSettings(Settings):
    """Addresses as Apprise writes them (`slack://…`, `mailtos://…`, `twilio://…`); each is a credential.

    `to: first` tells them in order until one accepts, `to: all` tells every one. Done is what one of them accepted.

    `effect` says what being told twice does. `idempotent`, the default, says that people who hear a thing twice know
    what they knew after once; then an address that leaves us in doubt is passed over for the next, and the hub tells
    again. Where an alert opens an incident or costs money, write `effect: unsafe`: doubt then ends the call, and a
    person decides.
    """

    urls: Annotated[
        list[Annotated[SecretStr, Field(min_length=1), AfterValidator(_usable)]],
        Field(min_length=1, max_length=10),
    ]
    to: Literal["first", "all"] = "first"
    effect: DeclaredEffect = DeclaredEffect(kind="idempotent")
