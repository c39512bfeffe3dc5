"""The short names of carriers and AfterShip's slugs for them. Pure."""

import re
from collections.abc import Mapping

SLUGS: Mapping[str, str] = {
    "chronopost": "chronopost-france",
    "correos": "spain-correos-es",
    "dhl-ecommerce": "dhl-global-mail",
    "dhl-express": "dhl",
    "dhl-de": "dhl-germany",
    "la-poste": "la-poste-colissimo",
    "parcelforce": "parcel-force",
    "seur": "spanish-seur",
    "yamato": "taqbin-jp",
}
"""Slugs that differ from the short name. AfterShip's own are names too: ups, usps, fedex, dhl, dpd, gls, yunexpress."""

_NAMES = {slug: name for name, slug in SLUGS.items() if name != "dhl-express"}

_UNRECOGNISED = "unrecognized"
"""The slug AfterShip gives to a number whose carrier it cannot find out."""


def slug_of(carrier: str, slugs: Mapping[str, str]) -> str:
    """AfterShip's slug for a carrier, by the merchant's own list first; empty lets AfterShip find out."""
    own = {_plain(name): slug for name, slug in slugs.items()}
    name = _plain(carrier)
    return own.get(name) or SLUGS.get(name) or name


def name_of(slug: str | None) -> str:
    """A carrier's short name by AfterShip's slug."""
    if not slug or slug == _UNRECOGNISED:
        return ""
    return _NAMES.get(slug, slug)


def _plain(name: str) -> str:
    return re.sub(r"[\s_]+", "-", name.strip().lower())
