"""Tracking numbers of a page, each with how sure we are and why. Pure."""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace

from hub.fulfilment.carrier_table import linked_by
from hub.fulfilment.carriers import Detection, detect, tidy
from hub.fulfilment.check_digits import s10
from hub.fulfilment.mails.addresses import Linked, is_plausible, is_written_small, numbers_in
from hub.fulfilment.mails.beside import Value, closing_label, values
from hub.fulfilment.mails.declared import Declared
from hub.fulfilment.mails.naming import carriers_named
from hub.fulfilment.mails.page import Page, from_text

SHOWN = 0.6
"""A number of less confidence is left out, with the reason."""

_BY_LABEL = {"tracking": 0.82, "shipment": 0.5, "": 0.0}
_READ = (*_BY_LABEL, "reference", "barcode")
_RANKS = ("possible", "likely", "certain")
_WEIGHTS = (0.0, 0.03, 0.1, 0.13)
_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
_NO = re.compile(
    r"(?:\s(?:with|under|mit|unter|avec|sous|con|com|met|onder|med|pod|the|der|le|el|o|il|het"
    r"|nr|no|n\u00b0|n\u00ba|nummer|number|numerem|numer|numero|n\u00famero|num\u00e9ro|num)\.?){1,4}$",
    re.IGNORECASE,
)
"""How a number is announced between its carrier and itself: `GLS con el número`."""
_BREAK = re.compile(r"[\s,;.\uff0c\u3002\u3001]+")
_FAMILY = {"dhl-express", "dhl-ecommerce", "dhl-parcel"}


@dataclass(frozen=True, slots=True)
class Number:
    """A tracking number that was found. `line` is where, or -1 for markup; `carrier` is None in doubt."""

    number: str
    carrier: str | None
    confidence: float
    evidence: tuple[str, ...]
    line: int = -1
    order: str = ""


def numbers(page: Page, found: Iterable[Value], about: str) -> list[Number]:
    """What a page's text and links say. `about` names carriers beyond the lines: the sender, the subject."""
    wide = _named_anywhere(page, about)
    read = [_read(_unnamed(value, page), page, wide) for value in found if value.label in _READ]
    read += [_linked(linked.number, linked.link, place, wide) for place, linked in _links(page)]
    return merged(one for one in read if one is not None)


def from_subjects(subjects: Iterable[str]) -> list[Number]:
    """What subjects say."""
    read: list[Number] = []
    for subject in subjects:
        page = from_text(subject)
        found = (
            _read(value, page, carriers_named(subject)) for value in values(page) if value.label in _BY_LABEL
        )
        read += [replace(one, line=-1) for one in found if one is not None]
    return merged(read)


def from_markup(things: Iterable[Declared]) -> list[Number]:
    """What the mail says to machines."""
    read: list[Number] = []
    for thing in things:
        if thing.number and is_plausible(thing.number):
            found = detect(thing.number, word=thing.carrier, link=thing.link)
            carrier = carrier_of(found, carriers_named(thing.carrier) | linked_by(thing.link))
            why = ("schema.org markup names it",)
            read.append(Number(found.number, carrier, 0.95, why, order=thing.order))
        for linked in numbers_in(thing.link) if not thing.number else ():
            found = detect(linked.number, word=thing.carrier, link=thing.link)
            carrier = carrier_of(found, set(linked.carriers) | carriers_named(thing.carrier))
            read.append(Number(found.number, carrier, 0.9, ("in the markup's link",), order=thing.order))
    return merged(read)


def merged(found: Iterable[Number]) -> list[Number]:
    """One of each number, with all that speaks for it."""
    best: dict[str, Number] = {}
    for one in found:
        other = best.get(one.number)
        if other is None:
            best[one.number] = one
            continue
        sure = max(one.confidence, other.confidence)
        both = 0.04 if one.evidence != other.evidence and sure >= SHOWN else 0.0
        best[one.number] = replace(
            other,
            carrier=other.carrier or one.carrier,
            confidence=round(min(0.99, sure + both), 2),
            evidence=tuple(dict.fromkeys((*other.evidence, *one.evidence))),
            line=other.line if other.line >= 0 else one.line,
            order=other.order or one.order,
        )
    return list(best.values())


def carrier_of(found: Detection, meant: Set[str]) -> str | None:
    """Whose number it is: by its form, or by the sender's word where the form is nobody else's."""
    if found.carrier:
        return found.carrier
    if meant and meant <= _FAMILY:
        fits = {c.carrier for c in found.candidates if c.confidence == "certain"} & meant
        return next(iter(fits)) if len(fits) == 1 else _dhl(found.number, meant)
    likely = {c.carrier for c in found.candidates if c.confidence != "possible"}
    if len(meant & likely) == 1:
        return next(iter(meant & likely))
    return next(iter(meant)) if len(meant) == 1 and not likely else None


def _word(meant: Set[str]) -> str:
    """What `detect` is told of the sender's words: one carrier, or DHL without saying which."""
    if meant and meant <= _FAMILY:
        return next(iter(meant)) if len(meant) == 1 else "dhl"
    return next(iter(meant)) if len(meant) == 1 else ""


def _dhl(number: str, meant: Set[str]) -> str | None:
    """DHL alone may be three companies: its parcel service prints 12 and 20 digits or JJD, its express 10."""
    if len(meant) == 1:
        return next(iter(meant))
    if number.isdigit() and len(number) == 10:
        return "dhl-express"
    return (
        "dhl-parcel"
        if number.startswith("JJD") or (number.isdigit() and len(number) in (12, 14, 20))
        else None
    )


def _read(value: Value, page: Page, wide: Set[str]) -> Number | None:
    if value.label not in _BY_LABEL:
        return None
    number = tidy(value.text)
    if not is_plausible(value.text) or is_written_small(value.text):
        return None
    line = page[value.line]
    row = " ".join(one.text for one in page[max(0, value.line - 3) : value.line + 4] if one.row == line.row)
    meant = carriers_named(row) or carriers_named(_around(page, value.line)) or wide
    found = detect(number, word=_word(meant))
    is_named = bool(meant if value.label else carriers_named(row))
    sure = _BY_LABEL[value.label] + _by_form(number, value.label, meant=meant, is_named=is_named)
    if value.label == "shipment" and len(number) > 10 and _is_called_so(value, line.text):
        sure = max(sure, 0.65)
    if not value.label and _is_behind_its_carrier(value, line.text):
        sure = max(sure, 0.66)
    why = tuple(w for w in (value.why, _form_said(number), "the carrier is named" if meant else "") if w)
    return Number(number, carrier_of(found, meant), round(min(0.97, sure), 2), why, value.line)


def _unnamed(value: Value, page: Page) -> Value:
    """A `reference` with a carrier's form, in a sentence that names the carrier, is what its form says; and so is a
    `barcode` with letters, which no article's has."""
    if value.label == "barcode" and not value.text.isdigit():
        return replace(value, label="", why="")
    if value.label != "reference" or not carriers_named(page[value.line].text):
        return value
    return replace(value, label="", why="")


def _is_behind_its_carrier(value: Value, text: str) -> bool:
    """Whether a carrier's name stands right before a number of that carrier's length: `sent by GLS 64917909930`. A
    telephone of so few digits begins with 0."""
    number = tidy(value.text)
    ahead = _NO.sub("", text[: value.start].rstrip(" :#-\u2013(\uff1a"))
    named = carriers_named(_BREAK.split(ahead)[-1])
    is_telephone = number.startswith("0") and len(number) < 14
    return (
        len(number) >= 10
        and not is_telephone
        and bool(named & {c.carrier for c in detect(number).candidates})
    )


def _is_called_so(value: Value, text: str) -> bool:
    """Whether nothing lies between the word and the number: `parcel SPX123`, and not `parcel from 2026`."""
    return closing_label(text[: value.start].rstrip(" #:")) == "shipment"


def _by_form(number: str, label: str, *, meant: Set[str], is_named: bool) -> float:
    """What its form adds. A form without a label must be one that no other number has by chance."""
    found = detect(number)
    best = (
        2 if _is_postal(number) else max((_RANKS.index(c.confidence) for c in found.candidates), default=-1)
    )
    is_slip = bool(found.mistyped) and best < 0 and (not meant or bool(meant & set(found.mistyped)))
    if label == "tracking":
        return -0.12 if is_slip else _WEIGHTS[best + 1]
    if label == "shipment":
        # A weak word beside it needs a known form, or the carrier's name.
        is_fit = best == 0 and bool(meant & {one.carrier for one in found.candidates})
        is_backed = best > 0 or is_fit or (is_named and len(number) > 9 and not is_slip)
        return _WEIGHTS[best + 1] + (0.3 if is_backed else 0.0)
    if best == 2:
        return 0.86
    if best == 1 and not number.isdigit():
        return 0.7
    if best == 0 and is_named and len(number) >= 16 and meant & {one.carrier for one in found.candidates}:
        return 0.66  # so long a number beside the carrier that has its like
    return 0.68 if best == 1 and is_named else 0.0


def _is_postal(number: str) -> bool:
    """A number of the postal union's S10, whichever of its members' it is."""
    return _S10.fullmatch(number) is not None and s10(number)


def _form_said(number: str) -> str:
    found = detect(number)
    if found.candidates:
        best = found.candidates[0]
        return f"{best.why} ({best.name})" if best.confidence != "possible" else ""
    return f"the check digit is wrong for {', '.join(found.mistyped)}" if found.mistyped else "no known form"


def _links(page: Page) -> Iterator[tuple[int, Linked]]:
    for place, line in enumerate(page):
        for link in line.links[:30]:
            for linked in numbers_in(link):
                yield place, linked


def _linked(number: str, link: str, place: int, wide: Set[str]) -> Number:
    carriers = linked_by(link)
    found = detect(number, link=link) if carriers else detect(number, word=_word(wide))
    sure = (0.9 if carriers else 0.8) + (0.06 if found.candidates else 0.0)
    sure -= 0.15 if found.mistyped and not found.candidates else 0.0
    why = "in a carrier's own link" if carriers else "in a tracking link"
    return Number(number, carrier_of(found, carriers or wide), round(sure, 2), (why,), place)


def _around(page: Page, place: int) -> str:
    near = page[max(0, place - 2) : place + 3]
    return " ".join(one.text for one in near if len(one.text) < 200)


def _named_anywhere(page: Page, about: str) -> Set[str]:
    """The one carrier that the whole mail speaks of; nobody where it speaks of several."""
    if named := carriers_named(about):
        return named
    found: set[str] = set()
    for line in page[:300]:
        found |= carriers_named(line.text) if len(line.text) < 300 else set()
    return found if len(found) == 1 or found <= _FAMILY else set()
