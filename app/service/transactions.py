"""The database as the rooms above the services see it: a `Tx` is handed to a use case, and a `Database` makes one."""

from app.store.database import Database, Tx

__all__ = ["Database", "Tx"]
