"""What all tables share: their metadata, which names the constraints, and the types of their columns."""

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
"""Our own ids: UUIDv7 as text."""
NAME = String(200)
"""Ids and names that a merchant gives."""
WORD = String(40)
"""A word of a closed list."""
ADDRESS = String(254)
"""An e-mail address, as long as RFC 5321 lets it be."""


def awake(name: str) -> Index:
    """Finds what is to be looked at by itself; most rows never will be again, and are not in it."""
    some = text("wakes_at IS NOT NULL")
    return Index(name, "wakes_at", sqlite_where=some, postgresql_where=some)
