"""What is held back because it names a supplier, however it is written, and what is not."""

import base64
import os
import quopri
import random
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.fulfilment.blindness import Blindness
from hub.fulfilment.blindness_terms import Term, TermKind
from hub.fulfilment.blindness_text import MOST_TEXT
from hub.fulfilment.customer_view import own_words
from hub.fulfilment.supplier import SupplierSpec
from tests.fulfilment.hidden import BRANDS, SUPPLIERS, Sent, outputs

GOLDEN = SupplierSpec(
    connection="engraver-sz",
    name="Shenzhen Golden Co., Ltd.",
    aliases=["Golden Co", "\N{CJK UNIFIED IDEOGRAPH-91D1}\N{CJK UNIFIED IDEOGRAPH-8272}"],
    places=["Shenzhen", "Ningbo"],
    domains=["https://www.golden-co.example/shop"],
    emails=["sales@szgolden.example", "szgolden@gmail.com"],
    phones=["+86 755 1234 5678"],
)

CYRILLIC = str.maketrans("aeopcxiSHBM", "\u0430\u0435\u043e\u0440\u0441\u0445\u0456\u0405\u041d\u0412\u041c")
GREEK = str.maketrans("aovEZHNT", "\u03b1\u03bf\u03bd\u0395\u0396\u0397\u039d\u03a4")
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
ACCENTS = str.maketrans("aeioun", "\u00e1\u00e8\u00ee\u00f6\u00fc\u00f1")


def _halved(term: str, between: str) -> str:
    return term[: len(term) // 2] + between + term[len(term) // 2 :]


DISGUISES: dict[str, Callable[[str], str]] = {
    "as it is": lambda term: term,
    "shouted": str.upper,
    "small": str.lower,
    "with accents": lambda term: term.translate(ACCENTS),
    "with combining marks": lambda term: "".join(f"{sign}\u0332" for sign in term),
    "in Cyrillic look-alikes": lambda term: term.translate(CYRILLIC),
    "in Greek look-alikes": lambda term: term.translate(GREEK),
    "in wide letters": lambda term: term.translate(WIDE),
    "with zero-width spaces": "\u200b".join,
    "with a soft hyphen": lambda term: _halved(term, "\u00ad"),
    "with the entity of a soft hyphen": lambda term: _halved(term, "&shy;"),
    "in entities": lambda term: "".join(f"&#{ord(sign)};" for sign in term),
    "in padded entities": lambda term: "".join(f"&#x000000{ord(sign):x};" for sign in term),
    "split by tags": lambda term: _halved(term, "</b><b class='x'>"),
    "split by a comment": lambda term: _halved(term, "<!-- here -->"),
    "spaced out": " ".join,
    "dotted": ".".join,
    "with underscores": lambda term: term.replace(" ", "_"),
    "with hyphens": lambda term: term.replace(" ", "-"),
    "in one word": lambda term: term.replace(" ", ""),
    "percent-encoded": quote,
    "percent-encoded to the last letter": lambda term: "".join(f"%{byte:02x}" for byte in term.encode()),
    "percent-encoded twice": lambda term: quote(quote(term, safe=""), safe=""),
    "as base64": lambda term: base64.b64encode(f"it is {term} here".encode()).decode(),
    "as web-safe base64": lambda term: base64.urlsafe_b64encode(f"<{term}>??".encode()).decode().rstrip("="),
    "as quoted-printable": lambda term: "".join(f"={byte:02X}" for byte in term.encode()),
    "in broken lines": lambda term: _halved(quopri.encodestring(f"\u00e9 {term}".encode()).decode(), "=\r\n"),
    "in a script's escapes": lambda term: "".join(f"\\u{ord(sign):04x}" for sign in term),
}  # fmt: skip
FIELDS = ("subject", "text", "html", "header x-mailer", "url", "sms", "carrier")


@pytest.fixture(scope="module")
def blind() -> Blindness:
    return Blindness.of(SUPPLIERS, [brand.name for brand in BRANDS])


@pytest.fixture(scope="module")
def sent() -> list[Sent]:
    return list(outputs(1000))


def test_a_hundred_planted_leaks_are_all_found(blind: Blindness) -> None:
    planted = {
        (supplier.connection, how, text): (disguise(text), FIELDS[number % len(FIELDS)])
        for number, (how, disguise) in enumerate(DISGUISES.items())
        for supplier in SUPPLIERS[number % 5 :: 5]
        for text in (supplier.name, supplier.places[0])
    }
    found = {
        key: blind.leaks({where: f"<p>Your parcel left from {hidden} today.</p>"})
        for key, (hidden, where) in planted.items()
    }

    assert len(planted) >= 100
    assert [key for key, leaks in found.items() if not leaks] == []
    assert {key for key, leaks in found.items() if leaks[0].where != planted[key][1]} == set()


@pytest.mark.parametrize("how", DISGUISES)
def test_no_disguise_hides_shenzhen_golden_co(how: str) -> None:
    leaks = Blindness.of([GOLDEN]).leaks({"html": f"Sent by {DISGUISES[how]('Shenzhen Golden Co')}, thanks."})

    assert [leak.supplier for leak in leaks][:1] == ["engraver-sz"], how


@pytest.mark.parametrize(
    "told",
    [
        "see http://golden-co.example/x?y=1",
        "write to SALES@szgolden.example",
        "write to szgolden@gmail.com",
        "call 0755-1234-5678",
        "call (+86) 755 1234 5678 ext. 2",
        "order reference 1001-engraver-sz-1",
        "#shenzhengifts",
        "https://cdn.example/img/ShenzhenGoldenCoLogo2.png",
        "bought at myshenzhengoldencompany.example",
        "Shen zhen",
        "from ning-bo",
        "\N{CJK UNIFIED IDEOGRAPH-91D1} \N{CJK UNIFIED IDEOGRAPH-8272}\N{CJK UNIFIED IDEOGRAPH-5DE5}",
        "https://xn--" + "\u91d1\u8272\u5de5".encode("punycode").decode() + ".example",
        "<img alt='&#83;henzhen'>",
        "<td>Shen</td><td>zhen</td>",
    ],
)
def test_what_gives_the_supplier_away_in_another_way_is_found_too(told: str) -> None:
    assert Blindness.of([GOLDEN]).leaks({"text": told}) != []


@pytest.mark.parametrize(
    "told",
    [
        "a golden coin and a golden coat",
        "the golden collection, #goldencollection, golden comb",
        "your Golden Bee order from goldenbee.example",
        "we engrave in Szeged",
        "She hen zen",
        "call 0755-1234-5679 or write to someone@gmail.com",
        "the engraver of size S",
    ],
)
def test_ordinary_words_are_not_taken_for_the_supplier(told: str) -> None:
    assert Blindness.of([GOLDEN], ["Golden Bee"]).leaks({"text": told}) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Overland", "a trip over land"),
        ("Dana", "Hi Dan, a parcel for you"),
        ("Ina", "It is in a box"),
        ("Ace", "place, grace and spaces"),
        ("Silver Line", "silver lined box, #silverlined"),
        ("Ornament Co", "ornamental"),
    ],
)
def test_a_name_is_no_leak_where_its_letters_only_happen_to_follow_each_other(name: str, told: str) -> None:
    blind = Blindness.of([SupplierSpec(connection="x", name=name)])

    assert blind.leaks({"text": told}) == []
    assert blind.leaks({"text": f"{told} from {name}."}) != []


def test_a_thousand_clean_outputs_are_not_held_back_once(blind: Blindness, sent: list[Sent]) -> None:
    held = [
        (one.notice, one.channel, leaks)
        for one in sent
        if (leaks := blind.leaks(one.parts, own_words(one.order)))
    ]

    assert (len(sent), held) == (1000, [])


def test_the_same_outputs_are_held_back_with_one_word_too_many(blind: Blindness, sent: list[Sent]) -> None:
    chance = random.Random(3)
    for one in sent[:200]:
        supplier = chance.choice(SUPPLIERS)
        name, place = supplier.name, supplier.places[0]
        spoilt = {part: f"{text} {chance.choice([name, place])}" for part, text in one.parts.items()}
        own = [word for word in own_words(one.order) if word != place]
        assert {leak.where for leak in blind.leaks(spoilt, own)} == set(spoilt), supplier.name


def test_a_customer_may_read_the_town_he_lives_in_but_not_who_else_is_there() -> None:
    blind = Blindness.of([GOLDEN])

    assert blind.leaks({"text": "To: 1 Garden Rd, Shenzhen"}, own=["1 Garden Rd", "Shenzhen"]) == []
    assert blind.leaks({"text": "To: Shenzhen, from Shenzhen Golden Co"}, own=["Shenzhen"]) != []
    assert blind.leaks({"text": "To: 1 Garden Rd, Shenzhen"}) != []


def test_a_brand_may_share_a_word_with_a_supplier() -> None:
    spec = SupplierSpec(connection="gold-1", name="Oakhurst")
    blind = Blindness.of([spec], ["Oakhurst & Daughters"])

    assert blind.leaks({"text": "Your Oakhurst & Daughters team"}) == []
    assert [leak.label for leak in blind.leaks({"text": "Made at Oakhurst"})] == ["gold-1 name 1"]


def test_a_word_of_every_day_is_not_looked_for_and_the_merchant_can_see_that() -> None:
    blind = Blindness.of(
        [SupplierSpec(connection="acme-1", name="engraver", aliases=["QX"], places=["Reading"])]
    )

    assert blind.unwatched == ("acme-1 name 1", "acme-1 alias 1", "acme-1 place 1")
    assert blind.leaks({"text": "Our engraver is busy reading"}) == []


@pytest.mark.parametrize(
    ("kind", "text", "told", "clean"),
    [
        ("reference", "SZGC-", "your SZGC-000123", "your SZ GCX"),
        ("reference", "SZG", "your SZG000123", "your SZGA"),
        ("reference", "P-998877", "no. P-998877", "no. P-9988771"),
        ("reference", "1001", "", "order 1001"),
        ("warehouse", "Bao'an Dock 4", "from Baoan Dock 4", "from dock 4"),
    ],
)
def test_an_order_brings_its_own_terms(kind: TermKind, text: str, told: str, clean: str) -> None:
    terms = [Term("engraver-sz", kind, text)]

    assert Blindness([]).leaks({"sms": clean}, terms=terms) == []
    assert [leak.kind for leak in Blindness([]).leaks({"sms": told}, terms=terms)] == [kind] * bool(told)


def test_a_leak_can_be_logged_for_it_repeats_nothing_that_was_written() -> None:
    (leak, *_) = Blindness.of([GOLDEN]).leaks({"subject": "Sarah Miller, your parcel left Ningbo"})

    assert str(leak) == "engraver-sz place 2 in subject"


JUNK: dict[str, Callable[[int], str]] = {
    "anything": lambda n: "".join(random.Random(1).choices([chr(code) for code in range(32, 127)], k=n)),
    "all scripts": lambda n: "".join(random.Random(2).choices([chr(code) for code in range(0x80, 0xD800)], k=n)),
    "base64 of noise": lambda n: base64.b64encode(os.urandom(n * 3 // 4)).decode(),
    "open tags": lambda n: "<a" * (n // 2),
    "open comments": lambda n: "<!--" * (n // 4),
    "ampersands": lambda n: "&" * n,
    "an endless entity": lambda n: "&#" + "9" * (n - 2),
    "percent signs": lambda n: "%25" * (n // 3),
    "combining marks": lambda n: "a" + "\u0301\u0323" * (n // 2),
    "ligatures of eighteen letters": lambda n: "\ufdfa" * n,
    "humps": lambda n: "aA" * (n // 2),
    "punycode": lambda n: " ".join(f"xn--{k}abc" for k in range(n // 10)),
    "nearly the term": lambda n: "shenzhe " * (n // 8),
    "the term in a longer word": lambda n: "xningbox" * (n // 8),
    "quoted-printable": lambda n: "=E4=BD" * (n // 6),
}  # fmt: skip


@pytest.mark.parametrize("size", [MOST_TEXT - 2, 1_000_000])
@pytest.mark.parametrize("kind", JUNK)
def test_junk_is_judged_in_less_than_a_second(blind: Blindness, kind: str, size: int) -> None:
    junk = JUNK[kind](size)

    began = time.process_time()
    leaks = blind.leaks({"html": junk})

    assert time.process_time() - began < 1
    assert size < MOST_TEXT or [leak.kind for leak in leaks] == ["unreadable"]


def test_what_is_wrapped_too_often_to_be_read_is_held_back() -> None:
    wrapped = "Shenzhen"
    for _ in range(9):
        wrapped = base64.b64encode(wrapped.encode()).decode()

    assert [leak.kind for leak in Blindness.of([GOLDEN]).leaks({"url": wrapped})] == ["unreadable"]


LETTERS = [
    DISGUISES[how] for how in ("shouted", "small", "with accents", "in wide letters", "with combining marks")
]
CODES = [DISGUISES[how] for how in ("in entities", "percent-encoded", "as base64", "as quoted-printable")]


@given(
    st.lists(st.sampled_from(LETTERS), max_size=3),
    st.lists(st.sampled_from(CODES), max_size=3),
    st.integers(1, 7),
    st.text(alphabet="\u200b\u00ad\u2060", max_size=3),
)
@example([], [DISGUISES["as base64"], DISGUISES["percent-encoded"]], 1, "\u200b")
def test_several_disguises_over_each_other_hide_nothing(
    letters: list[Callable[[str], str]], codes: list[Callable[[str], str]], at: int, invisible: str
) -> None:
    word = "Shenzhen"[:at] + invisible + "Shenzhen"[at:]
    for disguise in (*letters, *codes):
        word = disguise(word)
    assert Blindness.of([GOLDEN]).leaks({"text": f"from {word} to you"}) != []


@given(st.text(max_size=300))
def test_any_text_is_judged_and_none_without_the_letters_is_held_back(text: str) -> None:
    blind = Blindness.of([SupplierSpec(connection="zzq-9", name="Zzyzx Qoppa")])

    assert [leak for leak in blind.leaks({"text": text}) if leak.kind != "unreadable"] == []
