"""What gives a supplier away: its names, places and addresses as terms to look for, and how closely. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from hub.fulfilment.blindness_text import HUMP, MARK, SPACE, fold
from hub.fulfilment.supplier import SupplierSpec

TermKind = Literal[
    "name", "alias", "place", "warehouse", "domain", "email", "phone", "reference", "connection"
]
TIGHT: tuple[TermKind, ...] = ("domain", "email", "connection")
"""Written without spaces: `acme.co` is no leak in "from Acme. Co-operate"."""

LEGAL_FORMS = frozenset({
    "co", "company", "corp", "corporation", "inc", "incorporated", "limited", "llc", "llp", "ltd", "plc", "pte", "pty",
    "gmbh", "ag", "kg", "ug", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "oy", "ab", "as", "aps", "kk",
})  # fmt: skip
PUBLIC_MAIL = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "aol.com",
    "gmx.com", "gmx.de", "proton.me", "protonmail.com", "qq.com", "163.com", "126.com", "sina.com", "foxmail.com",
    "aliyun.com", "yandex.com", "mail.ru",
})  # fmt: skip
"""Mail hosts that say nothing about who writes."""

PHONE_TAIL = 9
"""So many last digits are looked for: country codes and leading zeros come and go."""
LEAST_PHONE = 7
LEAST_LETTERS = 3
LEAST_NUMBER = 6
"""A bare number that is shorter is an order number or a price sooner or later."""
INSIDE_A_WORD = 8
"""From so many letters on a term is a leak inside a longer word too, such as `shenzhengifts`."""
INSIDE_IF_SHORT_ENDS = 12
"""The same where its first or last word is short: Golden Co is no leak in `goldencollection`."""


@dataclass(frozen=True, slots=True)
class Term:
    """Something that names a supplier. `label` says which one without saying it, so it may be logged."""

    supplier: str
    kind: TermKind
    text: str
    number: int = 1

    @property
    def label(self) -> str:
        """Such as `engraver-ny alias 2`."""
        return f"{self.supplier} {self.kind} {self.number}"


@dataclass(frozen=True, slots=True)
class Watched:
    """A term as it is looked for. `letters` follow each other; `words` are how it is usually broken up."""

    term: Term
    letters: str
    words: tuple[str, ...]
    is_everyday: bool

    @property
    def inside_from(self) -> int:
        """How many letters make it a leak even inside a longer word."""
        if self.is_everyday or self.term.kind in ("phone", "reference", "connection"):
            return len(self.letters) + 1
        short_end = min(len(self.words[0]), len(self.words[-1])) < 4
        return INSIDE_IF_SHORT_ENDS if short_end else INSIDE_A_WORD

    @property
    def is_latin(self) -> bool:
        """Whether words are set apart by spaces, as they are not in Chinese, Japanese or Thai."""
        return self.letters.isascii()


def terms_of(supplier: SupplierSpec) -> Iterator[Term]:
    """All that a supplier's settings say of who and where it is, the host of its mail address included."""
    name = supplier.connection
    hosts = [email.rpartition("@")[2].lower() for email in supplier.emails]
    listed: list[tuple[TermKind, list[str]]] = [
        ("name", [supplier.name]),
        ("alias", supplier.aliases),
        ("place", supplier.places),
        ("domain", [*map(_host, supplier.domains), *(host for host in hosts if host not in PUBLIC_MAIL)]),
        ("email", supplier.emails),
        ("phone", supplier.phones),
        ("connection", [name] if name != supplier.name else []),
    ]
    for kind, texts in listed:
        for number, text in enumerate(texts, 1):
            yield Term(name, kind, text, number)


def watch(terms: Iterable[Term]) -> tuple[list[Watched], list[Term]]:
    """The terms as they are looked for, and those that would stop ordinary texts and so are not."""
    watched: dict[tuple[str, TermKind], Watched] = {}
    plain: list[Term] = []
    for term in terms:
        forms = [form for text in _spellings(term) if (form := _watched(term, text)) is not None]
        plain += [] if forms else [term]
        watched |= {(form.letters, term.kind): form for form in forms}
    return list(watched.values()), plain


def words_of(marked: str) -> list[str]:
    """The pieces of a folded text."""
    return marked.replace(HUMP, "").replace(MARK, SPACE).split()


@cache
def everyday() -> frozenset[str]:
    """Words that any shop writes any day; `_watched` and broken-up terms are measured against them."""
    return frozenset(files("hub.fulfilment").joinpath("everyday.txt").read_text(encoding="utf-8").split())


def _spellings(term: Term) -> Iterator[str]:
    yield term.text
    words = words_of(fold(term.text))
    if term.kind in ("name", "alias", "warehouse"):
        bare = [*words]
        while bare and bare[-1] in LEGAL_FORMS:
            bare.pop()
        if len(bare) > 1 and bare != words:
            yield " ".join(bare)
    if "xn--" in term.text.lower():
        yield re.sub(r"xn--([a-z0-9-]{1,59})", _unicode_label, term.text.lower())


def _watched(term: Term, text: str) -> Watched | None:
    words = words_of(fold(text))
    letters = "".join(words)
    if term.kind == "phone":
        digits = "".join(sign for sign in letters if sign.isdigit())[-PHONE_TAIL:]
        return Watched(term, digits, (digits,), False) if len(digits) >= LEAST_PHONE else None
    is_everyday = all(word in everyday() for word in words)
    if letters.isdigit() and len(letters) < LEAST_NUMBER:
        return None
    if letters.isascii() and (len(letters) < LEAST_LETTERS or (is_everyday and len(words) < 2)):
        return None
    return Watched(term, letters, tuple(words), is_everyday) if len(letters) > 1 else None


def _unicode_label(match: re.Match[str]) -> str:
    try:
        return match[1].encode("ascii").decode("punycode")
    except UnicodeError:
        return match[0]


def _host(domain: str) -> str:
    """The host alone, however much of an address was written down."""
    bare = re.sub(r"^[a-z]+://|^www\.", "", domain.strip().lower())
    return re.sub(r"^www\.", "", bare.partition("/")[0].partition(":")[0])
