"""What the bank takes counts as paid back, in whatever order it is taken, won and claimed."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.model.breakdown import PaymentShare, StepCode
from app.engine.model.commands import AdjustRefund
from app.engine.model.order import Order, Payment
from app.engine.model.vocabulary import Kind, Reason, State
from app.engine.policy.money_rules import Deposit
from tests.engine.commands import APPROVE, SYSTEM, request
from tests.engine.orders import NO_FEES, delivered_line, line, order
from tests.engine.story import given as story_of
from tests.engine.story import pay_refunds
from tests.engine.test_late_captures import CHEAP, Shop, histories, totals


class Bank(Shop):
    """A shop whose payments the bank can take, while no refund has been paid."""

    def reverse(self, payment_id: str, amount: int) -> None:
        self._change(payment_id, amount)
        for name in reversed(list(self.claims)):
            payment = self.payment(payment_id)
            share = next((each for each in self._shares(name) if each.payment_id == payment_id), None)
            if share and payment.refunded + payment.reversed > payment.captured:
                self.take(name, AdjustRefund(by=SYSTEM, voided=(share,)))

    def win(self, payment_id: str, amount: int) -> None:
        self._change(payment_id, -amount)
        self.owe_late_money()

    def payment(self, payment_id: str) -> Payment:
        return next(each for each in self.order.payments if each.payment_id == payment_id)

    def check(self) -> None:
        shares = [share for name in self.claims for share in self._shares(name)]
        assert all(share.amount > 0 for share in shares)
        for payment in self.order.payments:
            owed = [share.amount for share in shares if share.payment_id == payment.payment_id]
            assert 0 <= payment.refunded == sum(owed)
            assert payment.refunded + payment.reversed <= payment.captured
        for claim in self.claims.values():
            assert claim.amounts is not None
            steps = sum(each.amount for each in claim.amounts.steps)
            assert steps == claim.amounts.total - claim.amounts.buyer_owes
            assert sum(each.tax for each in claim.amounts.steps) == claim.amounts.tax
            assert claim.amounts.reversed >= 0

    def _shares(self, name: str) -> tuple[PaymentShare, ...]:
        claim = self.claims[name]
        return claim.amounts.shares if claim.amounts and claim.hold is None else ()

    def _change(self, payment_id: str, amount: int) -> None:
        payments = tuple(
            replace(each, reversed=each.reversed + amount) if each.payment_id == payment_id else each
            for each in self.order.payments
        )
        self.facts = replace(self.facts, order=replace(self.order, payments=payments))


@settings(max_examples=200, deadline=None)
@given(history=histories(), data=st.data(), deposit=st.sampled_from(Deposit))
def test_when_everything_is_won_the_end_is_as_if_nothing_had_been_taken(
    history: tuple[Order, list[tuple[str, int]], list[int]], data: st.DataObject, deposit: Deposit
) -> None:
    bought, claims, captured = history
    policy = replace(CHEAP, deposit=deposit)
    quiet, bank = Bank(bought, policy), Bank(bought, policy)
    for amount in captured:
        quiet.pay(amount)
        bank.pay(amount)
    taken: list[tuple[str, int]] = []
    for line_id, quantity in claims:
        quiet.give_back(line_id, quantity)
        left = [each for each in bank.order.payments if each.captured > each.reversed]
        is_taken: bool = data.draw(st.booleans())
        if left and is_taken:
            payment: Payment = data.draw(st.sampled_from(left))
            amount = data.draw(st.integers(1, payment.captured - payment.reversed))
            taken.append((payment.payment_id, amount))
            bank.reverse(payment.payment_id, amount)
            bank.check()
        bank.give_back(line_id, quantity)
        bank.check()
    for payment_id, amount in data.draw(st.permutations(taken)):
        bank.win(payment_id, amount)
        bank.check()
    assert totals(bank) == totals(quiet)
    assert bank.order.captured_left == quiet.order.captured_left


def test_money_that_is_won_leaves_a_claim_on_hold_what_it_needs_before_its_fees() -> None:
    """The second claim keeps the 299 that were left. 1 of them more would be cut again, turn after turn."""
    bank = Bank(order(delivered_line("1", unit_price=400), delivered_line("2", quantity=2, unit_price=400)), CHEAP)
    bank.pay(1_200)
    bank.reverse("pay-0", 801)
    bank.give_back("1", 1)
    bank.reverse("pay-0", 1)
    bank.give_back("2", 1)
    assert totals(bank) == [99, 0]
    bank.win("pay-0", 1)
    assert (totals(bank), bank.claims["claim-1"].hold is None) == ([100, 0], False)
    bank.win("pay-0", 801)
    assert (totals(bank), bank.claims["claim-1"].hold is None) == ([100, 100], True)


def test_a_refund_that_is_taken_ends_with_its_tax() -> None:
    bought = order(line(unit_price=11_000, tax=1_000))
    story = story_of(bought, policy=NO_FEES).when(request(Kind.CANCEL, Reason.OUT_OF_STOCK), APPROVE)
    taken = replace(bought.payments[0], refunded=11_000, reversed=11_000)
    story = replace(story, facts=replace(story.facts, order=replace(story.order, payments=(taken,))))
    (share,) = story.amounts.shares
    story = story.when(AdjustRefund(by=SYSTEM, voided=(share,)))
    story.then(state=State.REFUNDED, total=0, shares=[], refunds_outstanding=0)
    assert (story.amounts.tax, story.amounts.amount_of(StepCode.REVERSED)) == (0, -11_000)


def test_a_part_that_is_taken_leaves_the_rest_to_pay() -> None:
    bought = order(line(unit_price=10_000))
    story = story_of(bought, policy=NO_FEES).when(request(Kind.CANCEL, Reason.OUT_OF_STOCK), APPROVE)
    taken = replace(bought.payments[0], refunded=10_000, reversed=4_000)
    story = replace(story, facts=replace(story.facts, order=replace(story.order, payments=(taken,))))
    (share,) = story.amounts.shares
    story = story.when(AdjustRefund(by=SYSTEM, voided=(share,)))
    story.then(state=State.APPROVED, total=6_000, shares=[("card", 6_000)], refunds_outstanding=1)
    story.when(pay_refunds).then(state=State.REFUNDED)
