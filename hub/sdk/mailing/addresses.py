"""Lines and addresses that cannot become a second header or a second command. Pure."""

import re
import unicodedata

from hub.sdk.errors import Refused

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*", re.ASCII)
"""RFC 5322, 3.2.3: what may stand on the left of an @ without quotes."""
_DOMAIN = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII
)

# Controls (CR, LF, NUL, NEL and their kin), line and paragraph separators, and halves of surrogate pairs.
_NO_TEXT = frozenset({"Cc", "Zl", "Zp", "Cs"})


def one_line(text: str, what: str) -> str:
    """The text, which some reader could not take for more than one line; raises `Refused` otherwise."""
    if any(unicodedata.category(character) in _NO_TEXT for character in text):
        raise Refused("rejected", f"The {what} has a character that is not text on one line.")
    return text.strip(" ")


def mailbox(text: str, what: str, code: str = "rejected") -> str:
    """One address as it goes over the wire; raises `Refused` with `code` for what is none.

    Quoted local parts and those outside ASCII are not written to; a domain outside ASCII goes as IDNA.
    """
    local, at, domain = one_line(text, what).rpartition("@")
    written = domain_name(domain)
    if not at or written is None or len(local) > 64 or not DOT_ATOM.fullmatch(local):
        raise Refused(code, f"The {what} is not an e-mail address.")
    return f"{local}@{written}"


def domain_name(text: str) -> str | None:
    """A domain as DNS knows it, or None for what cannot be one."""
    try:
        name = text.encode("idna").decode().lower()
    except UnicodeError:
        return None
    return name if len(name) <= 190 and _DOMAIN.fullmatch(name) else None
