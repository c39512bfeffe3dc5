"""Order references of a mail, each with how sure we are and why. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from hub.fulfilment.carriers import detect, tidy
from hub.fulfilment.mails.beside import Value, labels_in, values
from hub.fulfilment.mails.declared import Declared
from hub.fulfilment.mails.history import bare
from hub.fulfilment.mails.masking import masked
from hub.fulfilment.mails.page import Line, Page
from hub.fulfilment.mails.words import fold, says

SHOWN = 0.6
"""A reference of less confidence is left out, with the reason."""

_ALONE = re.compile(r"[A-Z]{1,6}-?\d{4,12}(?:-[A-Z0-9]{1,4})?")
_NAMED_SO = re.compile(
    r"(?<![\w-])(?!ISO|IEC|DIN|RFC|CVE|IEEE)[A-Z]{1,6}-?\d{4,12}(?:-[A-Z0-9]{1,4})?(?![\w-])"
)
BY_SIGN = ("# in the subject",)
"""What a number rests on that only a # makes an order."""
_OWN = re.compile(r"(?<![\w.-])((?=[A-Za-z0-9_.-]{0,60}?\d)[A-Za-z0-9_.]{1,40}-\d{1,3}-[a-z2-7]{6})(?![\w-])")
_OWN_ADDRESS = re.compile(r"\+([A-Za-z0-9_.]{1,40}-\d{1,3}-[a-z2-7]{6})@", re.IGNORECASE)
_MARKETS = re.compile(r"(?<![\w-])(?:\d{3}-\d{7}-\d{7}|\d{2}-\d{5}-\d{5})(?![\w-])")
"""How Amazon and eBay write their orders; nobody else writes so."""
_HASH = re.compile(r"(?<![\w&#/])#\s?([A-Za-z]{0,6}-?\d[A-Za-z0-9-]{2,20})(?![\w]|\.\d)")
_PURCHASE = re.compile(r"(?:PO|SO|ORD|ORDER)[-_#]?\d[\w-]{2,20}", re.IGNORECASE)
_BESIDE = (
    (_HASH, "# beside a tracking number"),
    (re.compile(r"(?<![\w-])(?:PO|SO)-?\d{3,12}(?![\w-])"), "PO beside a tracking number"),
)
_LETTERS = re.compile(r"(?<![\w-])(?=[A-Z]{0,6}[BCDFGHJ-NP-TV-Z]{4})[A-Z]{9}(?![\w-])")
"""PrestaShop names orders by nine letters drawn by lot; words have vowels between."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_FILE = re.compile(r"\.(?:jpe?g|png|gif|pdf|docx?|xlsx?|csv|html?|zip)$", re.IGNORECASE)
_SECRET = re.compile(r"(?=.*[a-z]\d|.*\d[a-z])(?=.*[A-Z]\d|.*\d[A-Z])(?=.*\d)")
"""Small letters and capitals among digits: a session's or a password's."""
_UNIT = re.compile(
    r"\s*(?:items?|pieces?|pcs|units?|hours?|days?|weeks?|or more|artikel|stück|articles?|productos?)\b"
)
_NO_ORDERS = ("elsewhere", "shipment", "tracking")
"""What is no order in a subject, though a # stands behind it."""
_BARE = {"order": 0.88, "order-word": 0.8, "reference": 0.45}


@dataclass(frozen=True, slots=True)
class Known:
    """What the reader is told of our own orders, so that it can match and need not guess.

    `references` are ours and the shops' numbers of open orders; `tokens` are the secrets in our reply addresses and
    `messages` our own Message-IDs, each with the reference they stand for.
    """

    references: Collection[str] = ()
    tokens: Mapping[str, str] = field(default_factory=dict)
    messages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reference:
    """An order reference that was found. `line` is where, -1 for the subject, -2 for markup and headers."""

    text: str
    confidence: float
    evidence: tuple[str, ...]
    line: int = -1


def references(page: Page, found: Collection[Value], known: Known) -> list[Reference]:
    """What a page's text says. An order of ours needs no word beside it if chance does not write its like."""
    read = [_read(value, page[value.line]) for value in found if value.label in _BARE]
    ours = {plain for one in known.references if _is_rare(plain := _plain(one))}
    read += [
        Reference(value.text, 0.7, ("an order of ours, by itself",), value.line)
        for value in found
        if not value.label and _plain(value.text) in ours
    ]
    for place, line in enumerate(page):
        read += _by_form(line.text, place)
    return merged(one for one in read if one is not None)


def beside_numbers(page: Page, lines: Collection[int]) -> list[Reference]:
    """In a list of parcels, a # or a PO in the row of a tracking number names its order."""
    rows = {page[place].row for place in lines if 0 <= place < len(page)}
    return merged(
        Reference(match[match.lastindex or 0], 0.75, (why,), place)
        for place, line in enumerate(page)
        if line.row in rows
        for form, why in _BESIDE
        for match in form.finditer(masked(line.text))
        if not _is_elsewhere(line.text, match.start())
    )


def in_subject(subject: str) -> list[Reference]:
    """What a subject says; there a # before a number is enough."""
    line = Line(bare(subject), 0)
    read = [_read(value, line) for value in values((line,)) if value.label in _BARE]
    read += _by_form(line.text, -1)
    is_of_trade = says(fold(line.text), "order", "order-word", "noun")
    if _ALONE.fullmatch(line.text) and not detect(line.text).candidates:
        read.append(Reference(line.text, 0.65, ("the subject is nothing else",)))
    for match in _HASH.finditer(masked(line.text)):
        if is_of_trade and not _is_elsewhere(line.text, match.start(), _NO_ORDERS):
            read.append(Reference(match[1], 0.7, BY_SIGN))
    return merged(replace(one, line=-1) for one in read if one is not None)


def repeated(subjects: Iterable[str], found: Iterable[Value]) -> list[Reference]:
    """What a subject names like an order, and the text again without saying what it is: `WEB-20118 delivered`."""
    free = {value.text for value in found if not value.label}
    labelled = {
        value.text
        for value in values(tuple(Line(bare(one), row) for row, one in enumerate(subjects)))
        if value.label
    }
    named = {word for subject in subjects for word in _NAMED_SO.findall(masked(bare(subject)))}
    return [
        Reference(one, 0.65, ("the subject and the text name it",))
        for one in sorted(named & free - labelled)
        if not detect(one).candidates
    ]


def from_markup(things: Iterable[Declared]) -> list[Reference]:
    """What the mail says to machines."""
    named = [thing.order.lstrip("#") for thing in things if thing.order]
    return merged(
        Reference(one, 0.95, ("schema.org markup names it",), -2) for one in named if _is_plausible(one)
    )


def from_headers(headers: Iterable[tuple[str, str]], known: Known) -> list[Reference]:
    """What the address it was sent to and the mail it answers say: our own tokens, which nobody writes by chance."""
    read: list[Reference] = []
    for name, value in headers:
        if name in ("to", "cc", "delivered-to", "x-original-to", "envelope-to"):
            read += _to_us(value, known)
        elif name in ("in-reply-to", "references"):
            answered = [meant for message, meant in known.messages.items() if message in value]
            read += [Reference(one, 0.95, ("it answers our mail",), -2) for one in answered]
    return merged(read)


def _to_us(value: str, known: Known) -> list[Reference]:
    own = [match[1] for match in _OWN_ADDRESS.finditer(value[:4000])]
    tokens = [meant for token, meant in known.tokens.items() if f"+{token}@".lower() in value.lower()]
    return [
        *(Reference(one, 0.97, ("our reply address has it",), -2) for one in own),
        *(Reference(one, 0.98, ("our reply address has its token",), -2) for one in tokens),
    ]


def _is_of_an_order(text: str, place: int) -> bool:
    """Whether the last thing named before a # is an order, and in the same sentence: `your order from us (#1001)`."""
    ahead = [one for one in labels_in(text) if one.start < place]
    if not ahead or ahead[-1].what not in ("order", "order-word"):
        return False
    gap = text[ahead[-1].end : place]
    return len(gap) <= 60 and not re.search(r"[.!?;]\s", gap)


def _is_elsewhere(text: str, place: int, what: Collection[str] = ("elsewhere",)) -> bool:
    return any(one.what in what and -1 <= place - one.end < 6 for one in labels_in(text))


def merged(found: Iterable[Reference]) -> list[Reference]:
    """One of each reference, with all that speaks for it."""
    best: dict[str, Reference] = {}
    for one in found:
        other = best.get(one.text.casefold())
        if other is None:
            best[one.text.casefold()] = one
            continue
        sure = max(one.confidence, other.confidence)
        more = 0.03 if one.line != other.line else 0.0
        why = tuple(dict.fromkeys((*other.evidence, *one.evidence)))
        best[one.text.casefold()] = replace(other, confidence=round(min(0.99, sure + more), 2), evidence=why)
    return list(best.values())


def matched(found: list[Reference], known: Known) -> tuple[list[Reference], list[Reference]]:
    """Those that are orders of ours, as we write them, and the rest. Where nothing is known, all count."""
    if not known.references:
        return found, []
    ours = {_plain(one): one for one in known.references}
    yes: list[Reference] = []
    no: list[Reference] = []
    for one in found:
        meant = ours.get(_plain(one.text)) or ours.get(re.sub(r"^(?:po|order|so)", "", _plain(one.text)))
        if meant is None:
            no.append(one)
        else:
            why = (*one.evidence, "an order of ours")
            yes.append(replace(one, text=meant, confidence=max(one.confidence, 0.8), evidence=why))
    return merged(yes), no


def shape(text: str) -> str:
    """How a reference is built, so that two of one kind can be told: `W-1001` is `A-9999`."""
    return re.sub(r"[A-Za-z]", "A", re.sub(r"\d", "9", text))


def _is_rare(plain: str) -> bool:
    return len(plain) >= 6 and sum(sign.isdigit() for sign in plain) >= 3


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _read(value: Value, line: Line) -> Reference | None:
    if not _is_plausible(value.text) or _UNIT.match(line.text[value.end : value.end + 12].lower()):
        return None
    if value.label == "order-word" and not _is_distinct(value, line.text):
        return None
    if _is_year(value, line.text):
        return None
    sure = max(_BARE[value.label], 0.75 if _PURCHASE.fullmatch(value.text) else 0.0)
    if any(c.confidence == "certain" for c in detect(value.text).candidates):
        # What has a parcel's own form is a parcel, whatever loose word stands before it.
        sure -= 0.4 if value.label == "order-word" else 0.15
    return Reference(value.text.strip("#"), sure, (value.why,), value.line)


def _by_form(text: str, place: int) -> list[Reference]:
    blotted = masked(text)
    read = [
        Reference(m[1], 0.93, ("a reference of our own",), place)
        for m in _OWN.finditer(blotted)
        if _is_own(m[1])
    ]
    read += [Reference(m[0], 0.82, ("a marketplace's form",), place) for m in _MARKETS.finditer(blotted)]
    if any(label.what in ("order", "order-word") for label in labels_in(text)):
        # In a line of capitals it is a word that shouts.
        drawn = _LETTERS.findall(text) if sum(map(str.islower, text)) > sum(map(str.isupper, text)) else []
        read += [
            Reference(one, 0.75, ("nine letters, and an order named in the line",), place) for one in drawn
        ]
        for match in _HASH.finditer(blotted):
            if _is_of_an_order(text, match.start()):
                read.append(Reference(match[1], 0.8, ("# and an order named in the line",), place))
    return read


def _is_own(text: str) -> bool:
    """A mark without a digit could be a word: then the number before it must be one."""
    number, _, mark = text.rsplit("-", 2)
    digits = sum(sign.isdigit() for sign in number)
    return digits > 0 and (any(sign.isdigit() for sign in mark) or digits >= 3)


def _is_plausible(text: str) -> bool:
    """Three signs are too few to be told from a paragraph or a count, unless a # stands before them."""
    compact = text.strip("#")
    if _FILE.search(compact) or (len(compact) > 12 and _SECRET.search(compact)):
        return False
    digits = sum(sign.isdigit() for sign in compact)
    return 4 <= len(compact) <= 40 and digits >= 2 and len(compact.split()) == 1


def _is_year(value: Value, text: str) -> bool:
    """Whether it may be a year: an order of such a number has a sign before it, or a label right there."""
    is_set_off = text[: value.start].rstrip().endswith(("#", ":", "(", "[", ".", "\u00b0"))
    return _YEAR.fullmatch(value.text) is not None and not is_set_off


def _is_distinct(value: Value, text: str) -> bool:
    """`order 2026` may be a year and `order 12` a count; after a # or with five signs it is a name."""
    gap = text[: value.start].rstrip()
    if re.search(r"\bpo$", gap):
        return False  # In capitals it is a purchase order, in small letters Polish for "after".
    if gap.endswith(("#", ":", "(", "[")):
        return len(value.text) >= 4
    return _YEAR.fullmatch(value.text) is None and len(tidy(value.text)) >= 4
