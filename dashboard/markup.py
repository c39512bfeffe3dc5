"""HTML in which every text is text: whatever enters is escaped, and only `tag` makes a tag."""

import html
import re
import unicodedata

LONGEST = 2_000
"""Characters of one text that are shown; more than that nobody reads, and a page must not be flooded."""
_MARKS = 3
"""Combining marks that may stand on one letter; more of them climb over the lines above."""
_TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}
"""Signs that turn the direction of what follows, with which a text can pretend to be another."""
_WEB = re.compile(r"(www)(?=\.)", re.IGNORECASE)


class Markup(str):
    """Text that is HTML already. Made by `tag` and `join` only."""

    __slots__ = ()


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """An element. `class_` is the attribute `class`, other underscores are hyphens; None leaves an attribute out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_one(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{given}>{join(*children)}</{name}>")


def join(*children: object) -> Markup:
    """Elements and texts one after the other; None is nothing."""
    return Markup("".join(_one(child) for child in children if child is not None))


def with_code(text: str) -> Markup:
    """A sentence of the hub's, in which what stands between backticks is to be typed as it is."""
    *pairs, last = shown(text).split("`")
    if len(pairs) % 2:
        return join(text)
    words = [tag("code", part) if number % 2 else join(part) for number, part in enumerate(pairs)]
    return join(*words, last)


def _one(child: object) -> str:
    return child if isinstance(child, Markup) else html.escape(shown(child))


def shown(value: object) -> str:
    """A text as it may be shown: signs that cannot be seen are made visible, and it has an end."""
    text = str(value)
    kept: list[str] = []
    marks = 0
    for sign in text[:LONGEST]:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MARKS:
            kept.append(_visible(sign))
    return "".join(kept) + ("…" if len(text) > LONGEST else "")


def _visible(sign: str) -> str:
    if sign in "\n\t":
        return sign
    if ord(sign) in _TURNING or unicodedata.category(sign) in ("Cc", "Cs", "Co"):
        return "\N{REPLACEMENT CHARACTER}"
    return sign


def label(value: object) -> str:
    """A text for a place where Streamlit reads Markdown, a button's label for instance: nothing in it means anything.

    A backslash before a sign keeps Markdown from reading it. A word joiner keeps Streamlit from finding its own words
    (`:material/bolt:`, `:smile:`), and what looks like an address (`www.`, `ada@`), in what Markdown has left.
    """
    text = _WEB.sub("\\1\N{WORD JOINER}", " ".join(shown(value).split()))
    return "".join(_unread(sign) for sign in text)


def _unread(sign: str) -> str:
    if sign in ":@":
        return f"\\{sign}\N{WORD JOINER}"
    return f"\\{sign}" if sign.isascii() and not sign.isalnum() and sign != " " else sign
