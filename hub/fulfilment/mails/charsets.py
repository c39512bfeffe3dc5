"""Bytes to text as mails need it: charsets that lie, are misspelt or missing. Pure."""

import codecs
import re
from email.errors import HeaderParseError
from email.header import decode_header

_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "big5": "big5hkscs", "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8", "utf8mb4": "utf-8", "unicode": "utf-8", "cp-850": "cp850",
}  # fmt: skip
"""What senders write and what they mean: nearly always the wider set that their system really used."""

_LONGEST = 20_000
"""Signs of a header that are read."""
_META = re.compile(rb"charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_WORD = re.compile(r"=\?[^?\s]{1,40}\?[bqBQ]\?")


def decoded(raw: bytes, charset: str | None) -> str:
    """The text that the bytes most probably are. UTF-8 proves itself, so it is tried before any weaker claim."""
    for name in (_bom(raw), _codec(charset), "utf-8"):
        if name is None or (name.startswith("cp125") and _is_utf8(raw)):
            continue
        try:
            return raw.decode(name)
        except (UnicodeDecodeError, ValueError):
            continue
    return raw.decode(_codec(charset) or "cp1252", errors="replace")


def declared_in(html: bytes) -> str | None:
    """The charset an HTML text names itself, for when its part of the mail names none."""
    found = _META.search(html[:4096])
    return found[1].decode("ascii") if found else None


def header(value: str | None) -> str:
    """A header's text: encoded words decoded, raw 8-bit signs read as what they are, folding undone."""
    if value is None:
        return ""
    text = value[:_LONGEST].encode("utf-8", "surrogateescape")
    plain = re.sub(r"[\r\n]+[ \t]*", " ", decoded(text, None))
    if not _WORD.search(plain):
        return plain.strip()
    try:
        pieces = decode_header(plain)
    except (HeaderParseError, ValueError):
        return plain.strip()
    return "".join(p if isinstance(p, str) else decoded(p, name) for p, name in pieces).strip()


def _codec(charset: str | None) -> str | None:
    if not charset:
        return None
    name = charset.strip(" \"'").lower()
    try:
        # Only codecs that make text: `charset=zip` would unpack a bomb.
        found = codecs.lookup(_WIDER.get(name, name))
    except (LookupError, ValueError):
        return None
    return found.name if getattr(found, "_is_text_encoding", True) else None


def _bom(raw: bytes) -> str | None:
    if raw.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return "utf-16" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None


def _is_utf8(raw: bytes) -> bool:
    if raw.isascii():
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
