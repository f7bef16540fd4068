"""What a buyer has agreed to is a record in the claim's history, which nobody can change unnoticed."""

from dataclasses import replace
from typing import Any

import pytest

from app.records.claim_event import break_after
from app.store import events
from app.store.database import Database
from tests.api.claims import history
from tests.storefront import Storefront

CONSENT = {
    "text": "각인 상품은 제작이 시작되면 취소할 수 없다는 안내를 확인했습니다.",
    "version": "2026-05",
    "option": "확인했습니다",
    "agreed_at": "2026-06-05T01:00:00Z",
}


async def test_a_consent_is_in_the_first_event_as_it_was_shown(shop: Storefront) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel", consents=[CONSENT, {"text": "동의합니다.", "agreed_at": CONSENT["agreed_at"]}])
    first = (await history(shop, claim))[0]
    assert first["data"]["command"]["consents"] == [
        CONSENT,
        {"text": "동의합니다.", "agreed_at": CONSENT["agreed_at"], "version": None, "option": None},
    ]


async def test_a_changed_consent_breaks_the_chain(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel", consents=[CONSENT])
    async with database.read() as tx:
        first = (await events.of_claim(tx, shop.merchant_id, claim["claim_id"], after=0, limit=1))[0]
    assert break_after(None, first) is None
    assert break_after(None, replace(first, data=first.data.replace("2026-05", "2026-06"))) is not None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"agreed_at": "2026-06-09T12:00:00+09:00"}, "in_future"),
        ({"text": ""}, "invalid_request"),
        ({"agreed_at": None}, "invalid_request"),
        ({"by": "me"}, "invalid_request"),
    ],
)
async def test_a_consent_without_a_text_or_of_the_future_is_refused(
    shop: Storefront, change: dict[str, Any], code: str
) -> None:
    await shop.push_order()
    answer = await shop.ask("cancel", consents=[{**CONSENT, **change}])
    assert (answer.status_code, answer.json()["code"]) == (422, code)
