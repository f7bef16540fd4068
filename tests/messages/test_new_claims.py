"""A claim that ended because the goods did not come says until when it can be made again, if it can."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.engine.model.vocabulary import Kind, Reason
from app.messages.built_in import built_in
from app.messages.message_rules import Audience
from app.messages.new_claims import of_new_claim
from app.messages.render import render
from tests.engine.commands import APPROVE, EXPIRE, request
from tests.engine.orders import NOW, POLICY, delivered_line, order
from tests.engine.story import Story, full_refund, given, wait_until
from tests.messages.corpus import Standing

LAPSING = replace(POLICY, collect_lapses=True)
TOO_LATE = NOW + timedelta(days=15)


def expired(reason: Reason, kind: Kind = Kind.RETURN, lapses: bool = True) -> Story:
    bought = given(order(delivered_line()), policy=LAPSING if lapses else POLICY)
    return bought.when(request(kind, reason), APPROVE, wait_until(TOO_LATE), EXPIRE)


def until(story: Story) -> str | None:
    day = of_new_claim(story.claim, story.facts).get("request_again_until")
    return day and day.isoformat()


@pytest.mark.parametrize(("kind", "last"), [(Kind.RETURN, "2026-07-10"), (Kind.EXCHANGE, "2026-12-10")])
def test_a_right_that_remains_has_its_last_day(kind: Kind, last: str) -> None:
    """The defect was known on 10 June at the latest: 30 days for a return, and six months for an exchange."""
    assert until(expired(Reason.NOT_AS_DESCRIBED, kind)) == last


def test_a_right_that_has_ended_has_no_day() -> None:
    assert until(expired(Reason.CHANGE_OF_MIND)) is None


def test_goods_that_are_in_another_claim_cannot_be_claimed_again() -> None:
    first = expired(Reason.NOT_AS_DESCRIBED)
    second = first.when(*full_refund(Kind.RETURN, claim_id="second")).with_claim(first.claim)
    assert until(second) is None


def test_a_claim_that_goes_on_with_late_goods_needs_no_new_one() -> None:
    assert until(expired(Reason.NOT_AS_DESCRIBED, lapses=False)) is None


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("ko", "7월 10일(금)까지 다시 요청하실 수 있습니다."),
        ("ja", "7月10日（金）まで、あらためてお申し出いただけます。"),
        ("en", "You can ask again until Friday 10 July 2026."),
        ("de", "Sie können sich dazu bis Freitag, 10. Juli 2026 erneut an uns wenden."),
        ("fr", "Vous pouvez refaire votre démarche jusqu’au vendredi 10 juillet 2026."),
    ],
)
def test_the_buyer_reads_until_when_the_request_can_be_made_again(language: str, sentence: str) -> None:
    for reason, expected in ((Reason.NOT_AS_DESCRIBED, True), (Reason.CHANGE_OF_MIND, False)):
        story = expired(reason)
        case = Standing(story.claim, story.facts, {}).case("it expired", "claim.expired")
        source = built_in("claim.expired", Audience.BUYER, language)
        text = render(source, "claim.expired", language, case.scene.variables(language)).text
        assert (sentence in text) is expected
