"""The database as the rooms above the services see it: a `Tx` is handed to a use case, and a `Database` makes one."""

from app.store.database import Database, Tx
from app.store.drivers import is_temporary

__all__ = ["Database", "Tx", "is_temporary"]
