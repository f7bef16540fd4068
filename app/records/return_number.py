"""Return numbers: eight letters and digits that people can read out, copy by hand and type. The last one is a check."""

import secrets
import unicodedata
from collections.abc import Callable

LETTERS = "23456789ACDEFGHJKLMNPQRTUVWXY"
"""29 signs, a prime. 0, 1, B, I, O, S and Z are left out: each looks like another sign."""
_LOOK_ALIKE = str.maketrans("BSZ", "852")
"""A sign that is left out, and the only sign that it can stand for."""
_LENGTH = 8
_SHOWN = 4


def new_return_number(choose: Callable[[str], str] = secrets.choice) -> str:
    """Random, as nobody should guess the number of somebody else."""
    drawn = "".join(choose(LETTERS) for _ in range(_LENGTH - 1))
    return drawn + _check_of(drawn)


def written(number: str) -> str:
    """As people read it: `7K4C-2MXM`."""
    return f"{number[:_SHOWN]}-{number[_SHOWN:]}"


def read_return_number(text: str) -> str | None:
    """The number that somebody typed or scanned. None for a text that is no return number. Case, width, spaces and
    hyphens make no difference."""
    plain = plain_number(text).translate(_LOOK_ALIKE)
    is_one = len(plain) == _LENGTH and set(plain) <= set(LETTERS) and plain[-1] == _check_of(plain[:-1])
    return plain if is_one else None


def label_code(number: str, parcel: int) -> str:
    """The text of the codes on the label of a parcel."""
    return f"{written(number)}-{parcel}"


def read_label_code(text: str) -> tuple[str, int] | None:
    """The return number and the number of the parcel. None for a text that is no code of a label."""
    head, _, tail = unicodedata.normalize("NFKC", text).strip().rpartition("-")
    number = read_return_number(head)
    is_parcel = tail.isascii() and tail.isdecimal() and len(tail) < _SHOWN
    return (number, int(tail)) if number is not None and is_parcel else None


def plain_number(text: str) -> str:
    """A number of a parcel without the spaces and hyphens in which people group it, in capitals."""
    return "".join(each for each in unicodedata.normalize("NFKC", text).upper() if each not in " -\u2010\u2011\u2212")


def _check_of(drawn: str) -> str:
    """The sum of the places, each with a weight of its own, modulo a prime. One wrong sign always changes the sum, and
    so do two neighbours in each other's places."""
    total = sum(weight * LETTERS.index(sign) for weight, sign in enumerate(drawn, start=2))
    return LETTERS[total % len(LETTERS)]
