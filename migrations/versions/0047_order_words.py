"""The words that orders are found by, and an index of parcel numbers. Orders that are there get their words.

Ships with the next release.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from app.records.buyer import Buyer
from app.records.order_words import words_of_buyer, words_of_order
from app.store import online

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_ORDERS = sa.text(
    "SELECT merchant_id, order_id FROM orders WHERE (merchant_id, order_id) > (:merchant, :order)"
    " ORDER BY merchant_id, order_id LIMIT 500"
)
_LINES = sa.text(
    "SELECT merchant_id, order_id, sku, title FROM order_lines WHERE (merchant_id, order_id) > (:merchant, :order)"
    " AND (merchant_id, order_id) <= (:last_merchant, :last_order) ORDER BY merchant_id, order_id, position"
)
_BUYERS = sa.text(
    "SELECT merchant_id, order_id, name, email, phone_ending FROM buyers"
    " WHERE (merchant_id, order_id) > (:merchant, :order) AND (merchant_id, order_id) <= (:last_merchant, :last_order)"
)
_INSERT = sa.text(
    "INSERT INTO order_words (merchant_id, word, order_id, source) VALUES (:merchant_id, :word, :order_id, :source)"
    " ON CONFLICT DO NOTHING"
)
Row = dict[str, str]


def upgrade() -> None:
    word = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")
    op.create_table(
        "order_words",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("word", word, nullable=False),
        sa.Column("order_id", sa.String(200), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "word", "order_id", "source", name=op.f("pk_order_words")),
        sqlite_with_rowid=False,
        if_not_exists=online.is_postgres() or None,
    )
    by_order = ["merchant_id", "order_id", "word"]
    op.create_index(op.f("ix_order_words_merchant_id_order_id_word"), "order_words", by_order, if_not_exists=True)
    with online.after_commit():
        online.create_index("ix_shipments_tracking_number", "shipments", ["merchant_id", "tracking_number"])
        _fill()


def downgrade() -> None:
    op.drop_index("ix_shipments_tracking_number", "shipments")
    op.drop_table("order_words")


def _fill() -> None:
    connection = op.get_bind()
    after = {"merchant": "", "order": ""}
    while found := connection.execute(_ORDERS, after).all():
        last_merchant, last_order = found[-1]
        rows = list(_rows({**after, "last_merchant": last_merchant, "last_order": last_order}, [*map(tuple, found)]))
        connection.execute(_INSERT, rows)
        after = {"merchant": last_merchant, "order": last_order}


def _rows(span: dict[str, str], orders: list[tuple[str, str]]) -> Iterator[Row]:
    connection = op.get_bind()
    names: dict[tuple[str, str], list[tuple[str | None, str | None]]] = {order: [] for order in orders}
    for merchant_id, order_id, sku, title in connection.execute(_LINES, span):
        names.setdefault((merchant_id, order_id), []).append((sku, title))
    for (merchant_id, order_id), named in names.items():
        for word in sorted(words_of_order(order_id, named)):
            yield {"merchant_id": merchant_id, "order_id": order_id, "word": word, "source": "order"}
    for merchant_id, order_id, name, email, phone_ending in connection.execute(_BUYERS, span):
        for word in sorted(words_of_buyer(Buyer(name=name, email=email, phone_ending=phone_ending))):
            yield {"merchant_id": merchant_id, "order_id": order_id, "word": word, "source": "buyer"}
