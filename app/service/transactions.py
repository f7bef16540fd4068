"""The database for the callers of the services: a `Database` makes a `Tx`, and a use case gets the `Tx`."""

from app.store.database import Database, Tx
from app.store.drivers import is_temporary, is_unknown_to_schema

__all__ = ["Database", "Tx", "is_temporary", "is_unknown_to_schema"]
