"""Metadata of orders, claims and refunds, and the condition that narrows a list to one key with one value.

A change of metadata is no step of the resource: versions, histories and `updated_at` stay.
"""

from collections.abc import Mapping

from sqlalchemy import Column, ColumnElement, Table, and_, bindparam, update

from app import json_text
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import claims, orders, refunds
from app.store.types import JsonHas


def _replace(table: Table, key: Column[str]) -> Statement:
    row_key = and_(table.c.merchant_id == bindparam("merchant"), key == bindparam("id"))
    return Statement(update(table).where(row_key).values(metadata=bindparam("new_metadata")).returning(key))


_OF_ORDER = _replace(orders, orders.c.order_id)
_OF_CLAIM = _replace(claims, claims.c.claim_id)
_OF_REFUND = _replace(refunds, refunds.c.refund_id)


def has(table: Table) -> ColumnElement[bool]:
    """The condition of a listing. Every listing is bound to one merchant."""
    return JsonHas(table.c.metadata, bindparam("metadata_key"), bindparam("metadata_value"))


async def replace_of_order(tx: Tx, merchant_id: str, order_id: str, metadata: Mapping[str, str]) -> bool:
    return await _save(tx, _OF_ORDER, merchant_id, order_id, metadata)


async def replace_of_claim(tx: Tx, merchant_id: str, claim_id: str, metadata: Mapping[str, str]) -> bool:
    """False when there is no such claim."""
    return await _save(tx, _OF_CLAIM, merchant_id, claim_id, metadata)


async def replace_of_refund(tx: Tx, merchant_id: str, refund_id: str, metadata: Mapping[str, str]) -> bool:
    """False when there is no such refund."""
    return await _save(tx, _OF_REFUND, merchant_id, refund_id, metadata)


async def _save(tx: Tx, statement: Statement, merchant_id: str, name: str, metadata: Mapping[str, str]) -> bool:
    values = {"merchant": merchant_id, "id": name, "new_metadata": json_text.dump(dict(metadata))}
    return bool(await tx.fetch(statement, values))
