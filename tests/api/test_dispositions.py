"""What becomes of goods after the inspection: changed with a reason, and without money."""

from typing import Any

from tests.api.return_scenes import approved_return, inspected_return
from tests.api.walks import ONE
from tests.storefront import Storefront

SPLIT = [{"disposition": "refurbish", "quantity": 1}, {"disposition": "donate", "quantity": 1}]


async def change(shop: Storefront, claim: dict[str, Any], *units: dict[str, Any], line_id: str = "1") -> Any:
    body = {"line_id": line_id, "units": list(units), "reason": "the handle is loose", "actor": "minji"}
    return await shop.post(f"/v1/claims/{claim['claim_id']}/dispositions", body)


async def test_a_disposition_changes_with_its_history_and_without_money(shop: Storefront) -> None:
    claim = await inspected_return(shop, lines=[{**ONE, "quantity": 2}])
    path = f"/v1/claims/{claim['claim_id']}"
    assert (await shop.get(f"{path}/dispositions")).json() == {
        "lines": [{"line_id": "1", "units": [{"disposition": "restock", "quantity": 2}]}],
        "changes": [],
    }
    refunds = await shop.refunds_of(claim)
    answer = await change(shop, claim, *SPLIT)
    assert answer.status_code == 200, answer.text
    assert answer.json()["lines"] == [{"line_id": "1", "units": SPLIT}]
    shop.clock.turn(days=1)
    later = (await change(shop, claim, {"disposition": "missing", "quantity": 2})).json()
    assert [(each["changed_by"], each["reason"], each["units"]) for each in later["changes"]] == [
        ("minji", "the handle is loose", SPLIT),
        ("minji", "the handle is loose", [{"disposition": "missing", "quantity": 2}]),
    ]
    after = (await shop.get(path)).json()
    assert {name: after[name] for name in ("amounts", "version", "state")} == {
        name: claim[name] for name in ("amounts", "version", "state")
    }
    assert await shop.refunds_of(claim) == refunds
    events = (await shop.get(f"{path}/events")).json()["data"]
    assert [event["type"] for event in events].count("claim.disposition_changed") == 2


async def test_a_disposition_names_the_units_that_the_shop_keeps(shop: Storefront) -> None:
    waiting = await approved_return(shop, "order-2")
    refused = await change(shop, waiting, {"disposition": "later", "quantity": 1})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_inspected")
    claim = await inspected_return(shop)
    for units, line_id, code in (
        ({"disposition": "later", "quantity": 2}, "1", (409, "other_units_kept")),
        ({"disposition": "later", "quantity": 1}, "9", (422, "line_not_in_claim")),
    ):
        refused = await change(shop, claim, units, line_id=line_id)
        assert (refused.status_code, refused.json()["code"]) == code


async def test_the_inspection_takes_every_disposition(shop: Storefront) -> None:
    for number, disposition in enumerate(("refurbish", "donate", "missing", "later")):
        claim = await approved_return(shop, f"order-{number}")
        await shop.give(claim, "receive", {"lines": [ONE]})
        line = {"line_id": "1", "accepted": 1, "disposition": disposition}
        assert (await shop.give(claim, "inspect", {"lines": [line]}))["lines"][0]["disposition"] == disposition
