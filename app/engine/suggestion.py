"""Suggests the next step of the seller's side on a claim, with the reason and the effect.

A suggestion is a command that `decide` accepts on the same facts. A suggestion rests on what the facts show and is
never an override: an approval where the buyer has the right, a rejection on a ground that the facts show, a question or
a hold where the facts do not decide.
"""

from collections.abc import Iterator
from datetime import date, datetime

from app.engine.advance import follow
from app.engine.decide import Decision, decide
from app.engine.model.assessment import Assessment
from app.engine.model.claim import Claim
from app.engine.model.commands import Command, Release
from app.engine.model.parties import Party
from app.engine.model.turn import OWES_MONEY
from app.engine.model.values import value
from app.engine.model.vocabulary import FINAL, Ground, State
from app.engine.policy.facts import Facts
from app.engine.standing import standing_of
from app.engine.suggestions.answers import answers
from app.engine.suggestions.drafts import SUGGESTED_BY, Draft, SuggestedStep, SuggestionReason
from app.engine.suggestions.goods import goods_steps

_WITHOUT_MONEY = FINAL - {State.REFUNDED}


@value
class Effect:
    """The claim after the step, and after what the system does then. `refund` is what the buyer gets back, in minor
    units, as known then. The refund is due on the local day `refund_due_on`, and late from `refund_due_by` on. Both are
    None while no money is owed."""

    state: State
    party: Party | None
    ends_by: datetime | None
    refund: int
    refund_due_on: date | None
    refund_due_by: datetime | None


@value
class Suggestion:
    """`command` is None for `pay`. `needs` are the fields of the command that a person must fill in: the command has
    stand-ins for them."""

    step: SuggestedStep
    command: Command | None
    why: SuggestionReason
    needs: tuple[str, ...]
    ground: Ground | None
    citation: str | None
    effect: Effect


def suggestion(
    claim: Claim, facts: Facts, assessment: Assessment, *, answered_at: datetime | None = None
) -> Suggestion | None:
    """The next step of the seller's side. None if the claim waits for the buyer or the payment provider, or has ended.

    `assessment` is the claim's standing assessment. `answered_at` is when the buyer answered the seller's last
    question.
    """
    if claim.turn is None or claim.turn.party not in (Party.SELLER, Party.CARRIER):
        return None
    if claim.hold is None and (claim.kind, claim.state) in OWES_MONEY:
        return _pay(claim)
    drafts = _drafts(claim, facts, assessment, answered_at)
    return next((made for draft in drafts if (made := _made(claim, draft, facts)) is not None), None)


def _drafts(claim: Claim, facts: Facts, assessment: Assessment, answered_at: datetime | None) -> Iterator[Draft]:
    if claim.hold is not None:
        yield Draft(step=SuggestedStep.RELEASE, command=Release(by=SUGGESTED_BY), why=SuggestionReason.SELLER_HOLDS)
    elif claim.state is State.REQUESTED:
        yield from answers(claim, facts, assessment, answered_at)
    else:
        yield from goods_steps(claim, facts)


def _made(claim: Claim, draft: Draft, facts: Facts) -> Suggestion | None:
    """None if the claim does not accept the command now."""
    decision = decide(claim, draft.command, facts)
    if not isinstance(decision, Decision):
        return None
    return Suggestion(
        step=draft.step,
        command=draft.command,
        why=draft.why,
        needs=draft.needs,
        ground=draft.ground,
        citation=draft.citation,
        effect=_effect(decision, facts),
    )


def _effect(decision: Decision, facts: Facts) -> Effect:
    progress = follow(decision, facts)
    claim = progress.claim
    refund = 0 if claim.state in _WITHOUT_MONEY else standing_of(claim, progress.facts).amounts.total
    return Effect(
        state=claim.state,
        party=claim.turn.party if claim.turn else None,
        ends_by=claim.turn.ends_by if claim.turn else None,
        refund=refund,
        refund_due_on=claim.deadlines.refund_due_on,
        refund_due_by=claim.deadlines.refund_due_by,
    )


def _pay(claim: Claim) -> Suggestion:
    effect = Effect(
        state=State.REFUNDED,
        party=None,
        ends_by=None,
        refund=claim.amounts.total if claim.amounts else 0,
        refund_due_on=claim.deadlines.refund_due_on,
        refund_due_by=claim.deadlines.refund_due_by,
    )
    return Suggestion(
        step=SuggestedStep.PAY,
        command=None,
        why=SuggestionReason.MONEY_OWED,
        needs=(),
        ground=None,
        citation=None,
        effect=effect,
    )
