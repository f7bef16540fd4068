"""Window and exceptions: is the buyer entitled to this claim, and what speaks against it?

Nothing here refuses: an assessment is information. The guards decide what follows from it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from app.engine.assessment import Assessment, Finding, Verdict, Window
from app.engine.claim import Claim
from app.engine.deadlines import anchored, last_day
from app.engine.facts import Facts
from app.engine.order import OrderLine
from app.engine.policy import AutomaticWhen, Ends, ExceptionRule, Policy, WindowRule
from app.engine.vocabulary import Fault, Ground, Kind

CANCEL_AFTER_SHIPPING = "goods that have left can be returned, not cancelled"


def assess(claim: Claim, facts: Facts) -> Assessment:
    """Judge a claim by the policy that its order pins, at the buyer's submit time."""
    window = _last_window(claim, facts)
    findings = (*_shipped(claim, facts, window), *_closed(window, claim), *_excepted(claim, facts))
    verdict = _verdict(claim, window, findings)
    return Assessment(
        verdict=verdict,
        findings=findings,
        window=window,
        fault=claim.fault,
        return_shipping_paid_by=return_paid_by(claim, facts.policy),
        alternatives_required=verdict is Verdict.INELIGIBLE and facts.policy.rejection.alternative_required,
        automatic=_automatic(claim, facts) if verdict is Verdict.ELIGIBLE else None,
        policy=facts.policy.key,
        holidays=facts.calendar.release,
    )


def return_paid_by(claim: Claim, policy: Policy) -> Fault | None:
    """Who bears the return shipping; None for a cancellation, and while the fault is undecided."""
    if claim.kind is Kind.CANCEL or claim.kind is Kind.REFUND:
        return None
    if claim.seller_pays_return or claim.fault is Fault.SELLER:
        return Fault.SELLER
    return policy.shipping.return_paid_by if claim.fault is Fault.BUYER else None


def _last_window(claim: Claim, facts: Facts) -> Window | None:
    """Of all windows that the buyer has, the one that closes last."""
    fitting = [(rule, _window(rule, claim, facts)) for rule in facts.policy.windows if _fits(rule, claim)]
    return max(fitting, key=_closing)[1] if fitting else None


def _closing(fitting: tuple[WindowRule, Window]) -> date:
    """Without periods it does not close; whose event is still to come, or unknown, counts if there is no other."""
    rule, window = fitting
    return window.last_day or (date.min if rule.periods else date.max)


def _fits(rule: WindowRule, claim: Claim) -> bool:
    return (
        claim.kind in rule.kinds
        and claim.fault in rule.faults
        and (rule.reasons is None or claim.reason in rule.reasons)
    )


def _window(rule: WindowRule, claim: Claim, facts: Facts) -> Window:
    starts = [anchored(period.anchor, claim, facts.order) for period in rule.periods]
    if not starts or any(start is None for start in starts):
        return Window(rule=rule.code, citation=rule.citation)
    ends = [
        last_day(period, start, facts.calendar)
        for period, start in zip(rule.periods, starts, strict=True)
        if start is not None
    ]
    day = min(ends) if rule.ends is Ends.FIRST else max(ends)
    return Window(
        rule=rule.code,
        citation=rule.citation,
        opens=starts[0],
        closes=facts.calendar.end_of(day),
        last_day=day,
    )


def _shipped(claim: Claim, facts: Facts, window: Window | None) -> Iterator[Finding]:
    if claim.kind is not Kind.CANCEL:
        return
    gone = tuple(line.line_id for line, quantity in _lines(claim, facts) if quantity > line.unshipped)
    if gone:
        citation = window.citation if window else CANCEL_AFTER_SHIPPING
        yield Finding(ground=Ground.ALREADY_SHIPPED, line_ids=gone, citation=citation)


def _closed(window: Window | None, claim: Claim) -> Iterator[Finding]:
    late = window and window.closes and claim.submission.requested_at >= window.closes
    if window and late and not claim.overtaken:
        yield Finding(
            ground=Ground.WINDOW_CLOSED,
            line_ids=tuple(line.line_id for line in claim.lines),
            citation=window.citation,
        )


def _excepted(claim: Claim, facts: Facts) -> Iterator[Finding]:
    kind = Kind.CANCEL if claim.overtaken else claim.kind
    for rule in facts.policy.exceptions:
        if kind not in rule.kinds or claim.fault not in rule.faults:
            continue
        if not rule.conditions <= claim.submission.conditions:
            continue
        hit = tuple(line.line_id for line, _ in _lines(claim, facts) if _binds(rule, line, facts))
        if hit:
            yield Finding(ground=rule.ground, line_ids=hit, citation=rule.citation)


def _binds(rule: ExceptionRule, line: OrderLine, facts: Facts) -> bool:
    return (not rule.natures or line.nature in rule.natures) and rule.records <= (
        line.records | facts.order.records
    )


def _lines(claim: Claim, facts: Facts) -> Iterator[tuple[OrderLine, int]]:
    for claimed in claim.lines:
        line = facts.order.line(claimed.line_id)
        if line is not None:
            yield line, claimed.quantity


def _verdict(claim: Claim, window: Window | None, findings: tuple[Finding, ...]) -> Verdict:
    if findings:
        return Verdict.INELIGIBLE
    if claim.fault is Fault.UNDECIDED or window is None:
        return Verdict.REVIEW
    if claim.kind is Kind.CANCEL or claim.overtaken:
        return Verdict.ELIGIBLE
    return Verdict.ELIGIBLE if window.closes else Verdict.REVIEW


def _automatic(claim: Claim, facts: Facts) -> str | None:
    due = any(claim.kind in rule.kinds and _AUTOMATIC[rule.when](claim, facts) for rule in facts.policy.automation)
    return "approve" if due else None


def _ship_date_passed(_: Claim, facts: Facts) -> bool:
    """By now: whoever asked the day before need not ask again."""
    expected = facts.order.expected_ship_on
    return expected is not None and facts.calendar.local_day(facts.now) > expected


_AUTOMATIC: Mapping[AutomaticWhen, Callable[[Claim, Facts], bool]] = {
    AutomaticWhen.NOT_CONFIRMED: lambda _, facts: facts.order.confirmed_at is None,
    AutomaticWhen.NO_SHIP_DATE: lambda _, facts: facts.order.expected_ship_on is None,
    AutomaticWhen.SHIP_DATE_PASSED: _ship_date_passed,
    AutomaticWhen.ALWAYS: lambda _claim, _facts: True,
}
