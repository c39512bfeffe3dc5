"""Lob's JSON: the parts of a verification that a verdict needs. What else it sends is not read."""

from pydantic import BaseModel, ConfigDict


class _Wire(BaseModel):
    """A part of the answer; fields may be added to it at any time."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class WireUsComponents(_Wire):
    """A US address in parts. What Lob does not know is an empty text."""

    street_predirection: str = ""
    street_suffix: str = ""
    street_postdirection: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    zip_code_plus_4: str = ""


class WireAnalysis(_Wire):
    """What the postal service's own files say, as two-letter footnotes: `N1` is a missing unit."""

    dpv_footnotes: list[str] = []


class WireUsVerification(_Wire):
    """A US verification. `valid_address` may be true of a building whose unit is missing, so it is not read."""

    deliverability: str
    primary_line: str
    secondary_line: str = ""
    components: WireUsComponents
    deliverability_analysis: WireAnalysis


class WireIntlComponents(_Wire):
    """An address of another country in parts."""

    city: str = ""
    state: str = ""
    postal_code: str = ""


class WireIntlVerification(_Wire):
    """A verification in another country. `coverage` is how deep Lob knows that country, `status` how sure it is."""

    deliverability: str
    status: str
    coverage: str
    primary_line: str
    secondary_line: str = ""
    components: WireIntlComponents


class WireFault(_Wire):
    """What is wrong with a request; Lob's `message` may quote the address and is not read."""

    code: str = ""


class WireRefusal(_Wire):
    """The body of an answer that is not 200."""

    error: WireFault = WireFault()
