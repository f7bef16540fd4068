"""The words that orders are found by. They are written in the transaction that writes what they are made of.

A query over orders or claims is narrowed to the orders that have all words that somebody looks for. The words of a
merchant are in the order of their code points, so that words with one beginning stand together."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, func, insert, literal, or_, select, union_all

from app import json_text
from app.records.order_words import MOST_SOUGHT, sought_words
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import claims, order_words, shipments
from app.store.types import JsonTexts


class Source(StrEnum):
    """What a word was made of. A word of two sources has two rows."""

    ORDER = "order"
    BUYER = "buyer"


def _new_words(source: Source) -> Select[Any]:
    words = JsonTexts(bindparam(f"of_{source}")).table_valued("value")
    return select(bindparam("merchant"), words.c.value, bindparam("order"), literal(source.value))


_INSERT = Statement(
    insert(order_words).from_select(
        ["merchant_id", "word", "order_id", "source"],
        union_all(_new_words(Source.ORDER), _new_words(Source.BUYER)),
    )
)
_DELETE = Statement(
    delete(order_words).where(
        order_words.c.merchant_id == bindparam("merchant"),
        order_words.c.word == bindparam("gone"),
        order_words.c.order_id == bindparam("order"),
        order_words.c.source == bindparam("of"),
    )
)


async def add(tx: Tx, merchant_id: str, order_id: str, words: Mapping[Source, Collection[str]]) -> None:
    """Write new words by their source, in one statement."""
    new = {f"of_{source}": json_text.dump(sorted(words.get(source, ()))) for source in Source}
    await tx.fetch(_INSERT, {"merchant": merchant_id, "order": order_id, **new})


async def replace(
    tx: Tx, merchant_id: str, order_id: str, source: Source, *, before: Collection[str], after: Collection[str]
) -> None:
    """Write the difference. The caller has locked the order, or has just made it."""
    key = {"merchant": merchant_id, "order": order_id, "of": source}
    await tx.run_all(_DELETE, [{**key, "gone": word} for word in sorted(set(before) - set(after))])
    new = set(after) - set(before)
    if new:
        await add(tx, merchant_id, order_id, {source: new})


def conditions(order_id: ColumnElement[str]) -> Mapping[str, ColumnElement[bool]]:
    """The conditions of a listing that `narrowing` names: the order has a word. A rare word leads to its orders. Of a
    common word the database looks whether each order of the list has the word, until the page is full."""
    rare = {f"word_{place}": order_id.in_(_beginning(place).union_all(*_others(place))) for place in _PLACES}
    common = {f"common_{place}": _has_common(order_id, place) for place in _PLACES}
    return rare | common


async def narrowing(tx: Tx, merchant_id: str, text: str | None) -> tuple[Iterable[str], Mapping[str, Any]]:
    """The names of the conditions for what somebody looks for, and the values that are bound in them."""
    names: list[str] = []
    values: dict[str, Any] = {}
    for place, word in enumerate(sought_words(text or "")):
        bound = {f"word_{place}": word.begin, f"word_{place}_end": word.end}
        row = await tx.first(_COUNTS[place], {"merchant": merchant_id, **bound, "at_most": _RARE + 1})
        is_common = row is not None and row.count_of_rows > _RARE
        names.append(f"common_{place}" if is_common else f"word_{place}")
        values |= bound | {f"word_{place}_claim": word.claim_id, f"word_{place}_phone": word.phone_ending}
        values |= {f"word_{place}_parcel_{number}": parcel for number, parcel in enumerate(word.parcel_numbers)}
    return names, values


_RARE = 2_000
"""Rows. So many orders are read and sorted in some hundredths of a second."""
_PLACES = range(MOST_SOUGHT)


def _begins(place: int) -> ColumnElement[bool]:
    word = order_words.c.word
    return and_(
        order_words.c.merchant_id == bindparam("merchant"),
        word >= bindparam(f"word_{place}"),
        word < bindparam(f"word_{place}_end"),
    )


def _beginning(place: int) -> Select[Any]:
    return select(order_words.c.order_id).where(_begins(place))


def _others(place: int) -> tuple[Select[Any], ...]:
    """The orders that a whole number or id finds."""
    name, merchant = f"word_{place}", bindparam("merchant", type_=order_words.c.merchant_id.type)
    numbers = [shipments.c.tracking_number == bindparam(f"{name}_parcel_{number}") for number in range(3)]
    return (
        select(order_words.c.order_id).where(
            order_words.c.merchant_id == merchant,
            order_words.c.word == bindparam(f"{name}_phone"),
            order_words.c.source == literal(Source.BUYER.value),
        ),
        select(shipments.c.order_id).where(shipments.c.merchant_id == merchant, or_(*numbers)),
        select(claims.c.order_id).where(
            claims.c.merchant_id == merchant, claims.c.claim_id == bindparam(f"{name}_claim")
        ),
    )


def _has_common(order_id: ColumnElement[str], place: int) -> ColumnElement[bool]:
    """A scalar query, which no planner turns into a join that reads all rows of the word."""
    has_word = select(literal(1)).where(_begins(place), order_words.c.order_id == order_id).limit(literal(1))
    return or_(has_word.scalar_subquery() == literal(1), order_id.in_(union_all(*_others(place))))


_COUNTS = [
    Statement(
        select(func.count().label("count_of_rows")).select_from(
            _beginning(place).limit(bindparam("at_most")).subquery()
        )
    )
    for place in _PLACES
]
