"""The metadata of all tables, which names the constraints, and the types of columns."""

from sqlalchemy import Index, MetaData, String, Text, TextClause, text

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
TRACEPARENT = Text()
"""The span in which a row was made, if spans are made: the header of W3C Trace Context. A text without a length, since
PostgreSQL takes a row for wide that has a `varchar(55)`, and would then read the whole of a table that seems small."""
ADDRESS = String(254)
"""An e-mail address. RFC 5321 limits its length."""


def partial_index(name: str, *columns: str | TextClause, where: str) -> Index:
    """An index of some rows."""
    some = text(where)
    return Index(name, *columns, sqlite_where=some, postgresql_where=some)


def timer_index(name: str) -> Index:
    """An index of the rows with a timer. Most rows have none and are not in the index."""
    return partial_index(name, "wakes_at", where="wakes_at IS NOT NULL")
