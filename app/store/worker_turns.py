"""When each loop of each worker has last turned, by the clock of the database.

A worker writes its own rows alone. Rows of workers that are gone are deleted by the others.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Float, Integer, and_, bindparam, delete, exists, insert, select, update

from app.records.worker_turn import LoopTurn
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import worker_turns as turns
from app.store.types import MillisecondsSince, SecondsAgo

_TURNED_AT: Any = SecondsAgo(bindparam("age", type_=Float))
_IS = and_(turns.c.worker_id == bindparam("worker"), turns.c.loop == bindparam("of_loop"))
_UPDATE = Statement(update(turns).where(_IS).values(turned_at=_TURNED_AT))
_INSERT = Statement(
    insert(turns).from_select(
        ["worker_id", "loop", "turned_at", "seconds_max"],
        select(
            bindparam("worker", type_=turns.c.worker_id.type).label("worker_id"),
            bindparam("of_loop", type_=turns.c.loop.type).label("loop"),
            _TURNED_AT.label("turned_at"),
            bindparam("most", type_=Integer).label("seconds_max"),
        ).where(~exists(select(1).select_from(turns).where(_IS))),
    )
)
_DELETE = Statement(delete(turns).where(turns.c.worker_id == bindparam("worker")))
_DELETE_OLD = Statement(delete(turns).where(turns.c.turned_at < SecondsAgo(bindparam("age", type_=Float))))
_ALL = Statement(
    select(turns.c.worker_id, turns.c.loop, MillisecondsSince(turns.c.turned_at).label("age"), turns.c.seconds_max)
)


async def write(tx: Tx, turned: Sequence[LoopTurn]) -> None:
    """Store the last turns of one worker."""
    keys = [{"worker": each.worker_id, "of_loop": each.loop, "age": each.age} for each in turned]
    await tx.run_all(_UPDATE, keys)
    rows = [{**key, "most": each.seconds_max} for key, each in zip(keys, turned, strict=True)]
    await tx.run_all(_INSERT, rows)


async def delete_of(tx: Tx, worker_id: str) -> None:
    """Delete the turns of a worker that stops."""
    await tx.fetch(_DELETE, {"worker": worker_id})


async def delete_older(tx: Tx, seconds: float) -> None:
    """Delete the turns that are longer ago than so many seconds."""
    await tx.fetch(_DELETE_OLD, {"age": seconds})


async def last_turns(tx: Tx) -> list[LoopTurn]:
    """The last turn of each loop of each worker."""
    return [LoopTurn(**{**row._asdict(), "age": row.age / 1000}) for row in await tx.fetch(_ALL)]
