"""`recourse verify` finds a survey that somebody changed beside the service."""

from dataclasses import replace

import pytest

from app.records.survey import SurveyScore
from app.store import surveys
from app.store.database import Database
from tests.api.buyer.visits import visit
from tests.store.tampering import publish, tamper, verify
from tests.storefront import Storefront

EDITS = {
    "a better score": ("score = 'good'", "the answers are not what their hash tells"),
    "other words": ("text = 'x'", "the answers are not what their hash tells"),
    "no words": ("text = NULL", "the answers are not what their hash tells"),
    "a later instant": ("answered_at = '2027-01-01 00:00:00+00:00'", "the answers are not what their hash tells"),
    "the hash of another score": ("score = 'good', hash = '{hash}'", "the hash is not what its event tells"),
}


@pytest.mark.parametrize("edit", EDITS)
async def test_a_changed_survey_is_found(shop: Storefront, database_url: str, edit: str) -> None:
    await shop.push_order()
    claim = await shop.give(await shop.claim("cancel"), "retract")
    buyer = await visit(shop)
    said = {"score": "bad", "text": "느렸어요."}
    assert (await buyer.post(f"/claims/{claim['claim_id']}/survey", said)).status_code == 201
    await publish(shop.clock, database_url)
    before = await verify(database_url)
    assert before.exit_code == 0, before.output
    change, sentence = EDITS[edit]
    forged = await _hash_of_another_score(shop, database_url, claim["claim_id"])
    await tamper(database_url, [f"UPDATE surveys SET {change.format(hash=forged)}"])
    after = await verify(database_url)
    assert after.exit_code == 1
    assert f"survey of claim {claim['claim_id']}: {sentence}" in after.output


async def _hash_of_another_score(shop: Storefront, database_url: str, claim_id: str) -> str:
    """What somebody would write who knows the salt."""
    database = Database(database_url)
    async with database.read() as tx:
        stored = await surveys.load(tx, shop.merchant_id, claim_id)
    await database.close()
    assert stored
    return replace(stored, score=SurveyScore.GOOD).hash
