"""Messages over HTTP: sent messages, a seller's own templates, previews, contacts, and recipients."""

from typing import Any

import pytest
from fastapi import FastAPI

from app.messages.message_rules import MESSAGE_RULES
from app.messages.translations import MESSAGE_LANGUAGES
from tests.api.claims import history
from tests.messages.publishing import publish_all
from tests.storefront import Storefront

OWN = {"event": "claim.rejected", "audience": "buyer", "language": "ko"}
PATH = "/v1/message-templates/claim.rejected/buyer/ko"
GOOD = "{{ shop }} 안내\n\n{{ order_id }}: {% if ground %}{{ ground|ground }}{% endif %}"


async def override(shop: Storefront, text: str, **changes: str) -> Any:
    return await shop.post("/v1/message-templates", {**OWN, **changes, "text": text})


# Templates


async def test_every_template_is_listed_and_can_be_narrowed(sqlite_shop: Storefront) -> None:
    templates = (await sqlite_shop.get("/v1/message-templates")).json()["data"]
    assert len(templates) == sum(len(row.to) for row in MESSAGE_RULES.values()) * len(MESSAGE_LANGUAGES)
    assert {template["version"] for template in templates} == {None}
    filtered = (await sqlite_shop.get("/v1/message-templates", event="claim.requested", language="ja")).json()["data"]
    assert [template["audience"] for template in filtered] == ["buyer", "seller"]


async def test_a_template_of_ones_own_is_in_force_until_it_is_withdrawn(shop: Storefront) -> None:
    built_in = (await shop.get(PATH)).json()
    answer = await override(shop, GOOD)
    assert (answer.status_code, answer.json()["version"], answer.headers["location"]) == (201, 1, PATH)
    assert (await shop.get(PATH)).json()["text"] == GOOD
    assert (await override(shop, f"{GOOD}!")).json()["version"] == 2
    reset = await shop.delete(PATH)
    assert (reset.status_code, reset.json()["version"], reset.json()["text"]) == (200, None, built_in["text"])
    assert (await shop.delete(PATH)).json() == reset.json()
    assert (await override(shop, GOOD)).json()["version"] == 4  # version 3 is the reset: versions are never deleted
    other = (await shop.get(PATH.replace("/ko", "/ja"))).json()
    assert other["version"] is None


@pytest.mark.parametrize(
    ("text", "rule", "message"),
    [
        ("제목\n\n{{ nobody }}", "undefined_variable", "Line 3: 'nobody' is undefined"),
        (
            "제목\n{{ order_id }}\n{{ message }}",
            "undefined_variable",
            "Line 3: Not every message of this event has message.",
        ),
        ("제목\n{{ refund_amount|money }}", "undefined_variable", "Line 2: 'refund_amount' is undefined"),
        ("제목\n{% if %}", "template_syntax", "Line 2: "),
        ("제목\n{{ shop.__class__ }}", "not_in_templates", "Line 2: "),
        ("제목", "message_is_empty", ""),
    ],
)
async def test_a_template_that_would_fail_is_refused_with_the_variable_and_the_line(
    sqlite_shop: Storefront, text: str, rule: str, message: str
) -> None:
    for answer in (
        await override(sqlite_shop, text),
        await sqlite_shop.post("/v1/messages/preview", {**OWN, "text": text}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, rule)
        (error,) = answer.json()["errors"]
        assert (error["field"], error["rule"]) == ("text", rule)
        assert error["message"].startswith(message)
    assert (await sqlite_shop.get(PATH)).json()["version"] is None


async def test_a_template_says_which_variables_it_has(sqlite_shop: Storefront) -> None:
    always = {variable["name"]: variable["always"] for variable in (await sqlite_shop.get(PATH)).json()["variables"]}
    assert always["order_id"]
    assert always["ground"] is False
    assert always.keys() == MESSAGE_RULES["claim.rejected"].names


async def test_a_template_of_a_message_that_nobody_gets_is_refused(sqlite_shop: Storefront) -> None:
    answer = await override(sqlite_shop, GOOD, audience="seller")
    assert (answer.status_code, answer.json()["code"]) == (422, "no_such_message")
    answer = await sqlite_shop.get(PATH.replace("/buyer", "/seller"))
    assert (answer.status_code, answer.json()["code"]) == (422, "no_such_message")


# Previews


async def test_a_preview_shows_a_sample_or_a_claim_and_stores_nothing(shop: Storefront) -> None:
    await shop.put("/v1/shop", {"name": "<b>머그</b>"})
    sample = (await shop.post("/v1/messages/preview", OWN)).json()
    assert sample["subject"].endswith("요청하신 취소가 어려워 안내드립니다")
    await shop.push_order(buyer={"name": "김민지"})
    claim = await shop.claim("cancel")
    preview = (await shop.post("/v1/messages/preview", {**OWN, "claim_id": claim["claim_id"]})).json()
    assert "김민지 고객님" in preview["text"]
    assert "order-1" in preview["text"]
    assert "&lt;b&gt;머그&lt;/b&gt;" in preview["html"]
    assert "<b>" not in preview["html"]
    question = {**OWN, "event": "claim.question_asked", "claim_id": claim["claim_id"], "language": "en"}
    assert "order-1" in (await shop.post("/v1/messages/preview", question)).json()["text"]
    assert (await shop.get(f"/v1/claims/{claim['claim_id']}/messages")).json()["data"] == []
    assert (await shop.post("/v1/messages/preview", {**OWN, "claim_id": "nobody"})).status_code == 404


@pytest.mark.parametrize("event", MESSAGE_RULES)
async def test_every_message_can_be_previewed(sqlite_shop: Storefront, event: str) -> None:
    await sqlite_shop.push_order()
    claim = await sqlite_shop.claim("cancel")
    for audience in MESSAGE_RULES[event].to:
        template = {"event": event, "audience": audience, "language": "en"}
        for claim_field in ({}, {"claim_id": claim["claim_id"]}):
            answer = await sqlite_shop.post("/v1/messages/preview", {**template, **claim_field})
            assert answer.status_code == 200, answer.text


# Contacts


async def add_contact(shop: Storefront, claim: dict[str, Any], kind: str, text: str, **fields: Any) -> Any:
    return await shop.post(f"/v1/claims/{claim['claim_id']}/contacts", {"kind": kind, "text": text, **fields})


async def test_a_question_makes_a_claim_wait_and_its_answer_lets_it_go_on(shop: Storefront) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    question = await add_contact(shop, claim, "question", "  왜 취소하시나요?\n<script>", actor="minji")
    assert question.status_code == 201
    assert (question.json()["role"], question.json()["author"]) == ("seller", "minji")
    waiting = (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert waiting["hold"]["reason"] == "buyer_question"
    reply = await add_contact(shop, claim, "answer", "잘못 눌렀어요 </p>", actor="buyer-7")
    assert reply.json()["role"] == "buyer"
    assert (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()["hold"] is None
    events = await history(shop, claim)
    assert [event["type"].removeprefix("claim.") for event in events] == [
        *("requested", "held", "question_asked", "question_answered", "released")
    ]
    assert events[2]["data"]["contact"]["text"] == "  왜 취소하시나요?\n<script>"
    contacts = (await shop.get(f"/v1/claims/{claim['claim_id']}/contacts")).json()["data"]
    assert [contact["text"] for contact in contacts] == ["  왜 취소하시나요?\n<script>", "잘못 눌렀어요 </p>"]


async def test_a_note_publishes_nothing_and_holds_nothing(shop: Storefront) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    note = await add_contact(shop, claim, "note", "단골 손님")
    assert note.status_code == 201
    assert [event["type"] for event in await history(shop, claim)] == ["claim.requested"]
    after = (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert (after["hold"], after["version"]) == (None, claim["version"])
    assert len((await shop.get(f"/v1/claims/{claim['claim_id']}/contacts")).json()["data"]) == 1


async def test_an_answer_needs_a_question(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    claim = await sqlite_shop.claim("cancel")
    answer = await add_contact(sqlite_shop, claim, "answer", "네")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_asked")
    assert (await sqlite_shop.get(f"/v1/claims/{claim['claim_id']}/contacts")).json()["data"] == []


async def test_a_claim_that_waits_for_something_else_goes_on_waiting_for_that(sqlite_shop: Storefront) -> None:
    shop = sqlite_shop
    await shop.push_order()
    claim = await shop.claim("cancel")
    await shop.give(claim, "hold", {"reason": "seller_check"})
    assert (await add_contact(shop, claim, "question", "왜요?")).status_code == 201
    assert (await add_contact(shop, claim, "answer", "그냥요")).status_code == 201
    after = (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert after["hold"]["reason"] == "seller_check"


async def test_a_claim_that_cannot_wait_is_not_asked_about(sqlite_shop: Storefront) -> None:
    shop = sqlite_shop
    await shop.push_order()
    claim = await shop.give(await shop.claim("cancel"), "retract", {})
    refusal = await add_contact(shop, claim, "question", "왜요?")
    assert (refusal.status_code, refusal.json()["code"]) == (409, "illegal_transition")
    assert [event["type"] for event in await history(shop, claim)] == ["claim.requested", "claim.retracted"]


async def test_contacts_come_in_pages(sqlite_shop: Storefront) -> None:
    shop = sqlite_shop
    await shop.push_order()
    claim = await shop.claim("cancel")
    for number in range(5):
        await add_contact(shop, claim, "note", str(number))
    path = f"/v1/claims/{claim['claim_id']}/contacts"
    first = (await shop.get(path, limit=3)).json()
    rest = (await shop.get(path, limit=3, cursor=first["next_cursor"])).json()
    assert [contact["text"] for contact in (*first["data"], *rest["data"])] == ["0", "1", "2", "3", "4"]
    assert rest["next_cursor"] is None


# Recipients


async def test_a_shop_says_who_it_is(shop: Storefront) -> None:
    assert (await shop.get("/v1/shop")).json() == {
        "merchant_id": shop.merchant_id,
        "name": "shop",
        "contact_email": None,
        "language": None,
        "bounced_at": None,
        "bounce": None,
        "names": {},
        "postal_address": None,
        "phone": None,
        "hours": {},
        "chat_url": None,
        "return_addresses": [],
        "ways_to_pay": [],
        "theme": {"accent": None, "band": None, "logo": None},
        "origins": [],
        "surveys": True,
    }
    body = {"name": "머그 가게", "contact_email": "help@mug.example", "language": "ja"}
    assert (await shop.put("/v1/shop", body)).status_code == 200
    stored = (await shop.get("/v1/shop")).json()
    assert {name: stored[name] for name in body} == body
    await shop.put("/v1/shop", {"name": "머그"})
    assert (await shop.get("/v1/shop")).json()["contact_email"] is None


async def test_a_buyer_is_named_with_the_order_and_in_nothing_else(shop: Storefront) -> None:
    buyer = {"email": "mina@example.com", "language": "ja", "name": "김미나"}
    pushed = await shop.push_order(buyer=buyer)
    stored = (await shop.get("/v1/orders/order-1/buyer")).json()
    assert {name: stored[name] for name in buyer} == buyer
    claim = await shop.claim("cancel")
    answers = [pushed, claim, await history(shop, claim), (await shop.get("/v1/orders")).json()]
    assert "mina@example.com" not in str(answers)
    await shop.push_order()  # without a buyer: the stored buyer stays
    assert (await shop.get("/v1/orders/order-1/buyer")).json()["email"] == "mina@example.com"
    await shop.push_order(buyer={})  # an empty buyer deletes the stored buyer
    assert (await shop.get("/v1/orders/order-1/buyer")).json()["email"] is None


async def test_an_order_without_a_buyer_has_an_empty_buyer_and_an_unknown_order_has_none(
    sqlite_shop: Storefront,
) -> None:
    await sqlite_shop.push_order()
    assert (await sqlite_shop.get("/v1/orders/order-1/buyer")).json()["email"] is None
    assert (await sqlite_shop.get("/v1/orders/nowhere/buyer")).status_code == 404
    for path in ("/v1/orders/nowhere/messages", "/v1/claims/nobody/messages", "/v1/claims/nobody/contacts"):
        assert (await sqlite_shop.get(path)).status_code == 404


async def test_messages_come_in_pages_in_the_order_of_their_events(shop: Storefront, service: FastAPI) -> None:
    await shop.push_order()
    claim = await shop.give(await shop.claim("cancel"), "approve", {})
    await publish_all(service.state.app_state.database, shop.merchant_id)
    path = f"/v1/claims/{claim['claim_id']}/messages"
    rows: list[tuple[str, str]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await shop.get(path, limit=1, **cursor)).json()
        rows += [(message["event"], message["audience"]) for message in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert rows == [
        ("claim.requested", "buyer"),
        ("claim.approved", "buyer"),
    ]
