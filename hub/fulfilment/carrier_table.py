"""Carriers as the public knows them: names, the words and addresses by which senders mean them, and their own pages."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier. `words` are how senders write it, in lower case; `page` is its own, with `{}` for the number, or empty
    where the carrier's page takes no number in its address."""

    slug: str
    name: str
    domains: tuple[str, ...]
    page: str = ""
    words: tuple[str, ...] = ()


_ALL = (
    Carrier("ups", "UPS", ("ups.com",), "https://www.ups.com/track?tracknum={}", ("united parcel service",)),
    Carrier(
        "fedex",
        "FedEx",
        ("fedex.com",),
        "https://www.fedex.com/fedextrack/?trknbr={}",
        ("fed ex", "federal express"),
    ),
    Carrier(
        "usps",
        "USPS",
        ("usps.com",),
        "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
        ("united states postal service", "us postal service", "us mail"),
    ),
    Carrier(
        "dhl-express",
        "DHL Express",
        ("mydhl.express.dhl",),
        "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    ),
    Carrier(
        "dhl-ecommerce",
        "DHL eCommerce",
        ("dhlecs.com", "dhlecommerce.com"),
        "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
        ("dhl e commerce", "dhl global mail"),
    ),
    Carrier(
        "dhl-parcel",
        "DHL",
        ("dhl.de",),
        "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode={}",
        ("dhl paket", "dhl parcel", "dhl germany"),
    ),
    Carrier(
        "dpd",
        "DPD",
        ("dpd.com", "dpd.de", "dpd.co.uk", "dpd.fr", "dpd.nl", "dpd.be", "dpd.ch", "dpd.com.pl"),
        "https://tracking.dpd.de/status/en_US/parcel/{}",
    ),
    Carrier(
        "gls",
        "GLS",
        ("gls-group.com", "gls-group.eu", "gls-italy.com", "gls-pakete.de"),
        "https://gls-group.com/track/{}",
        ("general logistics systems",),
    ),
    Carrier(
        "canada-post",
        "Canada Post",
        ("canadapost.ca", "canadapost-postescanada.ca"),
        "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={}",
        ("postes canada", "canadapost"),
    ),
    Carrier(
        "royal-mail",
        "Royal Mail",
        ("royalmail.com",),
        "https://www.royalmail.com/track-your-item#/tracking-results/{}",
        ("royalmail",),
    ),
    Carrier(
        "yunexpress",
        "YunExpress",
        ("yuntrack.com", "yunexpress.com"),
        "https://www.yuntrack.com/parcelTracking?id={}",
        ("yun express", "yuntu", "yun tu"),
    ),
    Carrier("4px", "4PX", ("4px.com",), "https://track.4px.com/#/result/0/{}", ("4 px", "fourpx")),
    Carrier(
        "yanwen",
        "Yanwen",
        ("yw56.com.cn",),
        "https://track.yw56.com.cn/en/querydel?nums={}",
        ("yan wen", "yanwen express"),
    ),
    Carrier("cainiao", "Cainiao", ("cainiao.com",), "https://global.cainiao.com/detail.htm?mailNoList={}"),
    Carrier(
        "china-post",
        "China Post",
        ("chinapost.com.cn", "ems.com.cn"),
        "",
        ("china ems", "epacket", "chinapost"),
    ),
    Carrier(
        "deutsche-post",
        "Deutsche Post",
        ("deutschepost.de",),
        "https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode={}",
    ),
    Carrier(
        "la-poste",
        "La Poste",
        ("laposte.fr", "colissimo.fr", "laposte.info"),
        "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
        ("colissimo", "laposte"),
    ),
    Carrier(
        "postnl", "PostNL", ("postnl.nl", "postnl.post"), "https://postnl.nl/tracktrace/?B={}", ("post nl",)
    ),
    Carrier(
        "australia-post",
        "Australia Post",
        ("auspost.com.au",),
        "https://auspost.com.au/mypost/track/#/details/{}",
        ("auspost",),
    ),
    Carrier(
        "japan-post",
        "Japan Post",
        ("japanpost.jp",),
        "https://trackings.post.japanpost.jp/services/srv/search/direct?reqCodeNo1={}&locale=en",
    ),
    Carrier("hongkong-post", "Hongkong Post", ("hongkongpost.hk",), "", ("hong kong post",)),
    Carrier("singapore-post", "Singapore Post", ("singpost.com",), "", ("singpost",)),
    Carrier("swiss-post", "Swiss Post", ("post.ch",), "https://service.post.ch/ekp-web/ui/entry/search/{}"),
    Carrier(
        "hermes",
        "Hermes",
        ("myhermes.de", "hermesworld.com", "hermes-europe.co.uk", "myhermes.co.uk"),
        "",
        ("hermes germany",),
    ),
    Carrier("evri", "Evri", ("evri.com",), "https://www.evri.com/track/parcel/{}", ("myhermes",)),
    Carrier("yodel", "Yodel", ("yodel.co.uk",)),
    Carrier("parcelforce", "Parcelforce", ("parcelforce.com",), "", ("parcelforce worldwide",)),
    Carrier("an-post", "An Post", ("anpost.com", "anpost.ie")),
    Carrier("chronopost", "Chronopost", ("chronopost.fr", "chronopost.com")),
    Carrier("mondial-relay", "Mondial Relay", ("mondialrelay.fr", "mondialrelay.com"), "", ("mondialrelay",)),
    Carrier("colis-prive", "Colis Privé", ("colisprive.com", "colisprive.fr"), "", ("colis prive",)),
    Carrier("bpost", "bpost", ("bpost.be", "bpost.cloud")),
    Carrier(
        "correos", "Correos", ("correos.es", "correos.com", "correosexpress.com"), "", ("correos express",)
    ),
    Carrier("seur", "SEUR", ("seur.com",)),
    Carrier("mrw", "MRW", ("mrw.es",)),
    Carrier("nacex", "NACEX", ("nacex.es", "nacex.com")),
    Carrier(
        "poste-italiane",
        "Poste Italiane",
        ("poste.it", "posteitaliane.it"),
        "",
        ("sda express courier", "crono poste"),
    ),
    Carrier("brt", "BRT", ("brt.it", "bartolini.it"), "", ("bartolini", "brt corriere espresso")),
    Carrier("sda", "SDA", ("sda.it",)),
    Carrier(
        "inpost", "InPost", ("inpost.pl", "inpost.co.uk", "inpost.it"), "", ("paczkomaty inpost", "paczkomat")
    ),
    Carrier("poczta-polska", "Poczta Polska", ("poczta-polska.pl", "pocztex.pl"), "", ("pocztex",)),
    Carrier(
        "postnord",
        "PostNord",
        ("postnord.se", "postnord.dk", "postnord.no", "postnord.com"),
        "",
        ("post nord",),
    ),
    Carrier(
        "posten-bring",
        "Posten Bring",
        ("bring.no", "bring.com", "bring.se", "posten.no"),
        "",
        ("posten norge", "bring parcels"),
    ),
    Carrier("posti", "Posti", ("posti.fi", "posti.com")),
    Carrier(
        "austrian-post",
        "Österreichische Post",
        ("post.at",),
        "",
        ("austrian post", "osterreichische post", "post ag"),
    ),
    Carrier("ctt", "CTT", ("ctt.pt", "cttexpress.com"), "", ("ctt expresso", "ctt express")),
    Carrier("correios", "Correios", ("correios.com.br",)),
    Carrier("packeta", "Packeta", ("packeta.com", "zasilkovna.cz"), "", ("zasilkovna",)),
    Carrier("ppl", "PPL", ("ppl.cz",), "", ("ppl cz",)),
    Carrier("tnt", "TNT", ("tnt.com",), "", ("tnt express",)),
    Carrier("purolator", "Purolator", ("purolator.com",)),
    Carrier("ontrac", "OnTrac", ("ontrac.com",), "", ("lasership",)),
    Carrier("aramex", "Aramex", ("aramex.com",)),
    Carrier("startrack", "StarTrack", ("startrack.com.au",)),
    Carrier("yamato", "Yamato", ("kuronekoyamato.co.jp",), "", ("kuroneko", "ta q bin")),
    Carrier("sagawa", "Sagawa", ("sagawa-exp.co.jp",), "", ("sagawa express",)),
    Carrier(
        "sf-express", "SF Express", ("sf-express.com", "sf-international.com"), "", ("sf international",)
    ),
    Carrier("zto", "ZTO", ("zto.com",), "", ("zto express",)),
    Carrier("yto", "YTO", ("yto.net.cn",), "", ("yto express",)),
    Carrier(
        "amazon", "Amazon Logistics", ("track.amazon.com",), "https://track.amazon.com/tracking/{}", ("amzl",)
    ),
)

CARRIERS: dict[str, Carrier] = {carrier.slug: carrier for carrier in _ALL}
"""Every carrier by its short name."""

POSTS: dict[str, str] = {
    "AT": "austrian-post", "AU": "australia-post", "BE": "bpost", "BR": "correios", "CA": "canada-post",
    "CH": "swiss-post", "CN": "china-post", "DE": "deutsche-post", "DK": "postnord", "ES": "correos", "FI": "posti",
    "FR": "la-poste", "GB": "royal-mail", "HK": "hongkong-post", "IE": "an-post", "IT": "poste-italiane",
    "JP": "japan-post", "NL": "postnl", "NO": "posten-bring", "PL": "poczta-polska", "PT": "ctt", "SE": "postnord",
    "SG": "singapore-post", "US": "usps",
}  # fmt: skip
"""The operator that issues a country's S10 numbers: each member of the Universal Postal Union has one."""


def official_page(slug: str, number: str) -> str | None:
    """The carrier's own tracking page for a number; None where it has none. Never a link that somebody sent."""
    carrier = CARRIERS.get(slug)
    return carrier.page.replace("{}", quote(number, safe="")) if carrier and carrier.page else None


def named_in(text: str) -> set[str]:
    """The carriers a sender's word can mean: `UPS Ground` is UPS, and `DHL` alone may be any of its companies."""
    words = f" {' '.join(re.findall(r'[a-z0-9]+', text.casefold()))} "
    found = {c.slug: n for c in _ALL if (n := _longest(c, words))}
    # "dhl ecommerce" means that one; the bare "dhl" in it means nothing more.
    longest = max(found.values(), default=0)
    return {slug for slug, length in found.items() if length == longest}


def linked_by(link: str) -> set[str]:
    """The carriers on whose own domain a link is; `ups.com.example` is nobody's."""
    try:
        host = (urlsplit(link.strip()).hostname or "").rstrip(".")
    except ValueError:
        return set()
    if not host:
        return set()
    if _is_under(host, "dhl.com"):
        return {"dhl-express", "dhl-ecommerce", "dhl-parcel"}
    return {c.slug for c in _ALL if any(_is_under(host, domain) for domain in c.domains)}


def _is_under(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _longest(carrier: Carrier, words: str) -> int:
    names = [carrier.name.casefold(), carrier.slug.replace("-", " "), *carrier.words]
    if carrier.slug.startswith("dhl-"):
        names.append("dhl")
    return max((len(name) for name in names if f" {name} " in words), default=0)
