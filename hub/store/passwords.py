"""Passwords, hashed by argon2id with the library's own parameters (RFC 9106, low memory: 64 MiB and three passes)."""

import asyncio
import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hub.sdk import HubError

SHORTEST, LONGEST = 12, 200
"""Signs of a password; a longer one is no password but an attempt to keep us busy."""
_AT_ONCE = 2
"""How many are hashed at a time: each takes 64 MiB and all of a core."""

_hasher = PasswordHasher()


class PasswordUnfit(HubError):
    """A password has 12 to 200 signs, and more than four different ones."""


def check_fit(password: str) -> None:
    """Raise `PasswordUnfit` for a password that nobody should have. Length counts, not which kinds of signs."""
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < 5:
        raise PasswordUnfit


class Passwords:
    """Hashes and checks, in threads: a hash takes a tenth of a second, and deliveries are waiting."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str) -> str:
        """The password as it is kept."""
        async with self._room:
            return await asyncio.to_thread(_hasher.hash, password)

    async def is_right(self, kept: str | None, password: str) -> bool:
        """Whether this is the password. With nothing kept it takes as long, and is wrong."""
        async with self._room:
            return await asyncio.to_thread(_is_right, kept, password)


def _is_right(kept: str | None, password: str) -> bool:
    try:
        _hasher.verify(kept or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))
