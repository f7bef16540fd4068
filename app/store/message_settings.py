"""The settings of a merchant's messages, a JSON document beside the shop."""

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import bindparam, insert, update

from app import json_text
from app.records.message_settings import NO_SETTINGS, MessageSettings
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import shops

_DOCUMENT = TypeAdapter(MessageSettings)
_UPDATE = Statement(
    update(shops)
    .where(shops.c.merchant_id == bindparam("merchant"))
    .values(message_settings=bindparam("new_settings"), updated_at=bindparam("now"))
    .returning(shops.c.merchant_id)
)
_INSERT = Statement(insert(shops))


def of_document(document: str | None) -> MessageSettings:
    return _DOCUMENT.validate_json(document) if document else NO_SETTINGS


async def put(tx: Tx, merchant_id: str, settings: MessageSettings, now: datetime) -> None:
    """Raises IntegrityError when another transaction inserts the shop at the same moment."""
    document = None if settings == NO_SETTINGS else json_text.dump(settings)
    if not await tx.fetch(_UPDATE, {"merchant": merchant_id, "new_settings": document, "now": now}):
        empty = {column.name: None for column in shops.c}
        await tx.fetch(_INSERT, {**empty, "merchant_id": merchant_id, "message_settings": document, "updated_at": now})
