"""Postscript's JSON: the parts that are read."""

from pydantic import BaseModel, ConfigDict, Field, StrictBool


class _Wire(BaseModel):
    """A part of an answer; fields may be added to it at any time."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class WireSubscription(_Wire):
    """Whether somebody agreed to one kind of message, and has not taken it back."""

    can_send: StrictBool


class WireSubscriptions(_Wire):
    """What somebody agreed to. Promotional messages are none of the hub's business and are not read."""

    transactional: WireSubscription


class WireSubscriber(_Wire):
    """Somebody whose number Postscript knows."""

    id: str = Field(min_length=1)
    phone_number: str
    subscriptions: WireSubscriptions


class WireSubscribers(_Wire):
    """A page of subscribers."""

    subscribers: list[WireSubscriber]


class WireMessageRequest(_Wire):
    """A message that Postscript took. Its `status` says how far sending has come, which nobody waits for here."""

    id: str = Field(min_length=1)


class WireRefusal(_Wire):
    """One of several shapes of a refusal; the others say what is wrong in words only, which are not repeated."""

    error_code: int | None = None
