"""A brand's logo: a picture in the project's folder, written out so that pages and mails fetch it from nowhere."""

import base64
from pathlib import Path

from hub.flow.noting import Notes
from hub.flow.reader import Scalar

KINDS = {
    ".png": "png",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".gif": "gif",
    ".webp": "webp",
    ".svg": "svg+xml",
}
"""By the end of a file's name, what its picture is called on the wire."""
LARGEST = 40_000
"""Bytes of a picture; it goes into every page and every mail."""


def written_out(logo: Scalar, folder: Path, notes: Notes) -> str:
    """The picture itself in place of its file's name; an address, or a picture that is written out already, stays."""
    if "://" in logo or logo.startswith(("data:", "cid:", "/")):
        return str(logo)
    path = folder / logo
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        notes.wrong(logo.place, f'"{logo[:70]}" is no picture.', f"One ends with {', '.join(KINDS)}.")
        return ""
    if not path.resolve().is_relative_to(folder.resolve()):
        notes.wrong(logo.place, "The logo lies in the project's folder.")
        return ""
    try:
        picture = path.read_bytes()
    except OSError as error:
        notes.wrong(logo.place, f"The logo cannot be read: {error.strerror}.")
        return ""
    if not 0 < len(picture) <= LARGEST:
        said = f"The logo has {len(picture)} bytes; it may have {LARGEST}."
        notes.wrong(logo.place, said, "It stands in every mail: make it smaller.")
        return ""
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"
