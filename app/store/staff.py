"""The people of a merchant, and their second factors. The secret of an authenticator is encrypted at rest."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.records.staff import Staff
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import staff, staff_recovery_codes, staff_totp_uses

_c = staff.c
_COLUMNS = tuple(column.name for column in _c)
_IS_ONE = and_(_c.merchant_id == bindparam("merchant"), _c.staff_id == bindparam("person"))
_INSERT = Statement(insert(staff))
_OF_MERCHANT = select(staff).where(_c.merchant_id == bindparam("merchant"))
_ALL = Statement(_OF_MERCHANT.order_by(_c.staff_id))
_LOAD = Statement(select(staff).where(_IS_ONE))
_LOCK = Statement(select(staff).where(_IS_ONE).with_for_update())
_BY_EMAIL = Statement(_OF_MERCHANT.where(_c.email == bindparam("address")))
_CHANGED = ("name", "role", "language", "password_hash", "totp_secret", "totp_confirmed_at", "disabled_at")
_CHANGE = Statement(update(staff).where(_IS_ONE).values({name: bindparam(f"new_{name}") for name in _CHANGED}))
_SECRETS = Statement(
    select(_c.merchant_id, _c.staff_id, _c.totp_secret).where(_c.totp_secret.is_not(None)).with_for_update()
)
_REWRITE = Statement(update(staff).where(_IS_ONE).values(totp_secret=bindparam("new_totp_secret")))

_used = staff_totp_uses.c
_USE_STEP = {
    kind: Statement(dialect.insert(staff_totp_uses).on_conflict_do_nothing().returning(_used.step))
    for kind, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_FORGET_STEPS = Statement(
    delete(staff_totp_uses).where(
        _used.merchant_id == bindparam("merchant"),
        _used.staff_id == bindparam("person"),
        _used.step < bindparam("before"),
    )
)
_code = staff_recovery_codes.c
_CODES = and_(_code.merchant_id == bindparam("merchant"), _code.staff_id == bindparam("person"))
_ADD_CODES = Statement(insert(staff_recovery_codes))
_FORGET_CODES = Statement(delete(staff_recovery_codes).where(_CODES))
_USE_CODE = Statement(
    update(staff_recovery_codes)
    .where(_CODES, _code.digest == bindparam("of"), _code.used_at.is_(None))
    .values(used_at=bindparam("at"))
    .returning(_code.digest)
)


async def add(tx: Tx, person: Staff) -> None:
    """Raises IntegrityError when the merchant has somebody with this address."""
    await tx.fetch(_INSERT, _values(tx, person))


async def all_of(tx: Tx, merchant_id: str) -> list[Staff]:
    """The person who came first is first."""
    return [_staff(tx, row) for row in await tx.fetch(_ALL, {"merchant": merchant_id})]


async def load(tx: Tx, merchant_id: str, staff_id: str) -> Staff | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "person": staff_id})
    return None if row is None else _staff(tx, row)


async def lock(tx: Tx, merchant_id: str, staff_id: str) -> Staff | None:
    """The person, whom no other transaction changes before the commit."""
    row = await tx.first(_LOCK, {"merchant": merchant_id, "person": staff_id})
    return None if row is None else _staff(tx, row)


async def by_email(tx: Tx, merchant_id: str, email: str) -> Staff | None:
    row = await tx.first(_BY_EMAIL, {"merchant": merchant_id, "address": email})
    return None if row is None else _staff(tx, row)


async def change(tx: Tx, person: Staff) -> None:
    values = _values(tx, person)
    await tx.fetch(
        _CHANGE,
        {
            "merchant": person.merchant_id,
            "person": person.staff_id,
            **{f"new_{name}": values[name] for name in _CHANGED},
        },
    )


async def use_step(tx: Tx, person: Staff, step: int, *, forget_before: int) -> bool:
    """Use the code of a time step. False if it was used before. Steps before `forget_before` are forgotten."""
    key = {"merchant_id": person.merchant_id, "staff_id": person.staff_id, "step": step}
    used = await tx.fetch(_USE_STEP["sqlite" if tx.is_sqlite else "postgresql"], key)
    old = {"merchant": person.merchant_id, "person": person.staff_id, "before": forget_before}
    await tx.fetch(_FORGET_STEPS, old)
    return bool(used)


async def replace_recovery_codes(tx: Tx, person: Staff, digests: Sequence[str], now: datetime) -> None:
    await tx.fetch(_FORGET_CODES, {"merchant": person.merchant_id, "person": person.staff_id})
    key = {"merchant_id": person.merchant_id, "staff_id": person.staff_id, "created_at": now, "used_at": None}
    await tx.run_all(_ADD_CODES, [{**key, "digest": digest} for digest in digests])


async def use_recovery_code(tx: Tx, person: Staff, digest: str, now: datetime) -> bool:
    """False if the person has no such code, or has used it."""
    key = {"merchant": person.merchant_id, "person": person.staff_id}
    return bool(await tx.fetch(_USE_CODE, {**key, "of": digest, "at": now}))


async def rewrite_secrets(tx: Tx, write: Callable[[str], str]) -> int:
    """Store the secrets of authenticators as `write` returns them, for the people of all merchants. Returns how
    many."""
    rows = await tx.fetch(_SECRETS)
    for row in rows:
        secret = write(tx.encryption.from_store(row.totp_secret))
        await tx.fetch(_REWRITE, {"merchant": row.merchant_id, "person": row.staff_id, "new_totp_secret": secret})
    return len(rows)


def _values(tx: Tx, person: Staff) -> dict[str, Any]:
    values = {name: getattr(person, name) for name in _COLUMNS}
    return values | {"totp_secret": person.totp_secret and tx.encryption.to_store(person.totp_secret)}


def _staff(tx: Tx, row: Row) -> Staff:
    return of_row(tx, row._asdict())


def of_row(tx: Tx, values: dict[str, Any]) -> Staff:
    """The person whose columns these are."""
    secret = values["totp_secret"]
    return Staff(**values | {"totp_secret": secret and tx.encryption.from_store(secret)})
