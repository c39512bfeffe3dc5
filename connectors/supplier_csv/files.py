"""The narrow seam under the connector: putting a file there once, looking for one, listing and fetching others."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.sdk import Call

MAX_BYTES = 5_000_000
"""Larger files are told of and not fetched: about a hundred thousand articles are within."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as it is listed. `stamp` changes when the file does; empty where the other side does not say."""

    path: str
    size: int | None
    stamp: str


class Files(Protocol):
    """A place where files are exchanged. Paths are relative to it.

    Raises `NotDone`, `Refused` and `Unauthorised` only when certainly nothing was put there; `Unanswered` otherwise.
    """

    async def put(self, path: str, content: bytes, call: Call) -> None:
        """Put a file there whole, or not at all. The same file there already is as good; another one is `Refused`."""
        ...

    async def find(self, path: str, call: Call) -> bytes | None:
        """The file's content, or None if it is certainly not there."""
        ...

    async def find_all(self, paths: Sequence[str], call: Call) -> list[bytes | None]:
        """The content of each file, or None for what is certainly not there."""
        ...

    async def listed(self, folder: str, pattern: str, call: Call) -> list[RemoteFile]:
        """The files of an inbox whose names fit."""
        ...

    async def fetch(self, file: RemoteFile, call: Call) -> bytes | None:
        """A file's content; None if it is larger than `MAX_BYTES`."""
        ...

    async def probe(self, call: Call) -> str:
        """Look without changing anything; a sentence for a person."""
        ...


def file_name(template: str, reference: str) -> str:
    """An order's file name: its reference where that can be one, else the like of it with a digest."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", reference)
    if plain != reference or len(plain) > 80:
        plain = f"{plain[:60]}-{hashlib.sha256(reference.encode()).hexdigest()[:12]}"
    return template.replace("{reference}", plain)


def laid_aside(path: str) -> str:
    """Where an order lies until its batch goes out: beside its place, under a name that nobody fetches."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/.{name}.pending" if folder else f".{name}.pending"
