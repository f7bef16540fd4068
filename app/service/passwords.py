"""Passwords: which are taken, and their hashes by Argon2id.

NIST SP 800-63B asks for a length and for a list of known passwords, and against rules on kinds of characters. A hash
takes much memory and time on purpose, so hashes are made in threads, and few at once.
"""

import asyncio
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.service.errors import InvalidError

SHORTEST = 12
LONGEST = 200
_FEWEST_CHARACTERS = 5
"""Different characters of a password."""
_AT_ONCE = 2
_SHORTEST_OWN_WORD = 4

_HASHER = PasswordHasher()


class Passwords:
    """Hashes and compares passwords. The order of the calls of one process is kept, and at most _AT_ONCE run."""

    def __init__(self, hasher: PasswordHasher = _HASHER) -> None:
        self._hasher = hasher
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, password: str, stored: str | None) -> bool:
        """Whether the password is the one of the stored hash. Without a hash the same work is done, so that the time
        does not tell whether there is one."""
        if stored is None:
            self._nobodys = self._nobodys or await self.hash("nobody has this password")
        async with self._turn:
            fits = await asyncio.to_thread(self._verify, stored or self._nobodys or "", password)
        return fits and stored is not None

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def refuse_weak(password: str, *, email: str, name: str) -> None:
    """Raises InvalidError for a password that is short, simple, well known, or made of the person's own words."""
    if len(password) < SHORTEST:
        raise InvalidError("password_too_short", field="password", shortest=SHORTEST)
    plain = password.casefold()
    own = [word for word in (email.partition("@")[0], *name.split()) if len(word) >= _SHORTEST_OWN_WORD]
    without_own = plain
    for word in own:
        without_own = without_own.replace(word.casefold(), "")
    is_own = len(without_own) < SHORTEST - _SHORTEST_OWN_WORD and without_own != plain
    if len(set(plain)) < _FEWEST_CHARACTERS or _stem(plain) in _well_known() or is_own:
        raise InvalidError("password_too_simple", field="password")


def _stem(password: str) -> str:
    """The password without the digits and marks at its end: people append them to a word that is well known."""
    return password.rstrip("0123456789!?.@#$*_-") or password


@cache
def _well_known() -> frozenset[str]:
    lines = (Path(__file__).parent / "well_known_passwords.txt").read_text("utf-8").split()
    return frozenset({*lines, *map(_stem, lines)})
