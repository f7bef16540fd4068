"""Window and exceptions: whether the buyer is entitled to a claim, line by line, and the grounds against it.

Nothing here refuses: an assessment is information. The guards decide what follows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from app.engine.model.assessment import (
    Assessment,
    Doubt,
    Finding,
    LineAssessment,
    Unclear,
    Verdict,
    Window,
    doubt,
    first_to_close,
    worst_verdict,
)
from app.engine.model.claim import Claim, ClaimLine
from app.engine.model.claim_lines import pairs
from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import Fault, Ground, Kind
from app.engine.policy.asked_units import readings
from app.engine.policy.facts import Facts
from app.engine.policy.index import SHOWS_ON_DELIVERY, FittingRules
from app.engine.policy.return_shipping import return_shipping_citation, return_shipping_payer
from app.engine.policy.rules import AutomaticWhen, ExceptionRule, WindowRule
from app.engine.policy.scopes import fits, has_records
from app.engine.policy.windows import (
    events_of_line,
    is_known_late,
    is_over,
    last_window,
    what_may_follow,
    window_that_never_opened,
)

CANCEL_AFTER_SHIPPING = "goods that have left can be returned, not cancelled"


# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_CANCEL = Kind.CANCEL
_UNDECIDED = Fault.UNDECIDED
_ELIGIBLE = Verdict.ELIGIBLE
_INELIGIBLE = Verdict.INELIGIBLE
_REVIEW = Verdict.REVIEW


@dataclass(frozen=True, slots=True)
class _Against:
    """One thing against one line: a ground that binds, or a doubt. `place` orders the findings of all lines."""

    place: int
    citation: str | None
    ground: Ground | None = None
    unclear: Unclear | None = None


_Judged = tuple[LineAssessment, Sequence[_Against]]
"""A line, and everything against it."""


def assess(claim: Claim, facts: Facts) -> Assessment:
    """Judge each line of a claim by the policy that its order pins, at the time when the buyer asked for the line."""
    rules, order = facts.rules, facts.order
    if claim.submission.rests_on_no_rule:
        return _without_a_rule(claim, facts)
    fitting = rules.rules_for(claim.kind, claim.fault, claim.reason)
    judged = _judge_lines(claim, facts, fitting)
    lines = tuple([line for line, _ in judged])
    verdict = worst_verdict(lines)
    findings = _findings(judged) if verdict is _INELIGIBLE else ()
    return Assessment(
        verdict=verdict,
        findings=findings,
        window=first_to_close(lines),
        fault=claim.fault,
        return_shipping_payer=return_shipping_payer(claim, order, rules.policy),
        return_shipping_citation=return_shipping_citation(claim, rules.policy),
        alternatives_required=bool(findings) and rules.policy.rejection.alternative_required,
        automatic=_automatic(claim, facts, fitting) if verdict is _ELIGIBLE else None,
        policy=rules.key,
        holidays=rules.calendar.release,
        lines=lines,
        doubts=_doubts(judged) if verdict is not _ELIGIBLE else (),
    )


def _judge_lines(claim: Claim, facts: Facts, fitting: FittingRules) -> list[_Judged]:
    """Of lines that are alike, one after the other, the first is judged, and the others have the same judgement."""
    order = facts.order
    exceptions = facts.rules.rules_for(_CANCEL, claim.fault, claim.reason) if claim.overtaken else fitting
    judged: list[_Judged] = []
    was_edited = bool(claim.submission.asked)
    may_be_alike = len(claim.lines) > 1 and claim.kind is not _CANCEL and not was_edited
    events: tuple[object, ...] | None = None
    for claimed, line in pairs(claim, order):
        events_before, events = events, events_of_line(line) if may_be_alike else None
        if events is None or events != events_before:
            best = _judge_as_asked(claim, claimed, line, facts) if was_edited else None
            judged.append(best or _judge(claim, claimed, line, order, fitting, exceptions))
        else:
            alike, against = judged[-1]
            same = LineAssessment(
                line_id=line.line_id, verdict=alike.verdict, window=alike.window, grounds=alike.grounds
            )  # fmt: skip
            judged.append((same, against))
    return judged


def _judge_as_asked(claim: Claim, claimed: ClaimLine, line: OrderLine, facts: Facts) -> _Judged:
    """The judgement that is best for the buyer, of those for each time at which the buyer asked for the line."""
    judged: list[tuple[int, _Judged]] = []
    for asked, fitting in readings(claim, claimed, line.nature, facts.rules):
        exceptions = facts.rules.rules_for(_CANCEL, asked.fault, asked.reason) if claim.overtaken else fitting
        line_judged = _judge(asked, claimed, line, facts.order, fitting, exceptions)
        if line_judged[0].verdict is _ELIGIBLE:
            return line_judged
        judged.append((_worth(line_judged[0], asked), line_judged))
    return max(judged, key=itemgetter(0))[1]


def _worth(judged: LineAssessment, asked: Claim) -> int:
    """A review is worth more while a window was open: only then the buyer has a right if nothing else is against it."""
    if judged.verdict is _INELIGIBLE:
        return 0
    return 2 if judged.window is not None and not is_over(judged.window, asked) else 1


def _without_a_rule(claim: Claim, facts: Facts) -> Assessment:
    """A person decides about money that no rule owes."""
    line_ids = tuple([line.line_id for line in claim.lines])
    return Assessment(
        verdict=_REVIEW,
        findings=(),
        window=None,
        fault=claim.fault,
        return_shipping_payer=None,
        alternatives_required=False,
        automatic=None,
        policy=facts.rules.key,
        holidays=facts.calendar.release,
        lines=tuple([LineAssessment(line_id=line_id, verdict=_REVIEW, window=None) for line_id in line_ids]),
        doubts=(doubt(Unclear.NO_RIGHT, line_ids),),
    )


def _judge(
    claim: Claim, claimed: ClaimLine, line: OrderLine, order: Order, fitting: FittingRules, exceptions: FittingRules
) -> _Judged:
    window = last_window(fitting, claim, line, order)
    against: list[_Against] = []
    if claim.kind is _CANCEL and claimed.quantity > line.unshipped:
        citation = window.citation if window else CANCEL_AFTER_SHIPPING
        against.append(_Against(_SHIPPED_FIRST, citation, Ground.ALREADY_SHIPPED))
    following = None
    if window is None or is_over(window, claim):
        window, following = _with_what_follows(window, claim, line, order, fitting)
        if window is not None and _is_closed(window, claim):
            against.append(_closed(window, following))
    bound = exceptions.exceptions if claim.submission.conditions else exceptions.undeclared
    for place, rule in bound[line.nature]:
        if _binds(rule, claim, claimed, line, order):
            against.append(_Against(place, rule.citation, rule.ground, _doubt_about(rule, claim)))
    grounds = _grounds(against) if against else ()
    if not grounds:
        unclear = _doubt(claim, line, window, order, fitting, following)
        if unclear is not None:
            against.append(unclear)
    verdict = _INELIGIBLE if grounds else _REVIEW if against else _ELIGIBLE
    return LineAssessment(line_id=line.line_id, verdict=verdict, window=window, grounds=grounds), against


def _with_what_follows(
    window: Window | None, claim: Claim, line: OrderLine, order: Order, fitting: FittingRules
) -> tuple[Window | None, tuple[WindowRule, Unclear] | None]:
    """A window that is over, or else one that never opened, and what may still open."""
    windows = fitting.windows[line.nature]
    following = what_may_follow(windows, claim, line, order)
    if window is None and following is None:
        window = window_that_never_opened(windows, claim, line, order)
    return window, following


def _grounds(against: Iterable[_Against]) -> tuple[Ground, ...]:
    """The grounds that bind. A ground in doubt does not."""
    grounds = (each.ground for each in against if each.unclear is None and each.ground is not None)
    return tuple(dict.fromkeys(grounds))


_SHIPPED_FIRST, _WINDOW_NEXT, _DOUBTS_LAST = -2, -1, 10_000
"""Findings about shipping and the window come before those of the policy's exceptions."""


def _is_closed(window: Window, claim: Claim) -> bool:
    """While the fault is undecided, the buyer can have a right that lasts longer."""
    return is_over(window, claim) and not claim.overtaken and claim.fault is not _UNDECIDED


def _closed(window: Window, following: tuple[WindowRule, Unclear] | None) -> _Against:
    if following is None:
        return _Against(_WINDOW_NEXT, window.citation, Ground.WINDOW_CLOSED)
    rule, unclear = following
    return _Against(_DOUBTS_LAST, rule.citation, unclear=unclear)


def _doubt(
    claim: Claim,
    line: OrderLine,
    window: Window | None,
    order: Order,
    fitting: FittingRules,
    following: tuple[WindowRule, Unclear] | None,
) -> _Against | None:
    """What keeps a line without a ground against it from being eligible."""
    if claim.fault is _UNDECIDED:
        return _Against(_DOUBTS_LAST, None, unclear=Unclear.FAULT_UNDECIDED)
    if window is None:
        if following is not None:
            return _Against(_DOUBTS_LAST, following[0].citation, unclear=following[1])
        return _Against(_DOUBTS_LAST, None, unclear=Unclear.NO_RULE)
    if claim.overtaken or claim.kind is _CANCEL:
        return None
    if window.closes_at is None:  # goods that have arrived may be returned before the window opens, all by a withdrawal
        return (
            _Against(_DOUBTS_LAST, window.citation, unclear=Unclear.NOT_DELIVERED)
            if line.delivered_at is None and window.opens_at is None
            else None
        )
    if claim.reason in SHOWS_ON_DELIVERY and is_known_late(fitting, claim, line, order):
        return _Against(_DOUBTS_LAST, window.citation, unclear=Unclear.DISCOVERY_UNSTATED)
    return None


def _doubt_about(rule: ExceptionRule, claim: Claim) -> Unclear | None:
    """Why an exception does not bind yet. At the seller's fault the buyer can have other rights."""
    if rule.needs_proof:
        return Unclear.PROOF_NEEDED
    return Unclear.FAULT_UNDECIDED if claim.fault is _UNDECIDED else None


def _binds(rule: ExceptionRule, claim: Claim, claimed: ClaimLine, line: OrderLine, order: Order) -> bool:
    if rule.indivisible and line.parts > 1 and claimed.used_parts < claimed.quantity * line.parts:
        return False
    return rule.conditions <= claim.submission.conditions and has_records(rule, line, order)


def _findings(judged: Iterable[_Judged]) -> tuple[Finding, ...]:
    return tuple(
        Finding(ground=each.ground, line_ids=line_ids, citation=each.citation or "")
        for each, line_ids in _by_line(judged)
        if each.unclear is None and each.ground is not None
    )


def _doubts(judged: Sequence[_Judged]) -> tuple[Doubt, ...]:
    """A review has a doubt. No rule decides about a claim without lines."""
    if not judged:
        return (doubt(Unclear.NO_RULE, ()),)
    return tuple(
        doubt(each.unclear, line_ids, each.citation, each.ground)
        for each, line_ids in _by_line(judged)
        if each.unclear is not None
    )


def _by_line(judged: Iterable[_Judged]) -> list[tuple[_Against, tuple[str, ...]]]:
    """Each thing against the claim once, in the policy's order, with its lines."""
    lines: dict[_Against, list[str]] = {}
    for line, against in judged:
        for each in against:
            lines.setdefault(each, []).append(line.line_id)
    return [(each, tuple(lines[each])) for each in sorted(lines, key=lambda each: each.place)]


def _automatic(claim: Claim, facts: Facts, fitting: FittingRules) -> str | None:
    lines = [line for _, line in pairs(claim, facts.order)] if fitting.automation else []
    for rule in fitting.automation:
        if _AUTOMATIC[rule.when](claim, facts) and all(fits(rule, line, facts.order) for line in lines):
            return "approve"
    return None


def _ship_date_passed(_: Claim, facts: Facts) -> bool:
    """True if the date has passed now, even if the buyer asked earlier."""
    expected = facts.order.expected_ship_on
    return expected is not None and facts.calendar.local_day(facts.now) > expected


_AUTOMATIC: Mapping[AutomaticWhen, Callable[[Claim, Facts], bool]] = {
    AutomaticWhen.NOT_CONFIRMED: lambda _, facts: facts.order.confirmed_at is None,
    AutomaticWhen.NO_SHIP_DATE: lambda _, facts: facts.order.expected_ship_on is None,
    AutomaticWhen.SHIP_DATE_PASSED: _ship_date_passed,
    AutomaticWhen.ALWAYS: lambda _claim, _facts: True,
}
