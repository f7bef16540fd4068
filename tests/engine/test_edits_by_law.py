"""What a law says of goods that were asked for in time for one reason, when the buyer names another reason later."""

from dataclasses import replace

import pytest

from app.engine.model.assessment import Verdict
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Fault, Kind, Nature, Reason, State
from app.engine.policy.eligibility import assess
from app.engine.policy.rules import AutomaticWhen, AutomationRule
from tests.engine.commands import ONE, edit
from tests.engine.story import Story, wait_until
from tests.engine.under_law import asked, at, bought

MIND, SIZE, BROKEN = Reason.CHANGE_OF_MIND, Reason.SIZE_OR_COLOR, Reason.DEFECTIVE
UNLIKE, WRONG, MISSING = Reason.NOT_AS_DESCRIBED, Reason.WRONG_ITEM, Reason.MISSING_ITEM
SEALED = Nature.HYGIENE


def edited(
    law: str,
    first: tuple[Reason, str],
    later: tuple[Reason, str],
    nature: Nature = Nature.STANDARD,
    known: str | None = None,
) -> Story:
    """A return of goods that came on 8 June 2026: asked for on a day, and for another reason on a later day."""
    (reason, day), (new_reason, new_day) = first, later
    story = asked(law, Kind.RETURN, reason, f"2026-{day}", bought(law, nature, arrived="2026-06-08"), discovered=known)
    wish = edit(ONE, new_reason, discovered_at=story.claim.submission.discovered_at)
    return story.when(wait_until(at(law, f"2026-{new_day}")), wish)


@pytest.mark.parametrize(
    ("law", "first", "later", "nature", "window"),
    [
        ("de", (MIND, "06-21"), (BROKEN, "06-24"), Nature.STANDARD, "eu_withdrawal_any_reason"),
        ("fr", (MIND, "06-22"), (UNLIKE, "07-24"), Nature.STANDARD, "eu_withdrawal_any_reason"),
        ("de", (SIZE, "06-21"), (BROKEN, "06-24"), SEALED, "eu_withdrawal"),
        ("uk", (MIND, "06-22"), (WRONG, "07-24"), SEALED, "uk_cancellation_of_goods"),
        ("jp", (MIND, "06-15"), (BROKEN, "06-24"), Nature.STANDARD, "jp_statutory_return"),
        ("kr", (MIND, "06-15"), (WRONG, "07-11"), Nature.STANDARD, "kr_change_of_mind"),
        ("de", (BROKEN, "06-20"), (MIND, "06-25"), Nature.STANDARD, "eu_withdrawal"),
        ("uk", (BROKEN, "06-20"), (MIND, "06-25"), Nature.STANDARD, "uk_cancellation_of_goods"),
        ("kr", (BROKEN, "06-15"), (MIND, "06-25"), Nature.STANDARD, "kr_change_of_mind"),
        ("tw", (BROKEN, "06-15"), (MIND, "06-25"), Nature.STANDARD, "tw_rescission_without_reason"),
    ],
)
def test_a_withdrawal_in_time_stays_so_whatever_reason_is_named(
    law: str, first: tuple[Reason, str], later: tuple[Reason, str], nature: Nature, window: str
) -> None:
    story = edited(law, first, later, nature)
    assessment = assess(story.claim, story.facts)
    assert (assessment.verdict, assessment.doubts) == (Verdict.ELIGIBLE, ())
    assert assessment.window is not None
    assert assessment.window.rule == window
    assert story.claim.reason is later[0]


def test_the_reason_that_is_named_later_decides_who_pays_the_way_back() -> None:
    story = edited("de", (MIND, "06-21"), (BROKEN, "06-24"))
    assert assess(story.claim, story.facts).return_shipping_payer is Fault.SELLER


def test_a_policy_still_approves_a_withdrawal_whose_buyer_names_a_defect() -> None:
    story = asked("de", Kind.RETURN, MIND, "2026-06-21", bought("de", arrived="2026-06-08"))
    rule = AutomationRule(kinds=frozenset({Kind.RETURN}), when=AutomaticWhen.ALWAYS, citation="ours")
    story = story.under(replace(story.facts.policy, automation=(rule,)))
    story = replace(story, facts=replace(story.facts, now=at("de", "2026-06-24")))
    assert story.when(edit(ONE, BROKEN)).state is State.APPROVED


KNOWN = "2026-06-09"


@pytest.mark.parametrize(
    ("first", "later", "known"),
    [
        ((BROKEN, "07-07"), (WRONG, "07-11"), KNOWN),
        ((BROKEN, "07-07"), (MISSING, "07-11"), KNOWN),
        ((BROKEN, "07-07"), (UNLIKE, "07-11"), KNOWN),
        ((UNLIKE, "07-07"), (BROKEN, "07-11"), KNOWN),
        ((WRONG, "07-07"), (BROKEN, "07-11"), KNOWN),
        ((BROKEN, "06-28"), (WRONG, "07-11"), None),
    ],
)
def test_one_article_is_one_right_for_all_its_reasons(
    first: tuple[Reason, str], later: tuple[Reason, str], known: str | None
) -> None:
    """KR E-Commerce Act 17(3): 30 days from knowing, for goods that are not as promised in whatever way."""
    story = edited("kr", first, later, known=known)
    assessment = assess(story.claim, story.facts)
    assert (assessment.verdict, assessment.doubts) == (Verdict.ELIGIBLE, ())
    assert assessment.window is not None
    assert assessment.window.rule == "kr_sellers_fault"


@pytest.mark.parametrize(
    ("law", "first"), [("kr", "06-16"), ("de", "06-23")], ids=["after seven days", "after fourteen days"]
)
def test_a_defect_that_is_claimed_after_the_withdrawal_has_ended_does_not_bring_it_back(law: str, first: str) -> None:
    story = edited(law, (BROKEN, first), (MIND, "06-25"))
    assert story.codes == [Code.ASKED_TOO_LATE]


@pytest.mark.parametrize(
    ("law", "first", "later", "refused"),
    [
        ("kr", BROKEN, MIND, True),
        ("de", BROKEN, SIZE, True),
        ("us", Reason.OTHER, MIND, True),
        ("kr", MIND, SIZE, False),
        ("kr", MIND, BROKEN, False),
        ("kr", BROKEN, WRONG, False),
    ],
)
def test_a_shop_that_speaks_for_the_buyer_shows_who_took_the_fault(
    law: str, first: Reason, later: Reason, refused: bool
) -> None:
    """KR E-Commerce Act 17(5), Directive (EU) 2019/771 Article 11(1): the seller bears the burden of proof."""
    story = asked(law, Kind.RETURN, first, "2026-06-10", bought(law, arrived="2026-06-08"))
    by_shop = edit(ONE, later, relayed=True)
    assert story.when(by_shop).codes == ([Code.PROOF_REQUIRED] if refused else [])
    for wish in (replace(by_shop, evidence=("chat 12",)), replace(by_shop, relayed=False)):
        assert story.when(wish).claim.reason is later
