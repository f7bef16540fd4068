"""The turns of the workers' loops: each worker stores its own, and whoever reads them sees which worker is dead.

A gauge inside the worker would be gone, or would stand still, when the worker is dead. So the turns are in the
database, and the ages are by the clock of the database.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.clock import Elapsed
from app.records.worker_turn import LoopTurn
from app.store import worker_turns
from app.store.database import Database, Tx

WRITTEN_EVERY = 10
"""Seconds between two writes of a worker."""
LOST_AFTER = 30
"""Seconds without a turn after which a worker counts as lost: it has missed three writes."""
_LOST_ARE_KEPT = 15 * 60
"""Seconds."""


class WorkerTurns:
    """The turns of one worker."""

    def __init__(self, database: Database, elapsed: Elapsed, worker_id: str) -> None:
        self._database = database
        self._elapsed = elapsed
        self._worker_id = worker_id
        self._seconds_max: Mapping[str, int] = {}
        self._turned: dict[str, float] = {}

    def begin(self, seconds_max: Mapping[str, int]) -> None:
        """`seconds_max` is how long each loop may take from turn to turn while it is in order. The start counts as a
        turn, so that a loop that never turns is seen too."""
        self._seconds_max = seconds_max
        self._turned = dict.fromkeys(seconds_max, self._elapsed())

    def note(self, loop: str) -> None:
        """The loop has turned. The next write stores it."""
        self._turned[loop] = self._elapsed()

    async def write(self) -> int:
        """Store the last turn of each loop, and delete the turns of workers that are long gone. Returns 0, so the
        worker waits for the next interval."""
        await self._database.write(self._write)
        return 0

    async def end(self) -> None:
        """This worker stops in order, so nobody has to miss it."""
        await self._database.write(lambda tx: worker_turns.delete_of(tx, self._worker_id))

    async def _write(self, tx: Tx) -> None:
        now = self._elapsed()
        turned = [
            LoopTurn(worker_id=self._worker_id, loop=loop, age=now - at, seconds_max=self._seconds_max[loop])
            for loop, at in self._turned.items()
        ]
        await worker_turns.write(tx, turned)
        await worker_turns.delete_older(tx, _LOST_ARE_KEPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """What the turns tell of all workers."""

    turns: Mapping[str, LoopTurn]
    """The last turn of each loop, whichever worker took it."""
    at_work: int
    lost: int
    """Workers that have ended without a stop, or hang."""

    @property
    def last_turn_age(self) -> float | None:
        """How many seconds ago any loop of any worker has turned. None if no worker has been seen."""
        return min((turn.age for turn in self.turns.values()), default=None)


async def see_workers(tx: Tx) -> Workers:
    return _seen(await worker_turns.last_turns(tx))


def _seen(turns: Collection[LoopTurn]) -> Workers:
    by_age = sorted(turns, key=lambda turn: -turn.age)
    ages = {turn.worker_id: turn.age for turn in by_age}
    at_work = sum(age <= LOST_AFTER for age in ages.values())
    return Workers(turns={turn.loop: turn for turn in by_age}, at_work=at_work, lost=len(ages) - at_work)
