"""Accounts for refunds: when the buyer is asked, who sees the number, and when it is forgotten."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from cryptography.fernet import Fernet

from app.encryption import Encryption
from app.records.api_key import Scope
from app.records.refund_account import masked
from tests.api.claims import history
from tests.api.refund_scenes import ACCOUNT
from tests.api.scenes import database_of
from tests.api.test_refund_parts import VIRTUAL_ACCOUNT
from tests.api.test_refunds import owe_refund, report
from tests.messages.publishing import publish_all
from tests.store.rows import run
from tests.storefront import Storefront, storefront

NUMBER = "110-123-456789"
Body = dict[str, Any]


async def put(shop: Storefront, claim: Body, **changes: Any) -> httpx.Response:
    return await shop.put(f"/v1/claims/{claim['claim_id']}/refund-account", {**ACCOUNT, **changes})


async def types(shop: Storefront, claim: Body) -> list[str]:
    return [event["type"] for event in await history(shop, claim)]


async def test_the_buyer_is_asked_and_the_payer_reads_the_account_until_it_is_paid(shop: Storefront) -> None:
    claim, refund = await owe_refund(shop, payments=VIRTUAL_ACCOUNT)
    assert (await types(shop, claim))[-2:] == ["refund.created", "claim.refund_account_requested"]
    path, in_full = f"/v1/claims/{claim['claim_id']}/refund-account", f"/v1/refunds/{refund['refund_id']}/account"
    asked = (await shop.get(path)).json()
    assert (asked["asked_at"], asked["bank"], asked["masked_number"]) == ("2026-06-08T03:00:00Z", None, None)
    assert (await shop.get(in_full)).status_code == 404
    named = await put(shop, claim)
    assert (named.status_code, named.json()["masked_number"]) == (200, "********6789")
    assert (await shop.get(path)).json() == named.json()
    revealed = await shop.get(in_full)
    assert revealed.json() == {**ACCOUNT, "branch": None, "account_type": None}
    assert revealed.headers["Cache-Control"] == "no-store"
    await report(shop, refund, "succeeded", method="bank_transfer")
    assert (await shop.get(in_full)).json()["code"] == "refund_account_not_needed"
    erased = (await shop.get(path)).json()
    assert (erased["masked_number"], erased["erased_at"]) == ("********6789", "2026-06-08T03:00:00Z")


async def test_an_account_is_erased_when_the_bank_has_paid_the_refund_instead(shop: Storefront) -> None:
    claim, refund = await owe_refund(shop, payments=VIRTUAL_ACCOUNT)
    await put(shop, claim)
    payment = VIRTUAL_ACCOUNT[0]
    taken = {"reversal_id": "dp_1", "kind": "chargeback", "amount": payment["amount"]}
    path = f"/v1/orders/{claim['order_id']}/payments/{payment['payment_id']}/reversals"
    assert (await shop.post(path, taken)).status_code == 200
    assert (await shop.get(f"/v1/refunds/{refund['refund_id']}")).json()["status"] == "voided"
    assert (await shop.get(f"/v1/refunds/{refund['refund_id']}/account")).json()["code"] == "refund_account_not_needed"
    erased = (await shop.get(f"/v1/claims/{claim['claim_id']}/refund-account")).json()
    assert erased["erased_at"] == "2026-06-08T03:00:00Z"


async def test_an_account_that_came_with_the_claim_is_not_asked_for(shop: Storefront) -> None:
    await shop.push_order(payments=VIRTUAL_ACCOUNT)
    claim = await shop.claim("cancel")
    assert (await put(shop, claim)).status_code == 200
    await shop.give(claim, "approve")
    assert "claim.refund_account_requested" not in await types(shop, claim)


async def test_money_that_goes_back_to_its_payment_takes_no_account(shop: Storefront) -> None:
    claim, refund = await owe_refund(shop)
    assert "claim.refund_account_requested" not in await types(shop, claim)
    ask = f"/v1/claims/{claim['claim_id']}/refund-account/request"
    for answer in (await put(shop, claim), await shop.post(ask)):
        assert (answer.status_code, answer.json()["code"]) == (409, "refund_account_not_needed")
    await report(shop, refund, "failed", failure="card closed")
    assert (await shop.post(ask)).status_code == 200
    assert (await put(shop, claim)).status_code == 200
    assert (await types(shop, claim))[-2:] == ["claim.refund_account_requested", "claim.refund_account_set"]


async def test_the_number_is_nowhere_in_clear(shop: Storefront, database_url: str) -> None:
    claim, _ = await owe_refund(shop, payments=VIRTUAL_ACCOUNT)
    await put(shop, claim)
    await publish_all(database_of(shop), shop.merchant_id)
    rows = await run(database_url, _all_rows)
    assert "********6789" in rows
    for secret in (NUMBER, NUMBER.replace("-", ""), ACCOUNT["holder"]):
        assert secret not in rows


def _all_rows(connection: Any) -> str:
    tables = ("refund_accounts", "claim_events", "feed", "messages", "idempotency_keys", "outbox")
    return "".join(str(connection.exec_driver_sql(f"SELECT * FROM {table}").all()) for table in tables)


async def test_the_question_and_the_answer_are_messages(shop: Storefront) -> None:
    claim, _ = await owe_refund(shop, payments=VIRTUAL_ACCOUNT)
    await put(shop, claim)
    await publish_all(database_of(shop), shop.merchant_id)
    messages = (await shop.get(f"/v1/claims/{claim['claim_id']}/messages")).json()["data"]
    texts = {message["event"]: (message["audience"], message["text"]) for message in messages}
    audience, question = texts["claim.refund_account_requested"]
    assert (audience, "12,000" in question) == ("buyer", True)
    audience, answer = texts["claim.refund_account_set"]
    assert (audience, "********6789" in answer, NUMBER in answer) == ("seller", True, False)


async def test_without_a_key_no_account_is_taken(database_url: str) -> None:
    async with storefront(database_url, encryption_keys="") as shop:
        claim, _ = await owe_refund(shop, payments=VIRTUAL_ACCOUNT)
        answer = await put(shop, claim)
        assert (answer.status_code, answer.json()["code"]) == (503, "encryption_not_configured")


async def test_without_the_key_of_an_account_the_payer_is_told_what_is_missing(database_url: str) -> None:
    async with storefront(database_url, encryption_keys=Fernet.generate_key().decode()) as shop:
        claim, refund = await owe_refund(shop, payments=VIRTUAL_ACCOUNT)
        assert (await put(shop, claim)).status_code == 200
        for keys in ((), (Fernet.generate_key().decode(),)):
            state = shop.http._transport.app.state  # type: ignore[attr-defined] # in these tests
            state.app_state = replace(state.app_state, encryption=Encryption(keys))
            answer = await shop.get(f"/v1/refunds/{refund['refund_id']}/account")
            assert (answer.status_code, answer.json()["code"]) == (503, "encryption_not_configured")


@pytest.mark.parametrize("scopes", [{Scope.REFUNDS_READ}, {Scope.CLAIMS_READ, Scope.CLAIMS_WRITE}])
async def test_only_a_payer_reads_the_number(sqlite_url: str, scopes: set[Scope]) -> None:
    async with storefront(sqlite_url, scopes=frozenset(scopes)) as shop:
        assert (await shop.get("/v1/refunds/none/account")).status_code == 403


@pytest.mark.parametrize(
    ("number", "shown"),
    [("110-123-456789", "********6789"), ("DE89 3704 0044", "********0044"), ("123456", "***456"), ("1234", "**34")],
)
def test_a_number_shows_its_last_characters(number: str, shown: str) -> None:
    assert masked(number) == shown
