"""The story of a claim: `given(order).when(APPROVE, RETRACT).then(state=State.RETRACTED)`.

A step of a story is a command, or a change of the facts around the claim: `wait_until`, `ship`, `pay_refunds`. The
autopilot answers after each step. A request begins a new claim on the same order.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.engine import Facts, Progress, Refused, advance, next_command
from app.engine.model.breakdown import RefundBreakdown
from app.engine.model.claim import Claim
from app.engine.model.commands import Command, Request
from app.engine.model.order import Order
from app.engine.model.refusals import Code, Refusal
from app.engine.model.vocabulary import Kind, Reason, State
from app.engine.policy.policy import Policy
from tests.engine.commands import APPROVE, ONE, inspect, receive, request
from tests.engine.orders import NOW, POLICY, SOON, facts_of, rules_of

Step = Command | Callable[[Facts], Facts]


@dataclass(frozen=True, slots=True)
class Story:
    """The facts and the claim after the steps so far. A refused command ends a story."""

    facts: Facts
    last_claim: Claim | None = None
    refusals: tuple[Refusal, ...] = ()

    def when(self, *steps: Step) -> "Story":
        """Take the steps in turn, up to the first command that is refused."""
        story = self
        assert not story.refusals, story.refusals
        for step in steps:
            story = story._command(step) if isinstance(step, Command) else story._change(step)
            if story.refusals:
                break
        return story

    def then(self, refused: Sequence[Code] = (), **expected: Any) -> "Story":
        """Check the refusals, none by default, and any property of the story by its name."""
        assert self.codes == list(refused), self.refusals
        actual = {name: getattr(self, name) for name in expected}
        assert actual == expected, f"{actual} is not {expected}"
        return self

    def under(self, policy: Policy) -> "Story":
        """The same story under another policy from now on."""
        return replace(self, facts=replace(self.facts, rules=rules_of(policy, self.facts.calendar)))

    def with_claim(self, claim: Claim) -> "Story":
        """The same order, back on an earlier claim."""
        return replace(self, last_claim=claim)

    def with_order(self, **changes: Any) -> "Story":
        return replace(self, facts=replace(self.facts, order=replace(self.order, **changes)))

    @property
    def claim(self) -> Claim:
        assert not self.refusals, self.refusals
        assert self.last_claim is not None
        return self.last_claim

    @property
    def order(self) -> Order:
        return self.facts.order

    @property
    def codes(self) -> list[Code]:
        return [refusal.code for refusal in self.refusals]

    @property
    def kind(self) -> Kind:
        return self.claim.kind

    @property
    def state(self) -> State:
        return self.claim.state

    @property
    def amounts(self) -> RefundBreakdown:
        assert self.claim.amounts is not None
        return self.claim.amounts

    @property
    def total(self) -> int:
        return self.amounts.total

    @property
    def buyer_owes(self) -> int:
        return self.amounts.buyer_owes

    @property
    def steps(self) -> dict[str, int]:
        """The amounts of the breakdown by their codes."""
        return {step.code: step.amount for step in self.amounts.steps}

    @property
    def shares(self) -> list[tuple[str, int]]:
        """The refund of each payment method."""
        return [(share.method, share.amount) for share in self.amounts.shares]

    @property
    def refunds_outstanding(self) -> int:
        return self.facts.refunds_outstanding

    @property
    def captured_left(self) -> int:
        return self.order.captured_left

    @property
    def outbound_charged(self) -> int:
        return self.order.outbound_charged

    @property
    def untouched(self) -> int:
        """Units of the first line that no claim has."""
        return self.order.lines[0].untouched

    def _command(self, command: Command) -> "Story":
        claim = None if isinstance(command, Request) else self.last_claim
        facts = pay_refunds(self.facts) if claim is None else self.facts
        progress = advance(claim, command, facts, new_id)
        if isinstance(progress, Refused):
            return replace(self, refusals=progress.refusals)
        return Story(progress.facts, progress.claim)

    def _change(self, change: Callable[[Facts], Facts]) -> "Story":
        facts = change(self.facts)
        command = next_command(self.last_claim, facts) if self.last_claim else None
        progress = advance(self.last_claim, command, facts, new_id) if command else None
        return (
            Story(progress.facts, progress.claim) if isinstance(progress, Progress) else Story(facts, self.last_claim)
        )


def new_id(_: datetime) -> str:
    """The id of the second claim of a split."""
    return "split"


def given(order: Order, now: datetime = NOW, policy: Policy = POLICY) -> Story:
    return Story(facts_of(order, now, policy))


def wait_until(instant: datetime) -> Callable[[Facts], Facts]:
    return lambda facts: replace(facts, now=instant)


def ship(units: Mapping[str, int] = ONE, when: datetime = SOON) -> Callable[[Facts], Facts]:
    """That many units of each line are shipped."""

    def change(facts: Facts) -> Facts:
        lines = tuple(
            replace(line, shipped=line.shipped + units[line.line_id], shipped_at=when)
            if line.line_id in units
            else line
            for line in facts.order.lines
        )
        return replace(facts, now=max(facts.now, when), order=replace(facts.order, lines=lines))

    return change


def pay_refunds(facts: Facts) -> Facts:
    """Every refund of the claim has succeeded."""
    return replace(facts, refunds_outstanding=0)


def full_refund(
    kind: Kind, units: Mapping[str, int] = ONE, reason: Reason = Reason.DEFECTIVE, claim_id: str = "claim"
) -> list[Step]:
    """The steps of a claim that gives all its money back, from the request to the paid refunds."""
    goods = [receive(units), inspect(units)] if kind is Kind.RETURN else []
    return [request(kind, reason, units, claim_id=claim_id), APPROVE, *goods, pay_refunds]
