"""The last turns of the workers' loops."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopTurn:
    """One loop of one worker. `age` is how many seconds ago the loop has last turned. A loop that is in order turns
    again within `seconds_max`."""

    worker_id: str
    loop: str
    age: float
    seconds_max: int
