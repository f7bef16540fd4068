"""Buyers of orders, as readers of messages. Stored apart from the order, so that no event and no claim has an
address."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, bindparam, insert, select, update

from app import json_text
from app.records.buyer import Buyer
from app.records.order_words import words_of_buyer
from app.store import order_words
from app.store.database import Tx
from app.store.order_words import Source
from app.store.statements import Statement
from app.store.tables import buyers
from app.store.types import JsonTexts

_FIELDS = ("name", "email", "language", "bounce", "bounced_at", "phone_ending")
_KEY = and_(buyers.c.merchant_id == bindparam("merchant"), buyers.c.order_id == bindparam("order"))
_LOAD = Statement(select(*(buyers.c[name] for name in _FIELDS)).where(_KEY))
_NAMES = Statement(
    select(buyers.c.order_id, buyers.c.name).where(
        buyers.c.merchant_id == bindparam("merchant"),
        buyers.c.name.is_not(None),
        buyers.c.order_id.in_(select(JsonTexts(bindparam("orders")).table_valued("value").c.value)),
    )
)
_UPDATE = Statement(
    update(buyers).where(_KEY).values({name: bindparam(f"new_{name}") for name in (*_FIELDS, "updated_at")})
)
_INSERT = Statement(insert(buyers))
_BOUNCED = Statement(
    update(buyers)
    .where(and_(_KEY, buyers.c.email == bindparam("address")))
    .values(bounce=bindparam("answer"), bounced_at=bindparam("at"))
)


async def load(tx: Tx, merchant_id: str, order_id: str) -> Buyer | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "order": order_id})
    return None if row is None else Buyer(**row._asdict())


async def names(tx: Tx, merchant_id: str, order_ids: Collection[str]) -> dict[str, str]:
    """The names of the buyers of orders, by order."""
    rows = await tx.fetch(_NAMES, {"merchant": merchant_id, "orders": json_text.dump(list(order_ids))})
    return {row.order_id: row.name for row in rows}


async def add(tx: Tx, merchant_id: str, order_id: str, buyer: Buyer, now: datetime) -> None:
    """Without the words that the order is found by."""
    values = {name: getattr(buyer, name) for name in _FIELDS}
    await tx.fetch(_INSERT, {"merchant_id": merchant_id, "order_id": order_id, **values, "updated_at": now})


async def replace(tx: Tx, merchant_id: str, order_id: str, before: Buyer | None, after: Buyer, now: datetime) -> None:
    """Replace the buyer of an order, and the words that the order is found by. The caller has locked the order."""
    if before is None:
        await add(tx, merchant_id, order_id, after, now)
    else:
        changes = {f"new_{name}": getattr(after, name) for name in _FIELDS}
        await tx.fetch(_UPDATE, {"merchant": merchant_id, "order": order_id, **changes, "new_updated_at": now})
    words, now_words = words_of_buyer(before or Buyer()), words_of_buyer(after)
    await order_words.replace(tx, merchant_id, order_id, Source.BUYER, before=words, after=now_words)


async def note_bounce(tx: Tx, merchant_id: str, order_id: str, address: str, answer: str, now: datetime) -> None:
    """Only if the buyer still has that address."""
    key = {"merchant": merchant_id, "order": order_id}
    await tx.fetch(_BOUNCED, {**key, "address": address, "answer": answer, "at": now})
