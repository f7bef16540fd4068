"""The options of an order say what a request then gets, and store nothing."""

from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine.model.vocabulary import Kind, Reason
from app.engine.options import REASONS
from tests.api.test_quotes import orders, prepare
from tests.api.walks import ONE
from tests.storefront import ORDER, Storefront

SAME = ("kind", "fault", "assessment", "amounts", "still_owed", "deadlines", "following")
"""The fields that an outcome has in common with a quote."""


async def options_of(shop: Storefront, order_id: str = "order-1", **query: Any) -> dict[str, Any]:
    answer = await shop.get(f"/v1/orders/{order_id}/options", **query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def option(options: dict[str, Any], kind: str, line: int = 0) -> dict[str, Any]:
    return next(each for each in options["lines"][line]["options"] if each["kind"] == kind)


def outcome(option: dict[str, Any], reason: str) -> dict[str, Any]:
    return next(each for each in option["outcomes"] if reason in each["reasons"])


async def test_before_shipping_an_order_can_be_cancelled_and_nothing_else(shop: Storefront) -> None:
    await shop.push_order()
    options = await options_of(shop)
    possible = [each["kind"] for each in options["lines"][0]["options"] if each["possible"]]
    assert possible == ["cancel"]
    refused = option(options, "return")
    assert [each["code"] for each in refused["refusals"]] == ["not_shipped"]
    assert refused["outcomes"] == []


async def test_goods_that_have_left_can_come_back_and_their_cancellation_is_not_possible(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    options = await options_of(shop)
    possible = [each["kind"] for each in options["lines"][0]["options"] if each["possible"]]
    assert possible == ["return", "exchange", "refund", "repair"]
    cancelled = option(options, "cancel")
    grounds = {ground["ground"] for each in cancelled["outcomes"] for ground in each["grounds"]}
    assert (cancelled["refusals"], grounds) == ([], {"already_shipped"})


async def test_each_kind_counts_the_units_that_it_can_have(shop: Storefront) -> None:
    await shop.push_order(lines=[{**ORDER["lines"][0], "quantity": 5}])
    await shop.ship(lines=[{**ONE, "quantity": 3}])
    await shop.claim("return", lines=[ONE])
    await shop.claim("cancel", lines=[ONE])
    options = await options_of(shop)
    quantities = {each["kind"]: each["quantity"] for each in options["lines"][0]["options"]}
    assert quantities == {"cancel": 1, "return": 2, "exchange": 2, "refund": 2, "repair": 2}


async def test_a_delivered_line_says_until_when_what_comes_back_and_at_what_cost(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    returned = option(await options_of(shop), "return")
    own, faulty = outcome(returned, "change_of_mind"), outcome(returned, "defective")
    assert own["assessment"]["window"]["ends_on"] == "2026-06-15"
    assert own["assessment"]["window"]["closes_at"] == "2026-06-15T15:00:00Z"
    assert (own["amounts"]["total"], faulty["amounts"]["total"]) == (21000, 27000)


async def test_a_closed_window_has_its_article_and_its_name_in_the_language_asked_for(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    shop.clock.turn(days=20)
    answer = await shop.http.get(
        "/v1/orders/order-1/options", headers={"Authorization": f"Bearer {shop.token}", "Accept-Language": "ko"}
    )
    assert answer.headers["Content-Language"] == "ko"
    (ground,) = outcome(option(answer.json(), "return"), "change_of_mind")["grounds"]
    assert (ground["ground"], ground["detail"]) == ("window_closed", "요청 기간 경과")
    assert "17" in ground["citation"]


async def test_units_of_a_claim_cannot_be_claimed_again_and_the_claim_says_whose_turn_it_is(shop: Storefront) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel", lines=[{**ONE, "quantity": 2}])
    options = await options_of(shop)
    (line,) = options["lines"]
    assert line["available"] == 0
    assert [each["code"] for each in option(options, "cancel")["refusals"]] == ["units_unavailable"]
    (opened,) = options["open_claims"]
    assert (opened["claim_id"], opened["state"]) == (claim["claim_id"], claim["state"])
    assert (opened["turn"], opened["turn_ends_by"]) == (claim["turn"], claim["turn_ends_by"])
    assert opened["deadlines"] == claim["deadlines"]
    assert opened["next_timeout"]["deadline"] == "respond_by"


async def test_an_open_offer_is_shown_and_an_ended_claim_is_not(shop: Storefront) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    offer = {"alternative": "discount_coupon", "amount": 1000, "message": "쿠폰을 드립니다. 괜찮으실까요?"}
    claim = await shop.give(claim, "offers", offer)
    (opened,) = (await options_of(shop))["open_claims"]
    assert opened["open_offers"] == claim["offers"]
    await shop.give(claim, "retract")
    assert (await options_of(shop))["open_claims"] == []


async def test_options_of_named_lines_have_only_these_lines(shop: Storefront) -> None:
    lines = [{**ORDER["lines"][0], "line_id": str(number), "quantity": 1} for number in range(3)]
    await shop.push_order(lines=lines)
    named = await options_of(shop, line_id=["2", "0"])
    assert [line["line_id"] for line in named["lines"]] == ["0", "2"]
    answer = await shop.get("/v1/orders/order-1/options", line_id="9")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_options_for_one_reason_have_the_kinds_that_can_have_the_reason(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    everything = await options_of(shop, reason=list(Reason))
    (line,) = (await options_of(shop, reason="missing_item"))["lines"]
    assert [each["kind"] for each in line["options"]] == ["return", "exchange", "refund"]
    for each in line["options"]:
        (only,) = each["outcomes"]
        assert only == {**outcome(option(everything, each["kind"]), "missing_item"), "reasons": ["missing_item"]}


async def test_options_without_a_reason_name_each_reason_once_and_the_others_have_their_outcome_by_name(
    shop: Storefront,
) -> None:
    await shop.push_order()
    await shop.ship()
    refund = option(await options_of(shop), "refund")
    judged = [reason for each in refund["outcomes"] for reason in each["reasons"]]
    assert "missing_item" in refund["other_reasons"]
    assert sorted(judged + refund["other_reasons"]) == sorted(REASONS[Kind.REFUND])
    named = option(await options_of(shop, reason=refund["other_reasons"]), "refund")
    assert named["other_reasons"] == []
    assert sorted(reason for each in named["outcomes"] for reason in each["reasons"]) == sorted(refund["other_reasons"])


async def test_an_answer_has_fifty_lines_and_names_the_others(shop: Storefront) -> None:
    lines = [{"line_id": str(number), "quantity": 1, "unit_price": 1000} for number in range(52)]
    await shop.push_order(lines=lines, payments=[{**ORDER["payments"][0], "amount": 55000}])
    options = await options_of(shop, reason="change_of_mind")
    assert (len(options["lines"]), options["more_line_ids"]) == (50, ["50", "51"])
    rest = await options_of(shop, line_id=options["more_line_ids"])
    assert [line["line_id"] for line in rest["lines"]] == ["50", "51"]


async def test_an_unknown_order_has_no_options(shop: Storefront) -> None:
    answer = await shop.get("/v1/orders/nowhere/options")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


NUMBERS = count()


# All examples share one shop; each example has its own order.
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
async def test_what_the_options_say_is_what_a_request_then_gets(shop: Storefront, data: st.DataObject) -> None:
    order_id = f"order-{next(NUMBERS)}"
    await prepare(shop, order_id, data.draw(orders()))
    for _ in range(2):
        options = await options_of(shop, order_id)
        line = data.draw(st.sampled_from(options["lines"]))
        chosen = data.draw(st.sampled_from(line["options"]))
        outcomes = {reason: each for each in chosen["outcomes"] for reason in each["reasons"]}
        reason = data.draw(st.sampled_from(list(outcomes) or ["defective", "change_of_mind", "other"]))
        body = {
            "order_id": order_id,
            "kind": chosen["kind"],
            "reason": reason,
            "lines": [{"line_id": line["line_id"], "quantity": chosen["quantity"]}],
        }
        quote, claim = await shop.post("/v1/claims/quote", body), await shop.post("/v1/claims", body)
        if chosen["refusals"]:
            assert (quote.status_code, claim.status_code) == (409, 409)
            assert chosen["refusals"] == quote.json()["refusals"] == claim.json()["refusals"]
            continue
        assert (quote.status_code, claim.status_code) == (200, 201)
        verdicts = {each["assessment"]["verdict"] for each in outcomes.values()}
        assert chosen["possible"] == (verdicts != {"ineligible"})
        assert {name: outcomes[reason][name] for name in SAME} == {name: quote.json()[name] for name in SAME}
        assert outcomes[reason]["amounts"] == claim.json()["amounts"]
