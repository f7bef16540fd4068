"""Surveys: the hash of each is the hash of its answers and words, and its event tells the same hash."""

from collections.abc import AsyncIterator

from app import json_text
from app.store import surveys
from app.store.database import Tx


async def of_surveys(tx: Tx) -> AsyncIterator[str | None]:
    """One sentence for each survey that does not fit, and None after each."""
    async for survey, stored_hash, told, is_erased in surveys.every(tx):
        if survey.hash != stored_hash and not is_erased:
            yield f"survey of claim {survey.claim_id}: the answers are not what their hash tells"
        elif told is None or json_text.load(told)["survey"]["hash"] != stored_hash:
            yield f"survey of claim {survey.claim_id}: the hash is not what its event tells"
        yield None
