"""Texts of several lines are stored with LF. HTML forms send CR LF."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from app.api.schemas.common import Message, TemplateText
from app.api.schemas.messages import AddClaimContactRequest
from app.api.schemas.metadata import MetadataValue
from app.api.schemas.order_fulfilment import TextForBuyer
from tests.storefront import Storefront

SENT = ("첫 줄\r\n둘째 줄\r\n", "첫 줄\r둘째 줄\r", "첫 줄\n둘째 줄\n")
STORED = "첫 줄\n둘째 줄\n"


@pytest.mark.parametrize("text", SENT)
async def test_every_end_of_a_line_is_stored_as_a_line_feed(sqlite_shop: Storefront, text: str) -> None:
    shop = sqlite_shop
    await shop.push_order(metadata={"memo": text})
    assert (await shop.get("/v1/orders/order-1")).json()["metadata"] == {"memo": STORED}
    claim = await shop.claim("cancel", note=text)
    assert claim["note"] == STORED
    held = await shop.give(claim, "hold", {"reason": "seller_check", "note": text})
    assert held["hold"]["note"] == STORED
    contact = await shop.post(f"/v1/claims/{claim['claim_id']}/contacts", {"kind": "note", "text": text})
    assert contact.json()["text"] == STORED


@pytest.mark.parametrize(
    ("kind", "length"), [(Message, 4000), (TemplateText, 16_000), (MetadataValue, 500), (TextForBuyer, 1000)]
)
def test_every_type_of_text_counts_a_line_break_as_one_character(kind: Any, length: int) -> None:
    adapter = TypeAdapter(kind)
    assert adapter.validate_python("a" + "\r\n" * (length - 1)) == "a" + "\n" * (length - 1)
    for text in ("a" + "\r\n" * length, "a\r\x0bb"):
        with pytest.raises(ValidationError):
            adapter.validate_python(text)


def test_the_text_of_a_contact_counts_in_the_same_way() -> None:
    contact = AddClaimContactRequest.model_validate({"kind": "note", "text": "a" + "\r\n" * 1999})
    assert contact.text == "a" + "\n" * 1999


async def test_a_text_to_the_buyer_has_a_letter_or_a_digit(shop: Storefront) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    body = {"ground": "duplicate", "evidence": ["claim 1"]}
    answer = await shop.post(f"/v1/claims/{claim['claim_id']}/reject", {**body, "message": "-"})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"], error["rule"]) == (422, "message", "no_letter_or_digit")
    for text in ("ㅠㅠ 품절", "売切", "Out of stock", "1"):
        other = await shop.claim("cancel") if text != "1" else claim
        rejected = await shop.give(other, "reject", {**body, "message": text})
        assert rejected["rejection"]["message"] == text
