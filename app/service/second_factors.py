"""Second factors: codes of an authenticator (TOTP, RFC 6238), and recovery codes.

A code is used once. The step of a TOTP code is the key of a row, so that the database refuses the second use. A
recovery code has 80 random bits, so a plain SHA-256 is enough at rest.
"""

import base64
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

import pyotp
from pyotp.exceptions import OTPVerificationError

from app.records.staff import Staff
from app.store import staff
from app.store.database import Tx

RECOVERY_CODES = 10
_AROUND = 1
"""How many steps the clock of a phone may be away."""
_KEPT_STEPS = 100
_CODE_BYTES = 10
_GROUP = 4


def new_secret() -> str:
    return pyotp.random_base32()


def address_of(person: Staff, secret: str, *, issuer: str) -> str:
    """The `otpauth:` address that an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=issuer)


async def is_shown(tx: Tx, person: Staff, code: str, now: datetime) -> bool:
    """Use up a code. False for a code that is wrong, or was used before."""
    plain = code.replace(" ", "").replace("-", "")
    if plain.isdecimal() and person.totp_secret is not None:
        return await uses_totp(tx, person, plain, now)
    return await staff.use_recovery_code(tx, person, _digest(plain), now)


async def uses_totp(tx: Tx, person: Staff, code: str, now: datetime) -> bool:
    """The same for a code of the authenticator alone."""
    step = _step_of(person.totp_secret or "", code, now)
    if step is None:
        return False
    return await staff.use_step(tx, person, step, forget_before=step - _KEPT_STEPS)


async def give_recovery_codes(tx: Tx, person: Staff, now: datetime) -> list[str]:
    """New recovery codes in place of the earlier ones. They are shown only once."""
    codes = [_code() for _ in range(RECOVERY_CODES)]
    await staff.replace_recovery_codes(tx, person, [_digest(code.replace("-", "")) for code in codes], now)
    return codes


async def take_away(tx: Tx, person: Staff, now: datetime) -> Staff:
    """The person without a second factor."""
    await staff.replace_recovery_codes(tx, person, (), now)
    return replace(person, totp_secret=None, totp_confirmed_at=None)


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step that the code is of. None if it is of none near the instant."""
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(code, for_time=now, valid_window=_AROUND)
    except OTPVerificationError:
        return None


def _code() -> str:
    text = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode().lower()
    return "-".join(_in_groups(text))


def _in_groups(text: str) -> Iterator[str]:
    for start in range(0, len(text), _GROUP):
        yield text[start : start + _GROUP]


def _digest(code: str) -> str:
    return sha256(code.lower().encode()).hexdigest()
