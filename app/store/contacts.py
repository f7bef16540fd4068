"""Contacts on claims: questions to the buyer, answers, and notes of the shop. A text is stored as it was given."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from app.records.contact import Contact, ContactKind
from app.store.database import Tx
from app.store.statements import Listing, Statement
from app.store.tables import claims, contacts

_c = contacts.c
_COLUMNS = ("contact_id", "claim_id", "kind", "role", "author", "text", "at")
_READ = tuple(_c[name] for name in _COLUMNS)
_INSERT = Statement(insert(contacts))
_LAST_WORD = Statement(
    update(claims)
    .where(claims.c.merchant_id == bindparam("merchant"), claims.c.claim_id == bindparam("claim"))
    .values(answered_at=bindparam("new_answered_at"))
)
_PAGE = Listing(
    select(*_READ)
    .where(_c.merchant_id == bindparam("merchant"), _c.claim_id == bindparam("claim"))
    .order_by(_c.contact_id)
    .limit(bindparam("at_most")),
    {"after": _c.contact_id > bindparam("after"), "kind": _c.kind == bindparam("kind")},
)


async def add(tx: Tx, merchant_id: str, contact: Contact) -> None:
    values = {name: getattr(contact, name) for name in _COLUMNS}
    await tx.fetch(_INSERT, {"merchant_id": merchant_id, **values})


async def note_last_word(tx: Tx, merchant_id: str, claim_id: str, *, answered_at: datetime | None) -> None:
    """Keep beside the claim when the buyer has answered the last question. None: the shop has asked."""
    await tx.fetch(_LAST_WORD, {"merchant": merchant_id, "claim": claim_id, "new_answered_at": answered_at})


async def page(
    tx: Tx, merchant_id: str, claim_id: str, *, limit: int, after: str | None = None, kind: str | None = None
) -> list[Contact]:
    """The contacts after the id of the last contact, oldest first."""
    conditions = {name: value for name, value in (("after", after), ("kind", kind)) if value is not None}
    values = {"merchant": merchant_id, "claim": claim_id, "at_most": limit, **conditions}
    rows = await tx.fetch(_PAGE.narrowed(conditions), values)
    return [Contact(**{**row._asdict(), "kind": ContactKind(row.kind)}) for row in rows]
