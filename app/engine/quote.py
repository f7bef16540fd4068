"""Quotes a request or an edit: the claim, its standing and the events after it, by the code that decides, with no
effects kept."""

from collections.abc import Callable
from functools import partial

from app.engine.advance import go_on
from app.engine.autopilot import new_claim_waits_for_people
from app.engine.decide import Decision, Refused, decide, open_claim
from app.engine.model.claim import Claim
from app.engine.model.commands import Request
from app.engine.model.copies import replace
from app.engine.model.edit import Edit
from app.engine.model.values import value
from app.engine.model.vocabulary import Kind, Reason, fault_of
from app.engine.policy.facts import Facts
from app.engine.standing import Amounts, Standing, standing_among, standing_of
from app.engine.transitions.ledger import apply_effects


@value
class Quote:
    """The result that a request or an edit would have. `following` are the types of the events that would follow
    automatically."""

    claim: Claim
    standing: Standing
    following: tuple[str, ...]


def quote(request: Request, facts: Facts) -> Quote | Refused:
    opened = _open(request, facts)
    if isinstance(opened, Claim):
        return Quote(claim=opened, standing=standing_of(opened, facts), following=())
    if isinstance(opened, Refused):
        return opened
    return _followed(opened, apply_effects(facts, opened.effects), Amounts())


def quotes(request: Request, facts: Facts) -> Callable[[Kind, Reason], Quote] | Refused:
    """Gives the quote of the request with any reason instead of its own, and of any kind if the request is no
    cancellation. The fault follows from the reason.

    No rule refuses a request because of its reason, or because of its kind unless it is a cancellation. Opening a claim
    reads no reason but goodwill, which is none of these. So the claim is opened once.
    """
    opened, known = _open(request, facts), Amounts()
    if isinstance(opened, Refused):
        return opened
    if isinstance(opened, Claim):
        return partial(_quote_of, opened, facts, known)
    return partial(_quote_after, opened, apply_effects(facts, opened.effects), known)


def _quote_of(opened: Claim, facts: Facts, known: Amounts, kind: Kind, reason: Reason) -> Quote:
    claim = _asked_instead(opened, kind, reason)
    return Quote(claim=claim, standing=standing_among(claim, facts, known), following=())


def _quote_after(opened: Decision, after: Facts, known: Amounts, kind: Kind, reason: Reason) -> Quote:
    return _followed(replace(opened, claim=_asked_instead(opened.claim, kind, reason)), after, known)


def quote_edit(claim: Claim, edit: Edit, facts: Facts) -> Quote | Refused:
    """The units that the claim holds count as free."""
    edited = decide(claim, edit, facts)
    return edited if isinstance(edited, Refused) else _followed(edited, apply_effects(facts, edited.effects), Amounts())


def _open(request: Request, facts: Facts) -> Claim | Decision | Refused:
    """The claim alone if a person acts next, because its effects only hold units, which changes no amount."""
    alone = new_claim_waits_for_people(request, facts)
    return open_claim(request, facts) if alone else decide(None, request, facts)


def _asked_instead(claim: Claim, kind: Kind, reason: Reason) -> Claim:
    if claim.reason is reason and claim.kind is kind:
        return claim
    return replace(claim, kind=kind, reason=reason, fault=fault_of(reason))


def _followed(decision: Decision, after: Facts, known: Amounts) -> Quote:
    """`after` are the facts after the effects of the decision."""
    progress = go_on(decision, after)
    if len(progress.decisions) == 1:
        return Quote(claim=progress.claim, standing=standing_among(progress.claim, after, known), following=())
    return Quote(
        claim=progress.claim,
        standing=standing_of(progress.claim, progress.facts),
        following=tuple(later.event.type for later in progress.decisions[1:]),
    )
