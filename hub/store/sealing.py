"""Encryption at rest: one data key per person, sealed under the master key; erasing a person is deleting that key."""

import hashlib
import hmac
import os
from collections import OrderedDict
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.sdk import HubError
from hub.store.database import Connection

NONCE_BYTES = 12
KEY_BYTES = 32
CACHED_KEYS = 20_000


class WrongKey(HubError):
    """This was sealed under another key; nothing was opened, and nothing was changed."""


class Erased(HubError):
    """The person's key is gone: this was erased, and cannot be read again."""


class Box:
    """Seals and opens bytes under one person's data key: what was sealed for one opens as nobody else's."""

    __slots__ = ("_about", "_cipher", "id")

    def __init__(self, key: bytes, about: bytes, id: UUID) -> None:
        self._cipher = AESGCM(key)
        self._about = about
        self.id = id

    def seal(self, plain: bytes) -> bytes:
        """Encrypt, with a fresh nonce in front."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, self._about)

    def open(self, sealed: bytes) -> bytes:
        """Decrypt; raises `WrongKey` on anything that was not sealed here."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._about)
        except InvalidTag as error:
            raise WrongKey from error


class Vault:
    """The master key, and the person keys it opens. Holds a bounded cache of opened boxes."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise HubError("The master key must be 32 bytes, as 64 hex digits.")
        self.master = Box(master, b"faros:master", UUID(int=0))
        self._subject_key = hashlib.blake2b(master, person=b"faros-subject", digest_size=32).digest()
        self._boxes: OrderedDict[UUID, Box] = OrderedDict()
        self._ids: dict[bytes, UUID] = {}

    @classmethod
    def from_file(cls, path: Path) -> "Vault":
        """The master key from a file of mode 0600, written on first use."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(os.urandom(KEY_BYTES).hex() + "\n")
        return cls.from_text(path.read_text())

    @classmethod
    def from_text(cls, text: str) -> "Vault":
        """The master key as 64 hex digits."""
        try:
            return cls(bytes.fromhex(text.strip()))
        except ValueError as error:
            raise HubError("The master key must be 64 hex digits.") from error

    def subject(self, store_id: str, person: str) -> bytes:
        """A keyed hash by which a person's key is found without storing who they are."""
        words = f"{store_id}\x00{person.strip().casefold()}".encode()
        return hmac.digest(self._subject_key, words, "sha256")[:16]

    def new_box(self) -> tuple[Box, bytes]:
        """A fresh data key, and the same sealed under the master key."""
        id, key = uuid4(), os.urandom(KEY_BYTES)
        return Box(key, id.bytes, id), self.master.seal(id.bytes + key)

    def open_box(self, id: UUID, sealed_key: bytes) -> Box:
        """The box of a sealed data key."""
        plain = self.master.open(sealed_key)
        return self._keep(Box(plain[16:], plain[:16], id))

    def _keep(self, box: Box) -> Box:
        self._boxes[box.id] = box
        if len(self._boxes) > CACHED_KEYS:
            self._boxes.popitem(last=False)
        if len(self._ids) > 2 * CACHED_KEYS:
            self._ids.clear()
        return box

    async def boxes(self, connection: Connection, ids: set[UUID]) -> dict[UUID, Box]:
        """The boxes of these persons; an erased one is missing."""
        found = {i: self._boxes[i] for i in ids if i in self._boxes}
        missing = [i for i in ids if i not in found]
        if missing:
            rows = await connection.fetch(
                "select id, sealed_key from person_keys where id = any($1)", missing
            )
            found |= {row["id"]: self.open_box(row["id"], row["sealed_key"]) for row in rows}
        return found

    async def box(self, connection: Connection, id: UUID) -> Box:
        """The box of this person; raises `Erased`."""
        found = await self.boxes(connection, {id})
        if id not in found:
            raise Erased
        return found[id]

    async def box_or_store(self, connection: Connection, id: UUID, store_id: str, now: datetime) -> Box:
        """The box of this person, or the store's own once the person is erased: for what names nobody."""
        found = await self.boxes(connection, {id})
        return (
            found[id]
            if id in found
            else (await self.boxes_of(connection, {(store_id, "")}, now))[(store_id, "")]
        )

    async def boxes_of(
        self, connection: Connection, people: set[tuple[str, str]], now: datetime
    ) -> dict[tuple[str, str], Box]:
        """The boxes of (store, person), made where there are none yet. An empty person is the store itself."""
        subjects = {self.subject(store, person): (store, person) for store, person in people}
        found = {
            who: self._boxes[self._ids[s]] for s, who in subjects.items() if self._ids.get(s) in self._boxes
        }
        missing = sorted(
            (store, s) for s, (store, person) in subjects.items() if (store, person) not in found
        )
        if missing:
            for row in await self._make(connection, missing, now):
                box = self._boxes.get(row["id"]) or self.open_box(row["id"], row["sealed_key"])
                found[subjects[row["subject"]]] = box
                # One made just now is gone if this transaction is: it is remembered once it was found committed.
                if not row["is_fresh"]:
                    self._ids[row["subject"]] = box.id
        return found

    async def _make(
        self, connection: Connection, missing: list[tuple[str, bytes]], now: datetime
    ) -> list[Any]:
        """Key rows for these (store, subject), sorted: those there are, and new ones for the others."""
        fresh = [(box.id, store, subject, key) for store, subject in missing for box, key in [self.new_box()]]
        columns = [list(c) for c in zip(*fresh, strict=True)]
        await connection.execute(
            """insert into person_keys (id, store_id, subject, sealed_key, created_at)
               select u.id, u.store, u.subject, u.key, $5 from unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[])
               as u(id, store, subject, key) on conflict do nothing""",
            *columns,
            now,
        )
        # A new statement sees what another process made meanwhile.
        return list(
            await connection.fetch(
                """select k.id, k.subject, k.sealed_key, k.id = any($3::uuid[]) as is_fresh from person_keys k
                   join unnest($1::text[], $2::bytea[]) as u(store, subject)
                   on k.store_id = u.store and k.subject = u.subject""",
                columns[1],
                columns[2],
                columns[0],
            )
        )
