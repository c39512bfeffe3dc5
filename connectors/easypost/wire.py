"""EasyPost's JSON: the parts of an Address that a verdict needs. What else it sends is not read."""

from pydantic import BaseModel, ConfigDict


class _Wire(BaseModel):
    """A part of the answer; fields may be added to it at any time, and nulls stand for empty texts."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class WireError(_Wire):
    """One thing wrong with an address."""

    code: str
    message: str | None = None


class WireVerification(_Wire):
    """One verification. `success` may be true although `errors` says that the apartment is missing."""

    success: bool
    errors: list[WireError] = []


class WireVerifications(_Wire):
    """What was verified; without `delivery` nothing was."""

    delivery: WireVerification
    zip4: WireVerification | None = None


class WireAddress(_Wire):
    """An address as EasyPost writes it: upper case, the unit merged into `street1`, ZIP+4."""

    id: str
    street1: str | None = None
    street2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    verifications: WireVerifications


class WireFault(_Wire):
    """What is wrong with a request."""

    code: str = ""


class WireRefusal(_Wire):
    """The body of a 4xx."""

    error: WireFault = WireFault()
