"""Window and exceptions: whether the buyer is entitled to a claim, and the grounds against it.

Nothing here refuses: an assessment is information. The guards decide what follows.
"""

from collections.abc import Callable, Mapping
from datetime import date

from app.engine.model.assessment import Assessment, Finding, Verdict, Window
from app.engine.model.claim import Claim, ClaimLine
from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import Fault, Ground, Kind
from app.engine.policy.facts import Facts
from app.engine.policy.index import CountedWindow, FittingRules, PolicyIndex
from app.engine.policy.policy import Policy
from app.engine.policy.rules import AutomaticWhen, ExceptionRule, WindowRule

CANCEL_AFTER_SHIPPING = "goods that have left can be returned, not cancelled"


# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_CANCEL = Kind.CANCEL
_BUYER = Fault.BUYER
_SELLER = Fault.SELLER
_UNDECIDED = Fault.UNDECIDED
_ELIGIBLE = Verdict.ELIGIBLE


def assess(claim: Claim, facts: Facts) -> Assessment:
    """Judge a claim by the policy that its order pins, at the buyer's submit time."""
    rules, order = facts.rules, facts.order
    fitting = rules.rules_for(claim.kind, claim.fault, claim.reason)
    window = _last_window(claim, order, _windows_for(claim, order, fitting))
    findings = (
        _shipped_findings(claim, order, window)
        + _window_findings(window, claim)
        + _exception_findings(claim, order, rules, fitting)
    )
    verdict = _verdict(claim, order, window, findings)
    return Assessment(
        verdict=verdict,
        findings=findings,
        window=window,
        fault=claim.fault,
        return_shipping_payer=return_shipping_payer(claim, rules.policy),
        alternatives_required=bool(findings) and rules.policy.rejection.alternative_required,
        automatic=_automatic(claim, facts, fitting) if verdict is _ELIGIBLE else None,
        policy=rules.key,
        holidays=rules.calendar.release,
    )


def return_shipping_payer(claim: Claim, policy: Policy) -> Fault | None:
    """Who pays the return shipping. None for a claim without a return, and while the fault is undecided."""
    if claim.kind in _NOTHING_COMES_BACK:
        return None
    if claim.fault is _BUYER and not claim.seller_pays_return:
        return policy.shipping.return_shipping_payer
    return _SELLER if claim.seller_pays_return or claim.fault is _SELLER else None


_NOTHING_COMES_BACK = frozenset({_CANCEL, Kind.REFUND})


def _windows_for(claim: Claim, order: Order, fitting: FittingRules) -> tuple[CountedWindow, ...]:
    if not fitting.after_exchange:
        return fitting.windows
    lines = [order.line(claimed.line_id) for claimed in claim.lines]
    sent_in_exchange = all(line is not None and line.replaces is not None for line in lines)
    return fitting.after_exchange if sent_in_exchange else fitting.windows


def _last_window(claim: Claim, order: Order, fitting: tuple[CountedWindow, ...]) -> Window | None:
    """The window that closes last, of all windows that the buyer has."""
    if len(fitting) == 1:
        return _window(fitting[0], claim, order)
    windows = [(counted.rule, _window(counted, claim, order)) for counted in fitting]
    return max(windows, key=_closing_day)[1] if windows else None


def _closing_day(fitting: tuple[WindowRule, Window]) -> date:
    """Sort key. A window without periods never closes, so it sorts last. A window whose start event is unknown or in
    the future sorts first, so it is used only if there is no other."""
    rule, window = fitting
    return window.ends_on or (date.min if rule.periods else date.max)


def _window(counted: CountedWindow, claim: Claim, order: Order) -> Window:
    rule = counted.rule
    opens, end = None, None
    for period in counted.periods:
        start = period.starts(claim, order)
        if start is None:
            return Window(rule=rule.code, citation=rule.citation)
        opens = opens or start
        end = period.end(start) if end is None else counted.ends(end, period.end(start))
    if end is None:
        return Window(rule=rule.code, citation=rule.citation)
    day, closes = end
    return Window(rule=rule.code, citation=rule.citation, opens_at=opens, closes_at=closes, ends_on=day)


def _shipped_findings(claim: Claim, order: Order, window: Window | None) -> tuple[Finding, ...]:
    if claim.kind is not _CANCEL:
        return ()
    shipped_lines = tuple(
        line.line_id
        for claimed in claim.lines
        if (line := order.line(claimed.line_id)) is not None and claimed.quantity > line.unshipped
    )
    citation = window.citation if window else CANCEL_AFTER_SHIPPING
    return (Finding(ground=Ground.ALREADY_SHIPPED, line_ids=shipped_lines, citation=citation),) if shipped_lines else ()


def _window_findings(window: Window | None, claim: Claim) -> tuple[Finding, ...]:
    if (
        window is None
        or window.closes_at is None
        or claim.submission.requested_at < window.closes_at
        or claim.overtaken
    ):
        return ()
    every = tuple(line.line_id for line in claim.lines)
    return (Finding(ground=Ground.WINDOW_CLOSED, line_ids=every, citation=window.citation),)


def _exception_findings(
    claim: Claim, order: Order, rules: PolicyIndex, fitting: FittingRules
) -> tuple[Finding, ...]:  # fmt: skip
    """One finding for each rule that binds, in the policy's order, with the lines that the rule concerns."""
    if claim.overtaken:
        fitting = rules.rules_for(_CANCEL, claim.fault, claim.reason)
    exceptions = fitting.exceptions if claim.submission.conditions else fitting.undeclared
    bound: dict[int, list[str]] = {}
    for claimed in claim.lines:
        line = order.line(claimed.line_id)
        if line is not None:
            for place, rule in exceptions[line.nature]:
                if _binds(rule, claim, claimed, line, order):
                    bound.setdefault(place, []).append(line.line_id)
    return (
        tuple(_exception_finding(rules.policy.exceptions[place], bound[place]) for place in sorted(bound))
        if bound
        else ()
    )


def _binds(rule: ExceptionRule, claim: Claim, claimed: ClaimLine, line: OrderLine, order: Order) -> bool:
    if rule.indivisible and line.parts > 1 and claimed.used_parts < claimed.quantity * line.parts:
        return False
    return rule.conditions <= claim.submission.conditions and rule.records <= line.records | order.records


def _exception_finding(rule: ExceptionRule, line_ids: list[str]) -> Finding:
    return Finding(ground=rule.ground, line_ids=tuple(line_ids), citation=rule.citation)


def _verdict(claim: Claim, order: Order, window: Window | None, findings: tuple[Finding, ...]) -> Verdict:
    if findings:
        return Verdict.INELIGIBLE
    if window is None or claim.fault is _UNDECIDED:
        return Verdict.REVIEW
    if window.closes_at or claim.overtaken or claim.kind is _CANCEL:
        return _ELIGIBLE
    return _ELIGIBLE if _has_arrived(claim, order) else Verdict.REVIEW


def _has_arrived(claim: Claim, order: Order) -> bool:
    """Goods that have arrived may be returned before the window opens, for example while the rest of the order is
    missing."""
    lines = [order.line(claimed.line_id) for claimed in claim.lines]
    return all(line is not None and line.delivered_at is not None for line in lines)


def _automatic(claim: Claim, facts: Facts, fitting: FittingRules) -> str | None:
    for rule in fitting.automation:
        if _AUTOMATIC[rule.when](claim, facts):
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
