"""The rules in force, remembered for some seconds: most merchants have none, and pay for no look-up."""

from app.clock import elapsed
from app.records.rule_set import StoredRuleSet
from app.store import rules
from app.store.database import Tx

REMEMBERED = 5.0
"""Seconds for which another process may not know of a new version."""
_IN_FORCE = "rules in force"


async def rules_in_force(tx: Tx, merchant_id: str) -> StoredRuleSet | None:
    """None for a merchant without rules."""
    place = _IN_FORCE, merchant_id
    remembered: tuple[float, StoredRuleSet | None] | None = tx.memo.get(place)
    if remembered is None or remembered[0] <= elapsed():
        remembered = (elapsed() + REMEMBERED, await rules.newest(tx, merchant_id))
        tx.memo.put(place, remembered)
    return remembered[1]


def forget(tx: Tx, merchant_id: str) -> None:
    """The next claim of this process looks the rules up."""
    tx.memo.put((_IN_FORCE, merchant_id), (0.0, None))
