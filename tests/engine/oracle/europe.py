"""The law of the Union: Directives 2011/83 (CRD), 2019/771 (SGD), 2019/770 (DCD), 2024/1799, Regulation 1182/71."""

from collections.abc import Iterator, Sequence
from datetime import date

from tests.engine.oracle.cases import GOODS, NOTHING_TO_SEND_BACK, Asked, Bought
from tests.engine.oracle.counting import first_of, working_date, working_end
from tests.engine.oracle.days import to_the_date
from tests.engine.oracle.judge import Bar, Right
from tests.engine.oracle.matter import ENDLESS, NOT_BEGUN, Matter

FAULTY = frozenset({"defective", "not_as_described", "wrong_item"})
NOT_CONFORM = FAULTY | {"missing_item"}
WITHOUT_EXCEPTIONS = frozenset({"standard", "second_hand", "vehicle"})
REPAIR_DIRECTIVE = date(2026, 7, 31)
OMNIBUS_DIRECTIVE = date(2022, 5, 28)
NEVER_BOUND = {  # CRD 16
    "market_priced": ("eu_market_priced", "market_priced"),
    "custom_made": ("eu_custom_made", "custom_made"),
    "perishable": ("eu_perishable", "value_lost_by_time"),
    "urgent_repair": ("eu_urgent_repair", "urgent_repair"),
    "publication": ("eu_publication", "publication"),
    "auction": ("eu_auction", "auction"),
    "dated_service": ("eu_dated_service", "dated_service"),
}


STEPS = {"cure": "conformity", "return": "termination", "refund": "price_reduction"}


class Union:
    """The directives, in a country whose own law is not modelled."""

    goods_months = 24
    digital_months = 24
    lost_months = 24
    """For how long lost goods can be claimed: national law."""
    tail = ""
    """The begin of the codes of rights that go on after these months. Empty: the law is silent, so they do not."""
    digital_tails = False

    # Withdrawal

    def rights(self, m: Matter) -> Iterator[Right]:
        if m.kind == "cancel":
            yield from self._before_supply(m)
        if m.goods and m.kind == "return":
            yield from self._withdrawal(m)
        if not m.goods and m.kind in ("cancel", "return") and m.fault == "buyer":
            yield from self._withdrawal_of_services(m)
        if m.fault == "seller" and m.kind != "cancel":
            yield from self._of_goods(m) if m.goods else self._of_digital_content(m)
            yield from self._after_repair(m)

    def _before_supply(self, m: Matter) -> Iterator[Right]:
        if m.goods:  # CRD 9(1): until then no time has begun
            yield Right("eu_before_shipping", ENDLESS)
        elif m.nature == "digital" and m.reason == "out_of_stock":  # DCD 13(2)(a)
            yield Right("eu_digital_not_supplied", ENDLESS)

    def _withdrawal(self, m: Matter) -> Iterator[Right]:
        """CRD 9(2)(b): from the last of the goods of the order, and from the first of regular deliveries."""
        regular = m.nature == "subscription"
        begins = m.first_delivered if regular else m.all_delivered
        sent = working_end(m.days, m.shipped, 14)
        if regular:
            yield Right("eu_withdrawal_subscription", working_end(m.days, begins, 14), sent=sent)
        elif m.fault == "buyer":
            yield Right("eu_withdrawal", working_end(m.days, begins, 14), sent=sent)
        elif m.nature in WITHOUT_EXCEPTIONS:  # CRD 9(1): no reason is needed
            yield Right("eu_withdrawal_any_reason", working_end(m.days, begins, 14), sent=sent)
        if m.fault == "buyer" and m.has("information_missing"):
            code = "eu_withdrawal_uninformed_subscription" if regular else "eu_withdrawal_uninformed"
            yield Right(code, self._uninformed(m, begins), sent=sent)

    def _withdrawal_of_services(self, m: Matter) -> Iterator[Right]:
        """CRD 9(2)(a), (c): from the contract."""
        yield Right("eu_withdrawal_service", working_end(m.days, m.contract, 14))
        if m.has("information_missing"):
            yield Right("eu_withdrawal_uninformed_service", self._uninformed(m, m.contract))

    def _uninformed(self, m: Matter, begins: date | None) -> date:
        """CRD 10: twelve months from the end of the first period, or fourteen days from the information."""
        initial = working_end(m.days, begins, 14)
        longest = initial if initial == NOT_BEGUN else m.days.moved(to_the_date(initial, 12))
        return first_of(longest, working_end(m.days, m.informed, 14))

    # Goods that do not conform, SGD 10 to 16

    def _of_goods(self, m: Matter) -> Iterator[Right]:
        end = self.liability(m, self.goods_months)
        if m.kind in ("exchange", "repair") and m.reason in NOT_CONFORM:
            yield Right("eu_conformity", end)
        if m.kind == "return" and m.reason in NOT_CONFORM:
            yield self.second_step(m, "eu_termination", end)
        if m.kind == "refund" and m.reason in FAULTY:
            yield self.second_step(m, "eu_price_reduction", end)
        if m.reason in NOT_CONFORM and not (self.tail and m.kind == "refund" and m.reason == "missing_item"):
            yield from self._goes_on(m, end, "")
        yield from self._never_came(m)

    def _never_came(self, m: Matter) -> Iterator[Right]:
        """CRD 18, 20: the trader bears the risk until the goods are there."""
        if m.kind == "refund" and m.reason == "missing_item":
            yield Right("eu_not_received", working_date(m.days, m.delivered, self.goods_months))
        if m.kind in ("exchange", "refund") and m.reason == "lost_in_delivery":
            yield Right("eu_lost_delivery", working_date(m.days, m.shipped, self.lost_months))

    def _of_digital_content(self, m: Matter) -> Iterator[Right]:
        """DCD 11 to 16. The defects of other services are national law."""
        if m.nature != "digital" or m.reason not in NOT_CONFORM:
            return
        end = self.liability(m, self.digital_months)
        if m.kind in ("exchange", "repair"):
            yield Right("eu_digital_conformity", end)
        else:
            yield self.second_step(m, "eu_digital_termination", end)
        yield from self._goes_on(m, end, "digital_")

    def liability(self, m: Matter, months: int) -> date:
        """SGD 10(1), DCD 11(2)."""
        return working_date(m.days, m.delivered, months)

    def second_step(self, m: Matter, code: str, end: date) -> Right:
        """SGD 13(4), DCD 14(4): after a cure failed, was refused or was late, or for a serious defect."""
        records = m.records & {"cure_refused", "cure_late", "serious_defect"}
        return Right(code, end, is_open=m.cure_was_tried or bool(records), may_open=True)

    def _goes_on(self, m: Matter, end: date, what: str) -> Iterator[Right]:
        """SGD 10(1): the defect shows in time. How long it can be claimed later is national, by SGD 10(4), (5)."""
        if end == NOT_BEGUN or m.asked <= end:
            return
        if not self.tail or (what and not self.digital_tails):  # left to the states: a person must look
            if m.knew is None or m.knew <= end:
                code = f"eu_{what}conformity_after_two_years"
                yield Right(code, ENDLESS, is_open=False, may_open=True, unsaid=m.knew is None)
            return
        step = "cure" if m.kind in ("exchange", "repair") else m.kind
        ending = STEPS["return" if what and step == "refund" else step]
        code = f"{self.tail}_{what}{ending}_{'shown' if self.tail == 'de' else 'action'}"
        if m.knew is None:
            yield Right(code, self.shown_until(m, m.asked), is_open=False, unsaid=True)
        elif m.knew <= end:
            last = self.shown_until(m, m.knew)
            yield Right(code, last) if step == "cure" else self.second_step(m, code, last)

    def shown_until(self, m: Matter, knew: date) -> date:
        """The last day for a defect that showed on a day."""
        raise NotImplementedError

    def _after_repair(self, m: Matter) -> Iterator[Right]:
        """SGD 10(2a), Directive 2024/1799 21: twelve months more after a repair, for contracts from 31 July 2026."""
        if m.goods and m.line.repairs and m.reason in ("defective", "not_as_described"):
            if m.contract >= REPAIR_DIRECTIVE:
                yield Right("eu_conformity_after_repair", working_date(m.days, m.delivered, 36))
            yield from self.after_cure(m)

    def after_cure(self, m: Matter) -> Iterator[Right]:
        """What a country gives after a cure."""
        yield from ()

    # Exceptions, CRD 16

    def bars(self, m: Matter) -> Iterator[Bar]:
        if m.fault != "buyer" or m.kind not in ("cancel", "return"):
            return
        if m.nature in NEVER_BOUND:
            yield Bar(*NEVER_BOUND[m.nature])
        if m.kind == "return":
            yield from self._after_delivery(m)
        asked_for = m.has("consent", "acknowledgement")
        if m.nature == "service" and asked_for and m.says("performed"):
            yield Bar("eu_service_performed", "service_begun")
        confirmed = m.has("confirmation") or m.contract < OMNIBUS_DIRECTIVE
        if m.nature == "digital" and asked_for and confirmed and m.says("begun"):
            yield Bar("eu_digital_begun", "digital_begun")

    def _after_delivery(self, m: Matter) -> Iterator[Bar]:
        if m.nature == "inseparable":
            yield Bar("eu_inseparable", "inseparable")
        if m.nature == "hygiene" and m.says("seal_broken"):
            yield Bar("eu_hygiene", "hygiene_unsealed")
        if m.nature == "sealed_media" and m.says("seal_broken"):
            yield Bar("eu_sealed_media", "seal_broken")

    # Money

    terminated_days = 0
    reduction_anchor = "approved"
    """The directives set no day for a lower price, so a shop counts from its approval."""
    lost_anchor = "approved"

    def due(self, claim: Asked, lines: Sequence[Matter]) -> tuple[str, date | None] | None:
        days, asked = lines[0].days, lines[0].asked
        from_asking = working_end(days, asked, 14)
        if claim.kind in ("return", "refund") and _of_the_seller(claim) and _all(lines, frozenset({"digital"})):
            return "eu_digital_remedy_refund", from_asking  # DCD 18(1)
        if claim.kind == "cancel":
            never = claim.reason in ("delayed_delivery", "out_of_stock", "lost_in_delivery")
            return "eu_undelivered_refund" if never else "eu_cancel_refund", from_asking
        if claim.kind == "refund":
            lost = claim.reason in ("missing_item", "lost_in_delivery")
            code = "eu_not_received_refund" if lost else "eu_price_reduction_refund"
            anchor = self.lost_anchor if lost else self.reduction_anchor
            begin = asked if anchor == "asked" else claim.approved_at and days.of(claim.approved_at)
            return code, None if begin is None else working_end(days, begin, 14)
        return self._due_for_goods(claim, lines) if claim.kind in ("return", "exchange") else None

    def _due_for_goods(self, claim: Asked, lines: Sequence[Matter]) -> tuple[str, date | None]:
        """SGD 16(3)(b): with the goods, or the proof that they were sent. CRD 13(1), (3): fourteen days, or later with
        the goods or the proof, unless the trader offered to collect."""
        days = lines[0].days
        from_asking = working_end(days, lines[0].asked, 14)
        sent = sent_or_back(claim, lines)
        if claim.kind == "return" and _of_the_seller(claim) and _all(lines, GOODS):
            return "eu_termination_refund", sent and working_end(days, sent, self.terminated_days)
        if claim.kind == "return" and _all(lines, NOTHING_TO_SEND_BACK):
            return "eu_withdrawal_refund_service", from_asking
        if all(m.has("collection_offered") for m in lines):
            return "eu_withdrawal_refund_collected", from_asking
        return "eu_withdrawal_refund", sent and max(from_asking, working_end(days, sent, 0))

    def late(self, claim: Asked, amount: int, due: date) -> tuple[str, int] | None:
        """National law."""
        return None

    def bearer(self, order: Bought, lines: Sequence[Matter]) -> str | None:
        """CRD 14(1): the buyer only if told. SGD 14(2): the seller of what does not conform."""
        told = all(m.has("return_cost_notice") for m in lines if m.goods)
        return "buyer" if lines[0].fault == "buyer" and told else "seller"


def sent_or_back(claim: Asked, lines: Sequence[Matter]) -> date | None:
    """The day of the proof that the goods were sent, or of their receipt. Nothing of a service comes back."""
    days = lines[0].days
    if claim.sent_at or claim.back_at:
        return days.of(claim.sent_at or claim.back_at)  # type: ignore[arg-type]
    return lines[0].asked if _all(lines, NOTHING_TO_SEND_BACK) else None


def _of_the_seller(claim: Asked) -> bool:
    return claim.reason in NOT_CONFORM or claim.reason in ("delayed_delivery", "lost_in_delivery", "out_of_stock")


def _all(lines: Sequence[Matter], natures: frozenset[str]) -> bool:
    return all(m.nature in natures for m in lines)
