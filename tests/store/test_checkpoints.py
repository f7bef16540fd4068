"""A checkpoint that was kept outside finds what leaves no trace inside the database."""

import json
import re
from pathlib import Path

import pytest

from app.webhooks.signature import new_secret, new_signing_key
from tests.store.tampering import publish, recourse, tamper, verify
from tests.storefront import Storefront

SECRET = new_secret().text
SIGNING = new_signing_key()


async def refund(shop: Storefront, order_id: str) -> str:
    """A refunded claim; its id."""
    await shop.push_order(order_id)
    claim = await shop.give(await shop.claim("cancel", order_id=order_id), "approve")
    (owed,) = await shop.refunds_of(claim)
    await shop.post(f"/v1/refunds/{owed['refund_id']}/succeeded")
    return str(claim["claim_id"])


async def make(url: str, file: Path, *arguments: str, key: str = SECRET) -> None:
    result = await recourse(url, "checkpoint", str(file), *arguments, RECOURSE_CHECKPOINT_KEY=key)
    assert result.exit_code == 0, result.output


async def against(url: str, *files: Path, key: str = SECRET) -> tuple[int, str]:
    options = [option for file in files for option in ("--against", str(file))]
    result = await verify(url, *options, RECOURSE_CHECKPOINT_KEY=key)
    return result.exit_code, result.output


@pytest.fixture
async def claim_id(shop: Storefront, database_url: str, tmp_path: Path) -> str:
    """The second of two refunded claims, after a checkpoint of both."""
    await refund(shop, "order-1")
    last = await refund(shop, "order-2")
    await shop.ship("order-1")
    await publish(shop.clock, database_url)
    await make(database_url, tmp_path / "kept.json")
    return last


IT = "claim_id = '{claim}'"
WHOLE_CLAIM = [
    f"DELETE FROM feed WHERE event_id IN (SELECT event_id FROM claim_events WHERE {IT}) OR position > 5",
    f"DELETE FROM refund_parts WHERE refund_id IN (SELECT refund_id FROM refunds WHERE {IT})",
    *(f"DELETE FROM {table} WHERE {IT}" for table in ("refunds", "claim_lines", "claim_events", "claims")),
    "DELETE FROM notices",
    "UPDATE feed_heads SET position = 5",
    "UPDATE orders SET version = 0",
    "UPDATE order_lines SET cancelled = 0 WHERE order_id = 'order-2'",
    "UPDATE payments SET refunded = 0 WHERE order_id = 'order-2'",
]
WITHOUT_A_TRACE: dict[str, tuple[list[str], str]] = {
    "a claim is gone from everywhere": (
        WHOLE_CLAIM,
        r"feed of .*: the positions 1 to 12 are not what the checkpoint of .* tells",
    ),
    "the body of a row of the feed": (
        ["UPDATE feed SET body = replace(body, '12000', '21000') WHERE position = 2"],
        r"feed of .*: the positions 1 to 12 are not",
    ),
    "the data of an event of an order": (
        ["UPDATE notices SET data = replace(data, 'order-1', 'order-9')"],
        r"feed of .*: the positions 1 to 12 are not",
    ),
    "all is gone": (
        [
            *(f"DELETE FROM {table}" for table in ("feed", "refund_parts", "refunds", "claim_lines", "claim_events")),
            *(f"DELETE FROM {table}" for table in ("claims", "notices", "orders", "feed_heads")),
        ],
        r"feed of .*: the checkpoint of .* has it, and it is gone",
    ),
}


@pytest.mark.parametrize("edit", WITHOUT_A_TRACE)
async def test_what_leaves_no_trace_is_found_by_a_checkpoint(
    claim_id: str, database_url: str, tmp_path: Path, edit: str
) -> None:
    statements, sentence = WITHOUT_A_TRACE[edit]
    await tamper(database_url, [statement.format(claim=claim_id) for statement in statements])
    assert (await against(database_url))[0] == 0
    code, output = await against(database_url, tmp_path / "kept.json")
    assert code == 1
    assert re.search(sentence, output), output


async def test_what_came_later_does_not_matter_to_a_checkpoint(
    claim_id: str, shop: Storefront, database_url: str, tmp_path: Path
) -> None:
    await refund(shop, "order-3")
    await publish(shop.clock, database_url)
    await make(database_url, tmp_path / "later.json")
    assert (await against(database_url, tmp_path / "kept.json", tmp_path / "later.json"))[0] == 0


async def test_a_checkpoint_that_goes_on_is_the_same_as_one_from_the_beginning(
    claim_id: str, shop: Storefront, database_url: str, tmp_path: Path
) -> None:
    await refund(shop, "order-3")
    await publish(shop.clock, database_url)
    await make(database_url, tmp_path / "whole.json")
    await make(database_url, tmp_path / "gone-on.json", "--after", str(tmp_path / "kept.json"))
    feeds = [
        json.loads((tmp_path / name).read_text())["checkpoint"]["feeds"] for name in ("whole.json", "gone-on.json")
    ]
    assert feeds[0] == feeds[1] != {}


async def test_a_checkpoint_is_not_made_after_one_that_is_ahead(
    claim_id: str, database_url: str, tmp_path: Path
) -> None:
    await tamper(database_url, ["UPDATE feed_heads SET position = 11"])
    new = tmp_path / "new.json"
    arguments = ("checkpoint", str(new), "--after", str(tmp_path / "kept.json"))
    result = await recourse(database_url, *arguments, RECOURSE_CHECKPOINT_KEY=SECRET)
    assert (result.exit_code, new.exists()) == (1, False)
    assert "has 11 positions, and its last checkpoint 12" in result.output


async def test_a_public_key_verifies_a_checkpoint(claim_id: str, database_url: str, tmp_path: Path) -> None:
    await make(database_url, tmp_path / "signed.json", key=SIGNING.text)
    assert (await against(database_url, tmp_path / "signed.json", key=str(SIGNING.public)))[0] == 0


REFUSED = {
    "an edited checkpoint": ('"position":12', '"position":11', SECRET, "the signature of this checkpoint is not by"),
    "an edited signature": ("v1,", "v1a,", SECRET, "the signature of this checkpoint is not by"),
    "another secret": ("", "", new_secret().text, "the signature of this checkpoint is not by"),
    "another signing key": ("", "", new_signing_key().text, "the signature of this checkpoint is not by"),
    "no key": ("", "", "", "RECOURSE_CHECKPOINT_KEY is not set"),
    "no checkpoint": ('{"checkpoint', '{"other', SECRET, "this is no checkpoint"),
    "a later form": ('"version":1', '"version":2', SECRET, "this checkpoint has version 2"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_checkpoint_that_nobody_with_the_key_has_signed_is_refused(
    claim_id: str, database_url: str, tmp_path: Path, case: str
) -> None:
    before, after, key, sentence = REFUSED[case]
    kept = tmp_path / "kept.json"
    kept.write_text(kept.read_text().replace(before, after, 1) if before else kept.read_text())
    code, output = await against(database_url, kept, key=key)
    assert (code, sentence in output) == (1, True), output


async def test_a_checkpoint_is_never_replaced(claim_id: str, database_url: str, tmp_path: Path) -> None:
    before = (tmp_path / "kept.json").read_bytes()
    arguments = ("checkpoint", str(tmp_path / "kept.json"))
    result = await recourse(database_url, *arguments, RECOURSE_CHECKPOINT_KEY=SECRET)
    assert (result.exit_code, (tmp_path / "kept.json").read_bytes()) == (1, before)


async def test_a_key_that_only_verifies_makes_no_checkpoint(database_url: str, tmp_path: Path) -> None:
    arguments = ("checkpoint", str(tmp_path / "new.json"))
    result = await recourse(database_url, *arguments, RECOURSE_CHECKPOINT_KEY=str(SIGNING.public))
    assert (result.exit_code, "RECOURSE_CHECKPOINT_KEY cannot sign" in result.output) == (1, True)


async def test_a_new_key_signs_and_its_public_key_verifies(claim_id: str, database_url: str, tmp_path: Path) -> None:
    printed = (await recourse(database_url, "secrets", "checkpoint")).output
    private, public = re.findall(r"wh[sp]k_\S+", printed)
    await make(database_url, tmp_path / "signed.json", key=private)
    assert (await against(database_url, tmp_path / "signed.json", key=public))[0] == 0
