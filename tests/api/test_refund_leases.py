"""One payer at a time works on a refund, and a report can name the version that it is about."""

import pytest

from tests.api.test_refunds import owe_refund, refusal, report, reread
from tests.storefront import Storefront

IN_PROGRESS = ("refund_in_progress", None)


async def test_a_second_payer_waits_for_the_end_of_the_lease_of_the_first(shop: Storefront) -> None:
    _, refund = await owe_refund(shop)
    begun = await report(shop, refund, "processing", payer="payer-1", lease_minutes=30)
    assert (begun["payer"], begun["lease_ends_at"], begun["attempts"]) == ("payer-1", "2026-06-08T03:30:00Z", 1)
    shop.clock.turn(minutes=29, seconds=59)
    for payer in ("payer-2", None):
        assert await refusal(shop, refund, "processing", payer=payer) == IN_PROGRESS
    assert await refusal(shop, refund, "failed", payer="payer-2") == IN_PROGRESS
    answer = await shop.post(f"/v1/refunds/{refund['refund_id']}/processing")
    assert "payer-1" in answer.json()["detail"]
    shop.clock.turn(seconds=1)
    taken_over = await report(shop, refund, "processing", payer="payer-2")
    assert (taken_over["payer"], taken_over["attempts"]) == ("payer-2", 2)
    paid = await report(shop, refund, "succeeded", payer="payer-2")
    assert (paid["payer"], paid["lease_ends_at"], paid["status"]) == (None, None, "succeeded")


@pytest.mark.parametrize("status", ["processing", "succeeded", "failed", "unknown"])
async def test_a_report_about_an_older_version_changes_nothing(shop: Storefront, status: str) -> None:
    _, refund = await owe_refund(shop)
    path = f"/v1/refunds/{refund['refund_id']}"
    seen = (await shop.get(path)).headers["ETag"]
    await report(shop, refund, "failed")
    stale = await shop.post(f"{path}/{status}", {}, if_match=seen)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    assert stale.json()["params"] == {"resource": "refund", "id": refund["refund_id"], "version": 2, "expected": 1}
    assert (await reread(shop, refund))["version"] == 2
    fresh = await shop.post(f"{path}/{status}", {}, if_match='"2"')
    assert (fresh.status_code, fresh.headers["ETag"]) == (200, f'"{fresh.json()["version"]}"')
