import pytest

from app.service.verification import Counts, findings
from app.store.database import Database
from tests.store.tampering import tamper, verify
from tests.storefront import Storefront

TAMPERED: dict[str, tuple[list[str], str]] = {
    "an event's data edited": (
        ["UPDATE claim_events SET data = replace(data, '12000', '21000') WHERE {it} AND seq = 2"],
        "the content of event 2 is not what was hashed",
    ),
    "an event's type edited": (
        ["UPDATE claim_events SET type = 'claim.rejected' WHERE {it} AND seq = 2"],
        "the content of event 2 is not what was hashed",
    ),
    "an event's hash edited": (
        ["UPDATE claim_events SET hash = 'f' WHERE {it} AND seq = 5"],
        "the content of event 5 is not what was hashed",
    ),
    "an event's predecessor edited": (
        ["UPDATE claim_events SET previous = 'f' WHERE {it} AND seq = 4"],
        "event 4 does not follow the one before it",
    ),
    "the first event deleted": (["DELETE FROM claim_events WHERE {it} AND seq = 1"], "event 1 is missing"),
    "an event in the middle deleted": (["DELETE FROM claim_events WHERE {it} AND seq = 3"], "event 3 is missing"),
    "an event deleted and the rest moved up": (
        [
            "DELETE FROM claim_events WHERE {it} AND seq = 3",
            "UPDATE claim_events SET seq = 3 WHERE {it} AND seq = 4",
            "UPDATE claim_events SET seq = 4 WHERE {it} AND seq = 5",
        ],
        "event 3 does not follow the one before it",
    ),
    "the last event deleted": (
        ["DELETE FROM claim_events WHERE {it} AND seq = 5"],
        "4 events lead elsewhere than the 5 on record",
    ),
    "the last event deleted, and the count of them edited": (
        ["DELETE FROM claim_events WHERE {it} AND seq = 5", "UPDATE claims SET events = 4 WHERE {it}"],
        "4 events lead elsewhere than the 4 on record",
    ),
    "all events deleted": (
        ["DELETE FROM claim_events WHERE {it}"],
        "0 events lead elsewhere than the 5 on record",
    ),
    "two events swapped": (
        [
            "UPDATE claim_events SET seq = 9 WHERE {it} AND seq = 2",
            "UPDATE claim_events SET seq = 2 WHERE {it} AND seq = 3",
            "UPDATE claim_events SET seq = 3 WHERE {it} AND seq = 9",
        ],
        "event 2 does not follow the one before it",
    ),
    "an event added": (
        [
            (
                "INSERT INTO claim_events SELECT merchant_id, claim_id, 6, 'e6', type, at, data, hash, 'f'"
                " FROM claim_events WHERE {it} AND seq = 5"
            )
        ],
        "the content of event 6 is not what was hashed",
    ),
    "the head edited": (
        ["UPDATE claims SET head = 'f' WHERE {it}"],
        "5 events lead elsewhere than the 5 on record",
    ),
}


async def refund_claim(shop: Storefront, order: str) -> str:
    """A claim with five events; its id."""
    await shop.push_order(order)
    claim = await shop.give(await shop.claim("cancel", order_id=order), "approve")
    (refund,) = await shop.refunds_of(claim)
    await shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded")
    return str(claim["claim_id"])


async def change(url: str, claim: str, statements: list[str]) -> None:
    await tamper(url, [statement.format(it=f"claim_id = '{claim}'") for statement in statements])


async def test_unchanged_histories_are_sound(shop: Storefront, database_url: str) -> None:
    for number in range(3):
        await refund_claim(shop, f"order-{number}")
    result = await verify(database_url)
    assert (result.exit_code, result.stdout) == (0, "3 claims, 15 events: every history is as written.\n")


async def test_a_shop_without_claims_has_sound_histories(shop: Storefront, database_url: str) -> None:
    await shop.push_order()
    assert (await verify(database_url)).exit_code == 0


@pytest.mark.parametrize("how", TAMPERED)
async def test_a_changed_history_is_reported(shop: Storefront, database_url: str, how: str) -> None:
    claims = [await refund_claim(shop, f"order-{number}") for number in range(3)]
    statements, sentence = TAMPERED[how]
    await change(database_url, claims[1], statements)
    result = await verify(database_url)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (1, f"claim {claims[1]}: {sentence}")


async def test_a_claim_that_moves_while_histories_are_verified_is_sound(shop: Storefront, database_url: str) -> None:
    """The first claim is broken, so that the verification stops there, and the second can move on."""
    broken = await refund_claim(shop, "order-1")
    await change(database_url, broken, ["UPDATE claims SET head = 'f' WHERE {it}"])
    shop.clock.turn(hours=1)  # ids are sorted by time
    await shop.push_order("order-2")
    moving = await shop.claim("cancel", order_id="order-2")
    database, reported = Database(database_url), []
    async with database.snapshot() as tx:
        async for sentence in findings(tx, Counts()):
            reported += [sentence.split(":")[0]] if sentence else []
            assert (await shop.post(f"/v1/claims/{moving['claim_id']}/approve", key="once")).is_success
    await database.close()
    assert reported == [f"claim {broken}"]
