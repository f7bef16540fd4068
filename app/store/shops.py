"""Shops: the name of a merchant in messages to buyers, and the address for messages to the merchant."""

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import and_, bindparam, func, insert, select, update

from app import json_text
from app.records.merchant import Mode
from app.records.shop import NO_PROFILE, Shop, ShopProfile
from app.store import message_settings
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import merchants, shops

_FIELDS = ("name", "contact_email", "language", "bounce", "bounced_at", "profile")
_PROFILE = TypeAdapter(ShopProfile)
_LOAD = Statement(
    select(
        func.coalesce(shops.c.name, merchants.c.name).label("name"),
        merchants.c.mode,
        *(shops.c[name] for name in (*_FIELDS, "message_settings") if name != "name"),
    )
    .select_from(merchants.outerjoin(shops, shops.c.merchant_id == merchants.c.merchant_id))
    .where(merchants.c.merchant_id == bindparam("merchant"))
)
_UPDATE = Statement(
    update(shops)
    .where(shops.c.merchant_id == bindparam("merchant"))
    .values({name: bindparam(f"new_{name}") for name in (*_FIELDS, "updated_at")})
    .returning(shops.c.merchant_id)
)
_INSERT = Statement(insert(shops))
_BOUNCED = Statement(
    update(shops)
    .where(and_(shops.c.merchant_id == bindparam("merchant"), shops.c.contact_email == bindparam("address")))
    .values(bounce=bindparam("answer"), bounced_at=bindparam("at"))
)


async def load(tx: Tx, merchant_id: str) -> Shop:
    """Raises LookupError for a merchant that does not exist."""
    row = await tx.first(_LOAD, {"merchant": merchant_id})
    if row is None:
        raise LookupError(f"there is no merchant {merchant_id}")
    profile = _PROFILE.validate_json(row.profile) if row.profile else NO_PROFILE
    settings = message_settings.of_document(row.message_settings)
    return Shop(**{**row._asdict(), "profile": profile, "message_settings": settings, "mode": Mode(row.mode)})


async def put(tx: Tx, merchant_id: str, shop: Shop, now: datetime) -> None:
    """Raises IntegrityError when another transaction inserts the shop at the same moment."""
    profile = None if shop.profile == NO_PROFILE else json_text.dump(shop.profile)
    values = {**{name: getattr(shop, name) for name in _FIELDS}, "profile": profile}
    changes = {f"new_{name}": value for name, value in {**values, "updated_at": now}.items()}
    if not await tx.fetch(_UPDATE, {"merchant": merchant_id, **changes}):
        await tx.fetch(_INSERT, {"merchant_id": merchant_id, "message_settings": None, **values, "updated_at": now})


async def note_bounce(tx: Tx, merchant_id: str, address: str, answer: str, now: datetime) -> None:
    """Only if the shop still has that address."""
    await tx.fetch(_BOUNCED, {"merchant": merchant_id, "address": address, "answer": answer, "at": now})
