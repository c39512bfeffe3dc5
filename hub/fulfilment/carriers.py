"""Whose a tracking number is: by its form and check digit, and what its sender says beside it. Pure.

The rules are public facts: the carriers' label guides, the Universal Postal Union's S10, and the open collection
`tracking_number_data`. Several carriers may own one number; then all of them are named and nobody is chosen.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from hub.fulfilment import check_digits
from hub.fulfilment.carrier_table import CARRIERS, POSTS, linked_by, named_in
from hub.sdk.commerce import Record

Confidence = Literal["possible", "likely", "certain"]
"""`certain`: a form nobody else uses, or a fitting form and the sender's word. `likely`: a check digit or a prefix of
the carrier's own. `possible`: so many digits, or nothing but the sender's word."""

_RANK: dict[Confidence, int] = {"possible": 0, "likely": 1, "certain": 2}


class Candidate(Record):
    """A carrier that may have issued the number, and why."""

    carrier: str
    name: str
    confidence: Confidence
    why: str


class Detection(Record):
    """What a tracking number tells. `mistyped` are carriers whose form it has with a wrong check digit."""

    number: str
    candidates: list[Candidate] = []
    mistyped: list[str] = []

    @property
    def carrier(self) -> str | None:
        """The carrier, where there is no doubt: the only certain one, or a likely one beside nobody. Else None."""
        certain = [c.carrier for c in self.candidates if c.confidence == "certain"]
        if certain:
            return certain[0] if len(certain) == 1 else None
        likely = len(self.candidates) == 1 and self.candidates[0].confidence == "likely"
        return self.candidates[0].carrier if likely else None


@dataclass(frozen=True, slots=True)
class Rule:
    """A form of a carrier's numbers. A wrong check digit makes it a mistyped one."""

    carrier: str
    form: re.Pattern[str]
    confidence: Confidence
    why: str
    check: Callable[[str], bool] | None = None


def _rule(
    carrier: str,
    form: str,
    confidence: Confidence,
    why: str,
    check: Callable[[str], bool] | None = None,
) -> Rule:
    return Rule(carrier, re.compile(form), confidence, why, check)


def _smartpost(digits: str) -> bool:
    """Labels leave out the application identifier 92, which the check digit counts."""
    return check_digits.gs1(digits if len(digits) == 22 else f"92{digits}")


RULES = (
    _rule("ups", r"1Z[A-Z0-9]{15}\d", "certain", "1Z and 16 signs", check_digits.ups),
    # IMpb, USPS Publication 199; in front may stand 420 and the ZIP code, which are no part of the number.
    _rule("usps", r"9[1345]\d{20}(?:\d{4})?", "certain", "an IMpb of 22 or 26 digits", check_digits.gs1),
    _rule("usps", r"92\d{20}(?:\d{4})?", "likely", "an IMpb that consolidators use too", check_digits.gs1),
    _rule("usps", r"(?:0[1-4]|23|7[01379]|81)\d{18}", "likely", "20 digits of a USPS service", check_digits.gs1),
    _rule("fedex", r"\d{12}", "likely", "12 digits of FedEx Express", check_digits.fedex_express),
    _rule("fedex", r"\d{15}", "likely", "15 digits of FedEx Ground", check_digits.gs1),
    _rule("fedex", r"96\d{20}", "certain", "96 and 20 digits of FedEx Ground", lambda n: check_digits.gs1(n[7:])),
    _rule("fedex", r"(?:92)?61\d{18}", "likely", "FedEx Ground Economy", _smartpost),
    _rule(
        "fedex", r"(?:100\d|96\d\d)\d{30}", "certain", "34 digits of a FedEx label",
        lambda n: check_digits.fedex_express(n[20:]),
    ),
    _rule("dhl-express", r"\d{10,11}", "likely", "a DHL Express waybill", check_digits.mod7),
    _rule("dhl-express", r"J[A-Z]{2,3}\d{9,10}", "likely", "a DHL Express piece"),
    _rule("dhl-express", r"JJD\d{11,24}", "possible", "a DHL piece"),
    _rule("dhl-parcel", r"JJD\d{11,24}", "possible", "a DHL piece"),
    _rule("dhl-parcel", r"00340434\d{12}", "certain", "an SSCC of DHL in Germany", check_digits.gs1),
    _rule("dhl-ecommerce", r"GM\d{10,39}", "likely", "GM and digits"),
    _rule("dpd", r"\d{14}", "possible", "14 digits, as DPD has"),
    _rule("dpd", r"\d{14}[A-Z0-9]", "likely", "14 digits and DPD's check sign", check_digits.iso_7064),
    _rule("dpd", r"\d{27}[A-Z0-9]", "likely", "a DPD label's bar code", check_digits.iso_7064),
    # GLS prints 11 digits and a twelfth; how the twelfth is computed is not published.
    _rule("gls", r"\d{11,12}", "possible", "11 or 12 digits, as GLS has"),
    _rule("canada-post", r"\d{16}", "likely", "16 digits of Canada Post", check_digits.gs1),
    _rule("yunexpress", r"YT\d{16}", "likely", "YT and 16 digits"),
    _rule("4px", r"4PX\d{13}CN", "certain", "4PX, 13 digits, CN"),
    # Open collections name Yanwen for these, some YunExpress: YP is no country of the postal union.
    _rule("yanwen", r"[A-Z]{2}\d{9}YP", "likely", "a form that Yanwen uses", check_digits.s10),
    _rule("yunexpress", r"[A-Z]{2}\d{9}YP", "possible", "a form that some ascribe to YunExpress", check_digits.s10),
    _rule("cainiao", r"LP\d{14,16}", "likely", "LP and 14 to 16 digits"),
    _rule("packeta", r"Z\d{10}", "likely", "Z and 10 digits"),
    _rule("postnl", r"3S[A-Z]{4}\d{7,9}", "likely", "3S, a sender's letters and digits"),
    _rule("correos", r"P[A-Z][A-Z0-9]{5}\d{15}[A-Z]", "likely", "23 signs of Correos"),
    _rule("hermes", r"H\d{19}", "likely", "H and 19 digits"),
    _rule("evri", r"T00[A-Z0-9]A?\d{11,12}", "likely", "T00 and Evri's signs"),
    _rule("la-poste", r"\d[A-Z]\d{11}", "likely", "13 signs of Colissimo"),
    _rule("chronopost", r"[A-Z]{2}\d{9}J[BF]", "likely", "13 signs of Chronopost"),
    _rule("postnord", r"00\d73\d{15}", "possible", "an SSCC from Sweden", check_digits.gs1),
    # An article of Australia Post: the sender's letters, and 18 digits for consignment, count, product and check.
    _rule("australia-post", r"(?:\d{2})?[A-Z]{3}\d{18}", "possible", "a sender's letters and 18 digits"),
    _rule("zto", r"7\d{13}", "possible", "14 digits from 7, as ZTO has"),
    _rule("tnt", r"\d{9}", "possible", "9 digits, as TNT has"),
    _rule("yodel", r"JD\d{16}", "likely", "JD and 16 digits"),
    _rule("sf-express", r"SF\d{12,13}", "likely", "SF and 12 or 13 digits"),
    _rule("swiss-post", r"99\d{16}", "possible", "18 digits from 99, as Swiss Post has"),
    _rule("bpost", r"323\d{21}", "possible", "24 digits from 323, as bpost has"),
    _rule("inpost", r"6\d{23}", "possible", "24 digits from 6, as InPost has"),
    _rule("amazon", r"TB[ACM]\d{12}", "likely", "TBA, TBC or TBM and 12 digits"),
    *(
        _rule(slug, rf"[A-Z]{{2}}\d{{9}}{country}", "certain", f"a postal number of {country}", check_digits.s10)
        for country, slug in POSTS.items()
    ),
)  # fmt: skip
"""Every form we know. A form without `check` can be told from a slip of the pen by nothing."""

_NUMBER = re.compile(r"(?=.*\d)[A-Z0-9]{8,40}")
_ROUTING = re.compile(r"420(?:\d{5}|\d{9})(?=9[1-5](?:\d{20}|\d{24})$)")


def tidy(text: str) -> str:
    """A tracking number as carriers write it: upper case, no spaces, dots or dashes, and no ZIP code in front."""
    compact = re.sub(r"[\s.\-\u2010-\u2015]", "", unicodedata.normalize("NFKC", text)).upper()
    return _ROUTING.sub("", compact, count=1)


def detect(text: str, *, word: str = "", link: str = "") -> Detection:
    """Whose number it is. `word` is what the sender calls the carrier; `link` is one that came with the number."""
    number = tidy(text)
    if _NUMBER.fullmatch(number) is None:
        return Detection(number=number[:40])
    by_form, mistyped = _by_form(number)
    meant = named_in(word) | linked_by(link)
    found = _weighed(by_form, meant) if meant else by_form
    best_first = sorted(found.values(), key=lambda c: (-_RANK[c.confidence], c.carrier))
    return Detection(number=number, candidates=best_first, mistyped=sorted(mistyped - by_form.keys()))


def _by_form(number: str) -> tuple[dict[str, Candidate], set[str]]:
    found: dict[str, Candidate] = {}
    mistyped: set[str] = set()
    for rule in RULES:
        if rule.form.fullmatch(number) is None:
            continue
        if rule.check is not None and not rule.check(number):
            mistyped.add(rule.carrier)
            continue
        before = found.get(rule.carrier)
        if before is None or _RANK[rule.confidence] > _RANK[before.confidence]:
            found[rule.carrier] = _candidate(rule.carrier, rule.confidence, rule.why)
    return found, mistyped


def _weighed(by_form: dict[str, Candidate], meant: set[str]) -> dict[str, Candidate]:
    """Form and word together. A word that fits the form settles it; one that contradicts it leaves a doubt."""
    fitting = meant & by_form.keys()
    if fitting:
        return {
            slug: c.model_copy(update={"confidence": "certain", "why": f"{c.why}, and the sender's word"})
            if slug in fitting
            else c.model_copy(update={"confidence": "possible"})
            for slug, c in by_form.items()
        }
    doubted = {
        slug: c.model_copy(update={"confidence": "likely" if c.confidence == "certain" else "possible"})
        for slug, c in by_form.items()
    }
    return doubted | {slug: _candidate(slug, "possible", "only the sender's word") for slug in meant}


def _candidate(slug: str, confidence: Confidence, why: str) -> Candidate:
    return Candidate(carrier=slug, name=CARRIERS[slug].name, confidence=confidence, why=why)
