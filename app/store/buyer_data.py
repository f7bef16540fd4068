"""Everything that the tables hold about the buyer of an order: read for an export, and emptied by an erasure.

No row of a history goes: words, names and addresses are taken out of rows that stay.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    null,
    or_,
    select,
    update,
)

from app.records.privacy import DataGroup
from app.store.database import Tx
from app.store.order_words import Source
from app.store.statements import Statement
from app.store.tables import (
    address_changes,
    approvals,
    buyer_access,
    buyers,
    claim_files,
    claims,
    contacts,
    idempotency_keys,
    messages,
    option_changes,
    order_consents,
    order_words,
    refund_accounts,
    refunds,
    return_parcels,
    shipments,
    surveys,
    withdrawal_receipts,
    withdrawals,
)
from app.store.tables import orders as orders_table

_MERCHANT: BindParameter[str] = bindparam("merchant")
_ORDER: BindParameter[str] = bindparam("order")


def _of_order(table: Table) -> ColumnElement[bool]:
    return and_(table.c.merchant_id == _MERCHANT, table.c.order_id == _ORDER)


def _of_claims(table: Table) -> ColumnElement[bool]:
    its_claims = select(claims.c.claim_id).where(_of_order(claims))
    return and_(table.c.merchant_id == _MERCHANT, table.c.claim_id.in_(its_claims))


def _of_withdrawals(table: Table) -> ColumnElement[bool]:
    its_withdrawals = select(withdrawals.c.withdrawal_id).where(_of_order(withdrawals))
    return and_(table.c.merchant_id == _MERCHANT, table.c.withdrawal_id.in_(its_withdrawals))


def _about_order() -> ColumnElement[bool]:
    """Messages about a withdrawal have no order, if they were made before the order was found."""
    return or_(_of_order(messages), _of_withdrawals(messages))


def _emptied(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A constraint wants a text where one was."""
    return case((column.is_(None), null()), else_=literal(""))


_IS_ON_ITS_WAY = messages.c.status.in_([literal("queued"), literal("waiting")])
_ERASURES: Mapping[DataGroup, tuple[Statement, ...]] = {
    DataGroup.UNNEEDED: (
        Statement(update(buyers).where(_of_order(buyers)).values(phone_ending=None, bounce=None)),
        Statement(
            delete(order_words).where(_of_order(order_words), order_words.c.source == literal(Source.BUYER.value))
        ),
        Statement(update(surveys).where(_of_order(surveys), surveys.c.text.is_not(None)).values(text=None, salt="")),
    ),
    DataGroup.DISPUTE: (
        Statement(update(contacts).where(_of_claims(contacts)).values(text="", author="")),
        Statement(
            update(option_changes)
            .where(_of_order(option_changes))
            .values(note=None, reason=_emptied(option_changes.c.reason))
        ),
        Statement(update(return_parcels).where(_of_claims(return_parcels)).values(note=None)),
        Statement(update(approvals).where(_of_claims(approvals)).values(note=None, document="{}")),
    ),
    DataGroup.CONTRACT: (
        Statement(update(buyers).where(_of_order(buyers)).values(name=None, email=None)),
        Statement(
            update(address_changes)
            .where(_of_order(address_changes))
            .values(address=None, reason=_emptied(address_changes.c.reason))
        ),
        Statement(
            update(messages)
            .where(_about_order())
            .values(
                subject="",
                text="",
                to_address=_emptied(messages.c.to_address),
                last_error=None,
                next_at=None,
                digest_at=case((_IS_ON_ITS_WAY, null()), else_=messages.c.digest_at),
                status=case((_IS_ON_ITS_WAY, literal("failed")), else_=messages.c.status),
            )
        ),
        Statement(update(withdrawal_receipts).where(_of_withdrawals(withdrawal_receipts)).values(content=None)),
        Statement(
            update(withdrawals).where(_of_order(withdrawals)).values(name="", email="", goods=None, text=None, salt="")
        ),
        Statement(
            update(refund_accounts)
            .where(_of_claims(refund_accounts))
            .values(
                bank=None,
                masked_number=None,
                encrypted=None,
                erased_at=case(
                    (refund_accounts.c.named_at.is_(None), null()),
                    else_=func.coalesce(
                        refund_accounts.c.erased_at, bindparam("now", type_=refund_accounts.c.erased_at.type)
                    ),
                ),
            )
        ),
    ),
}
_EMPTY_ANSWERS = Statement(
    update(idempotency_keys)
    .where(
        idempotency_keys.c.merchant_id == _MERCHANT,
        idempotency_keys.c.created_at <= bindparam("until"),
        idempotency_keys.c.body.like(bindparam("pattern"), escape="/"),
    )
    .values(headers="{}", body="")
)
_HIDDEN = {
    "merchant_id",
    "salt",
    "digest",
    "lease",
    "leased_until",
    "wakes_at",
    "head",
    "events",
    "encrypted",
    "content",
}
_EXPORTED: Mapping[str, tuple[Table, ColumnElement[bool]]] = {
    "order": (orders_table, _of_order(orders_table)),
    "buyer": (buyers, _of_order(buyers)),
    "search_words": (order_words, _of_order(order_words)),
    "consents": (order_consents, _of_order(order_consents)),
    "shipments": (shipments, _of_order(shipments)),
    "address_changes": (address_changes, _of_order(address_changes)),
    "option_changes": (option_changes, _of_order(option_changes)),
    "buyer_access": (buyer_access, _of_order(buyer_access)),
    "claims": (claims, _of_order(claims)),
    "contacts": (contacts, _of_claims(contacts)),
    "files": (claim_files, _of_claims(claim_files)),
    "return_parcels": (return_parcels, _of_claims(return_parcels)),
    "refunds": (refunds, _of_order(refunds)),
    "refund_accounts": (refund_accounts, _of_claims(refund_accounts)),
    "surveys": (surveys, _of_order(surveys)),
    "withdrawals": (withdrawals, _of_order(withdrawals)),
    "messages": (messages, _about_order()),
}
_READ = {
    name: Statement(
        select(*(column for column in table.c if column.name not in _HIDDEN))
        .where(where)
        .order_by(*table.primary_key.columns)
    )
    for name, (table, where) in _EXPORTED.items()
}
_ORDERS_OF_BUYER = Statement(
    select(orders_table.c.order_id)
    .where(orders_table.c.merchant_id == _MERCHANT, orders_table.c.buyer_id == bindparam("buyer"))
    .order_by(orders_table.c.order_id)
    .limit(bindparam("at_most"))
)


async def erase(tx: Tx, merchant_id: str, order_id: str, group: DataGroup, now: datetime) -> None:
    """Empty what the group has of an order that the caller has locked. Files have a use case of their own."""
    for statement in _ERASURES[group]:
        await tx.fetch(statement, {"merchant": merchant_id, "order": order_id, "now": now})


async def empty_answers(tx: Tx, merchant_id: str, named: str, *, until: datetime) -> None:
    """Answers that are kept for repeated requests, from before an instant, with the text `named` in their body."""
    escaped = named.replace("/", "//").replace("%", "/%").replace("_", "/_")
    await tx.fetch(_EMPTY_ANSWERS, {"merchant": merchant_id, "pattern": f"%{escaped}%", "until": until})


async def held(tx: Tx, merchant_id: str, order_id: str) -> dict[str, list[dict[str, Any]]]:
    """Every row about the order that has data of a person, by what the rows are."""
    key = {"merchant": merchant_id, "order": order_id}
    return {name: [row._asdict() for row in await tx.fetch(statement, key)] for name, statement in _READ.items()}


async def orders_of_buyer(tx: Tx, merchant_id: str, buyer_id: str, *, limit: int) -> list[str]:
    rows = await tx.fetch(_ORDERS_OF_BUYER, {"merchant": merchant_id, "buyer": buyer_id, "at_most": limit})
    return [row.order_id for row in rows]
