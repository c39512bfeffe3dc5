"""What Shopify calls a carrier: for a name on its list it makes the link to the parcel's page by itself.

The names are those of the description of `FulfillmentTrackingInfo.company` in Shopify's schema, capitals included.
"""

import re

NAMES = (
    "4PX", "Amazon", "Amazon Logistics UK", "An Post", "Anjun Logistics", "APC", "Aramex Australia", "Asendia USA",
    "Australia Post", "Bluedart", "BPost", "BPost International", "Bring", "BRT", "Canada Post", "Canpar",
    "China Post", "Chronopost", "Chukou1", "Colis Privé", "Colissimo", "Correios", "Correos", "Couriers Please",
    "CTT", "Delhivery", "Deutsche Post", "DHL", "DHL eCommerce", "DHL eCommerce Asia", "DHL Express", "DHL Parcel",
    "DPD", "DPD Ireland", "DPD Local", "DPD UK", "DTDC", "DX", "Ecom Express", "Estes", "Evri", "Fastway", "FedEx",
    "GLS", "GLS Italy", "Hermes", "India Post", "Inpost", "Intelcom", "Israel Post", "La Poste Colissimo",
    "Lasership", "Latvia Post", "Lone Star Overnight", "Loomis", "LSO", "Mondial Relay", "New Zealand Post",
    "NinjaVan", "Old Dominion", "OnTrac", "Packeta", "Pandion", "Parcelforce", "Pitney Bowes", "Portal PostNord",
    "Poste Italiane", "PostNL", "PostNord DK", "PostNord NO", "PostNord SE", "PTT", "Purolator", "Royal Mail",
    "Sendle", "SEUR", "SF Express", "SFC Fulfillment", "ShipBob", "Singapore Post", "Skynet", "Speedy", "StarTrack",
    "Swiship", "Swiss Post", "TForce Final Mile", "TNT", "TNT Australia", "Toll IPEC", "UPS", "USPS", "Venipak",
    "WanbExpress", "Whistl", "XPO Logistics", "XpressBees", "Yodel", "YunExpress",
)  # fmt: skip


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


_BY_PLAIN_NAME = {_plain(name): name for name in NAMES}


def to_carrier(company: str) -> str:
    """The short name of a carrier on Shopify's list; empty for what is not on it, which may be anybody's word."""
    listed = _BY_PLAIN_NAME.get(_plain(company), "")
    return re.sub(r"[^a-z0-9]+", "_", listed.casefold()).strip("_")


def to_company(carrier: str) -> str:
    """A carrier's short name (`ups`, `dhl_express`) as Shopify spells it; one it does not know stays as it is."""
    return _BY_PLAIN_NAME.get(_plain(carrier), carrier.strip())
