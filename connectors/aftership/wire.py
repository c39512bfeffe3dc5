"""AfterShip's JSON: the parts of a tracking, a list, a refusal and a webhook that are read.

Every field but the number and the tag may be null, above all in webhooks; names that changed between versions of the
API are read by each of their names.
"""

from typing import Any, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from hub.sdk import Unreadable

W = TypeVar("W", bound="Wire")


class Wire(BaseModel):
    """A part of what AfterShip says; fields may be added to it at any time."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def read(cls: type[W], data: Any) -> W:
        """Read it, or raise `Unreadable`, which names places and never values: those may be a customer's."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            found = error.errors(include_input=False, include_url=False)[:5]
            places = ", ".join(".".join(map(str, e["loc"])) for e in found)
            raise Unreadable(f"What AfterShip says is not as expected at {places or 'its top'}.") from None


class WireCheckpoint(Wire):
    """One thing a carrier said. `checkpoint_time` is often the place's own time without an offset, or only a date."""

    created_at: str | None = None
    checkpoint_time: str | None = None
    location: str | None = None
    city: str | None = None
    state: str | None = None
    country_region: str | None = None
    country_region_name: str | None = Field(
        None, validation_alias=AliasChoices("country_region_name", "country_name")
    )
    message: str | None = None
    tag: str | None = None
    subtag: str | None = None
    subtag_message: str | None = None
    source: str | None = None
    """`user` where nobody but the account's own people said so, by marking the tracking as completed."""


class WireEstimate(Wire):
    """When a parcel should arrive: one moment, or a range whose end counts."""

    at: str | None = Field(None, validation_alias=AliasChoices("datetime", "estimated_delivery_date"))
    latest: str | None = Field(
        None, validation_alias=AliasChoices("datetime_max", "estimated_delivery_date_max")
    )


class WireTracking(Wire):
    """A parcel AfterShip follows; `tag` is where it stands."""

    id: str | None = None
    tracking_number: str
    slug: str | None = None
    tag: str
    subtag: str | None = None
    updated_at: str | None = None
    return_to_sender: bool | None = None
    latest_estimated_delivery: WireEstimate | None = None
    courier_estimated_delivery_date: WireEstimate | None = None
    aftership_estimated_delivery_date: WireEstimate | None = None
    checkpoints: list[WireCheckpoint] | None = None


class WireAnswer(Wire):
    """What creating answers: since 2024 `data` is the tracking itself."""

    data: WireTracking


class WirePagination(Wire):
    """Whether there is more, and where it begins."""

    next_cursor: str | None = None
    has_next_page: bool = False


class WireTrackings(Wire):
    """A page of trackings, each still to be read: one odd one must not hide the others."""

    trackings: list[dict[str, Any]]
    pagination: WirePagination = WirePagination()


class WireList(Wire):
    """What listing answers."""

    data: WireTrackings


class WireMeta(Wire):
    """Why AfterShip refuses: `code` is finer than the HTTP status, `message` may repeat what was sent."""

    code: int = 0
    message: str = ""


class WireRefusal(Wire):
    """The body of a 4xx."""

    meta: WireMeta


class WireWebhook(Wire):
    """The body of a webhook. `event` says what kind of news it is; where the parcel stands is in `msg`."""

    msg: WireTracking
