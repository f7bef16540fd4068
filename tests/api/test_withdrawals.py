"""A buyer withdraws from a contract: on record at once, matched later, and judged as every claim."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from app.messages.translations import MESSAGE_LANGUAGES
from app.messages.withdrawal_receipt import receipt_words
from app.store.database import Database
from tests.storefront import Storefront
from tests.withdrawals import DECLARATION, IN_GERMANY, claims_of, declare, looked_at, publish


async def test_goods_that_were_not_shipped_are_cancelled_and_shipped_goods_are_returned(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(**IN_GERMANY)
    await shop.ship(lines=[{"line_id": "1", "quantity": 1}])
    declared_at = shop.clock().isoformat()
    withdrawal = await declare(shop)
    shop.clock.turn(hours=2)
    matched = await looked_at(shop, database, withdrawal)
    assert (matched["status"], matched["order_id"], matched["refusals"]) == ("matched", "order-1", [])
    cancel, back = await claims_of(shop, matched)
    for claim, kind in ((cancel, "cancel"), (back, "return")):
        assert (claim["kind"], claim["reason"], claim["fault"]) == (kind, "change_of_mind", "buyer")
        assert claim["lines"][0]["quantity"] == 1
        assert claim["assessment"]["verdict"] == "eligible"
        assert claim["requested_at"] == withdrawal["declared_at"] == _utc(declared_at)


async def test_a_withdrawal_approves_nothing_and_counts_from_its_declaration(
    shop: Storefront, database: Database
) -> None:
    """The window is open at the declaration, and over when the shop hands it in."""
    await shop.push_order(**IN_GERMANY)
    await shop.ship()
    shop.clock.turn(days=13)
    declared_at = shop.clock().isoformat()
    shop.clock.turn(days=20)
    withdrawal = await declare(shop, declared_at=declared_at)
    (claim,) = await claims_of(shop, await looked_at(shop, database, withdrawal))
    assert (claim["state"], claim["assessment"]["verdict"]) == ("requested", "eligible")


async def test_a_withdrawal_after_the_window_is_on_record_and_waits_for_the_seller_with_its_grounds(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(**IN_GERMANY)
    await shop.ship()
    shop.clock.turn(days=40)
    matched = await looked_at(shop, database, await declare(shop))
    (claim,) = await claims_of(shop, matched)
    assert (claim["state"], claim["assessment"]["verdict"]) == ("requested", "ineligible")
    assert [finding["ground"] for finding in claim["assessment"]["findings"]] == ["window_closed"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"order_number": "no such order"},
        {"email": "somebody@else.example"},
        {"order_number": "order-2"},
    ],
    ids=["an order", "no order", "the address of somebody else", "the order of somebody else"],
)
async def test_the_answer_does_not_tell_whether_an_order_exists(
    shop: Storefront, database: Database, changes: dict[str, str]
) -> None:
    await shop.push_order(**IN_GERMANY)
    await shop.push_order("order-2", **{**IN_GERMANY, "buyer": {"email": "max@example.com"}})
    withdrawal = await declare(shop, **changes)
    own = {"withdrawal_id", "hash", "order_number", "email"}
    assert {name: value for name, value in withdrawal.items() if name not in own} == {
        "lines": [],
        "language": "de",
        "channel": "api",
        "declared_at": _utc(shop.clock().isoformat()),
        "received_at": _utc(shop.clock().isoformat()),
        "status": "received",
        "order_id": None,
        "claim_ids": [],
        "refusals": [],
        "repeats": None,
        "decided_at": None,
        "name": "Lena Vogt",
        "goods": None,
        "text": None,
        "decided_by": None,
        "closing_reason": None,
    }
    (event,) = await publish(shop, database)
    (message,) = event["data"]["messages"]
    assert (message["audience"], message["language"], message["order_id"]) == ("buyer", "de", None)
    assert message["subject"].endswith("Eingangsbestätigung Ihres Widerrufs")
    for part in (withdrawal["order_number"], withdrawal["hash"], "Eingang: Montag, 8. Juni 2026, 12:00"):
        assert part in message["text"]
    assert "Erklärt" not in message["text"]


async def test_the_acknowledgement_tells_when_it_was_declared_and_when_it_was_received_with_the_time_zone(
    shop: Storefront, database: Database
) -> None:
    """The shop is in Seoul, where the last day of a buyer in Berlin is over before its end."""
    shop.clock.turn(hours=21, seconds=5)
    for language in MESSAGE_LANGUAGES:
        await declare(shop, language=language, order_number=language, declared_at="2026-06-08T23:30:00+02:00")
    messages = [message for event in await publish(shop, database) for message in event["data"]["messages"]]
    assert {message["language"] for message in messages} == set(MESSAGE_LANGUAGES)
    for message in messages:
        words = receipt_words(message["language"])
        declared, received = (rf"{words[name]}\s?[:：].*" for name in ("declared_at", "received_at"))
        zone = r", Asia/Seoul, UTC\+09:00\)\n"
        assert re.search(rf"\n\n{declared}06:30:00{zone}{received}09:00:05{zone}", message["text"]), message["text"]


async def test_a_withdrawal_that_fits_no_order_waits_until_the_seller_matches_it(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(**IN_GERMANY)
    waiting = await looked_at(shop, database, await declare(shop, order_number="Bestellung 1"))
    assert waiting["status"] == "unmatched"
    assert await queue(shop, matched="false") == [waiting["withdrawal_id"]]
    answer = await shop.post(
        f"/v1/withdrawals/{waiting['withdrawal_id']}/match", {"order_id": "order-1", "actor": "Jana"}
    )
    matched = answer.json()
    assert (answer.status_code, matched["status"], matched["decided_by"]) == (200, "matched", "Jana")
    (claim,) = await claims_of(shop, matched)
    assert (claim["kind"], claim["requested_at"]) == ("cancel", waiting["declared_at"])
    assert await queue(shop, matched="false") == []
    assert await queue(shop, matched="true") == await queue(shop, order_id="order-1") == [waiting["withdrawal_id"]]
    again = await shop.post(f"/v1/withdrawals/{waiting['withdrawal_id']}/match", {"order_id": "order-1"})
    assert (again.status_code, again.json()["code"]) == (409, "withdrawal_matched")


async def test_a_withdrawal_that_is_not_the_shops_is_closed_with_a_reason(shop: Storefront, database: Database) -> None:
    waiting = await looked_at(shop, database, await declare(shop))
    path = f"/v1/withdrawals/{waiting['withdrawal_id']}"
    closed = (await shop.post(f"{path}/close", {"reason": "Not an order of ours."})).json()
    assert (closed["status"], closed["closing_reason"]) == ("closed", "Not an order of ours.")
    for command, body in (("close", {"reason": "Again."}), ("match", {"order_id": "order-1"})):
        answer = await shop.post(f"{path}/{command}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "withdrawal_closed")


async def test_the_seller_says_which_lines_the_buyers_words_mean(shop: Storefront, database: Database) -> None:
    """Words about goods are for a person to read, unless the order has one unit only."""
    await shop.push_order(**IN_GERMANY)
    waiting = await looked_at(shop, database, await declare(shop, goods="eine der Tassen"))
    assert waiting["status"] == "unmatched"
    lines = [{"line_id": "1", "quantity": 1}]
    path = f"/v1/withdrawals/{waiting['withdrawal_id']}/match"
    matched = (await shop.post(path, {"order_id": "order-1", "lines": lines})).json()
    (claim,) = await claims_of(shop, matched)
    assert claim["lines"][0]["quantity"] == 1
    await shop.push_order("order-2", **{**IN_GERMANY, "lines": [{**IN_GERMANY["lines"][0], "quantity": 1}]})
    alone = await looked_at(shop, database, await declare(shop, order_number="order-2", goods="die Tasse"))
    assert alone["status"] == "matched"


async def test_lines_that_the_buyer_named_are_withdrawn_and_others_stay(shop: Storefront, database: Database) -> None:
    await shop.push_order(**IN_GERMANY)
    lines = [{"line_id": "1", "quantity": 1}, {"line_id": "7", "quantity": 1}]
    matched = await looked_at(shop, database, await declare(shop, lines=lines))
    (claim,) = await claims_of(shop, matched)
    assert (claim["lines"][0]["quantity"], matched["refusals"]) == (1, ["unknown_line"])


async def test_a_second_identical_declaration_is_on_record_and_makes_no_second_claim(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(**IN_GERMANY)
    first = await looked_at(shop, database, await declare(shop))
    (claim,) = await claims_of(shop, first)
    await shop.give(claim, "reject", {"ground": "duplicate", "message": "Bitte melden Sie sich.", "evidence": ["a"]})
    second = await looked_at(shop, database, await declare(shop, order_number=" #ORDER-1".lower().strip()))
    assert (second["status"], second["repeats"], second["claim_ids"]) == ("matched", first["withdrawal_id"], [])
    events = await publish(shop, database)
    acknowledged = [event["data"]["withdrawal_id"] for event in events if event["type"] == "withdrawal.received"]
    assert acknowledged == [first["withdrawal_id"], second["withdrawal_id"]]


async def test_a_declaration_after_the_buyer_retracted_the_first_counts_again(
    shop: Storefront, database: Database
) -> None:
    """To retract is to take the claim back. It does not end the right to withdraw from the contract."""
    await shop.push_order(**IN_GERMANY)
    first = await looked_at(shop, database, await declare(shop))
    (claim,) = await claims_of(shop, first)
    await shop.give(claim, "retract")
    second = await looked_at(shop, database, await declare(shop))
    assert (second["repeats"], len(second["claim_ids"])) == (None, 1)


async def test_a_second_declaration_withdraws_units_that_another_claim_had_at_the_first(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(**IN_GERMANY)
    other = await shop.claim("cancel")
    first = await looked_at(shop, database, await declare(shop))
    await shop.give(other, "retract")
    second = await looked_at(shop, database, await declare(shop))
    assert (second["repeats"], len(second["claim_ids"])) == (None, 1)
    third = await looked_at(shop, database, await declare(shop))
    assert (third["repeats"], third["claim_ids"]) in [(each["withdrawal_id"], []) for each in (first, second)]


async def test_nothing_is_left_to_withdraw(shop: Storefront, database: Database) -> None:
    await shop.push_order(**IN_GERMANY)
    await shop.claim("cancel", lines=[{"line_id": "1", "quantity": 2}])
    matched = await looked_at(shop, database, await declare(shop))
    assert (matched["status"], matched["claim_ids"], matched["refusals"]) == ("matched", [], ["units_unavailable"])
    told = {event["type"]: event["data"]["messages"] for event in await publish(shop, database)}
    assert [message["audience"] for message in told["withdrawal.matched"]] == ["seller"]


async def test_the_events_tell_the_seller_once_and_have_no_words_of_the_buyer(
    shop: Storefront, database: Database
) -> None:
    await shop.put("/v1/shop", {"name": "Tassenhaus", "contact_email": "help@mug.example", "language": "en"})
    await shop.push_order(**IN_GERMANY)
    await looked_at(shop, database, await declare(shop, text="Danke!"))
    await looked_at(shop, database, await declare(shop, order_number="?1"))
    events = await publish(shop, database)
    told = [(event["type"], [message["audience"] for message in event["data"]["messages"]]) for event in events]
    assert told == [
        ("withdrawal.received", ["buyer"]),
        ("withdrawal.matched", []),  # the claim's own message tells it
        ("withdrawal.received", ["buyer"]),
        ("withdrawal.unmatched", ["seller"]),
    ]
    for event in events:
        assert {"name", "email", "goods", "text"}.isdisjoint(event["data"]["withdrawal"])


async def test_a_report_of_an_earlier_day_needs_the_right_to_decide(shop: Storefront) -> None:
    future = shop.clock().replace(year=2027).isoformat()
    answer = await shop.post("/v1/withdrawals", {**DECLARATION, "declared_at": future})
    assert (answer.status_code, answer.json()["code"]) == (422, "in_future")


async def queue(shop: Storefront, **where: str) -> list[str]:
    answer: dict[str, Any] = (await shop.get("/v1/withdrawals", **where)).json()
    return [withdrawal["withdrawal_id"] for withdrawal in answer["data"]]


def _utc(instant: str) -> str:
    return datetime.fromisoformat(instant).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
