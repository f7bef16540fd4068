"""The metadata of all tables, which names the constraints, and the types of columns."""

from sqlalchemy import Index, MetaData, String, text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

ID = String(36)
"""Ids of the service: UUIDv7 as text."""
NAME = String(200)
"""Ids and names that a merchant gives."""
WORD = String(40)
"""A word of a closed list."""
FOUND_BY = String(60).with_variant(String(60, collation="C"), "postgresql")
"""A word that is found by its beginning: in the order of code points, whatever the language of the database."""
ADDRESS = String(254)
"""An e-mail address. RFC 5321 limits its length."""


def timer_index(name: str) -> Index:
    """An index of the rows with a timer. Most rows have none and are not in the index."""
    some = text("wakes_at IS NOT NULL")
    return Index(name, "wakes_at", sqlite_where=some, postgresql_where=some)
