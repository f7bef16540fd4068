"""Germany, France, Spain and Italy: what their law says beside the directives."""

from collections.abc import Iterator
from datetime import date

from tests.engine.oracle.cases import Asked
from tests.engine.oracle.counting import working_date
from tests.engine.oracle.days import plus, to_the_date
from tests.engine.oracle.europe import FAULTY, Union
from tests.engine.oracle.interest import interest, months_begun
from tests.engine.oracle.judge import Right
from tests.engine.oracle.matter import NOT_BEGUN, Matter


class Germany(Union):
    """BGB 355 to 357a, 437 to 441, 475 to 477, 327 to 327o, 288. 356(3) is read as CRD 10(1), which it transposes: the
    fourteen days come before the twelve months."""

    tail = "de"
    digital_tails = True  # BGB 327j(4)
    lost_months = 36  # BGB 195
    base_rates = ((date(2025, 7, 1), 127), (date(2026, 7, 1), 152))

    def shown_until(self, m: Matter, knew: date) -> date:
        """BGB 475e(3): not before four months after the defect first showed."""
        return working_date(m.days, knew, 4)

    def after_cure(self, m: Matter) -> Iterator[Right]:
        """BGB 475e(4): not before two months after the goods came back."""
        if m.repaired:
            yield Right("de_after_cure", working_date(m.days, m.repaired, 2))

    def late(self, claim: Asked, amount: int, due: date) -> tuple[str, int] | None:
        """BGB 288(1), 247: five points above the base rate."""
        rates = tuple((first, base + 500) for first, base in self.base_rates)
        return "late_interest", interest(amount, due, claim.days_late, rates)


class France(Union):
    """Code de la consommation L216, L217, L221, L224-25, L241, L242."""

    tail = "fr"
    digital_tails = True  # L224-25-12
    lost_months = 60  # Code civil 2224
    terminated_days = 14  # L217-17
    reduction_anchor = lost_anchor = "asked"  # L217-17, L216-7
    legal_rates = ((date(2024, 7, 1), 816), (date(2025, 1, 1), 721), (date(2025, 7, 1), 665), (date(2026, 1, 1), 667))

    def rights(self, m: Matter) -> Iterator[Right]:
        yield from super().rights(m)
        if m.kind == "cancel" and m.reason == "out_of_stock" and not m.goods and m.nature != "digital":
            yield Right("fr_service_not_supplied", date.max)  # L216-6 II 1°

    def shown_until(self, m: Matter, knew: date) -> date:
        """L217-3, Code civil 2224: five years from knowing."""
        return working_date(m.days, knew, 60)

    def after_cure(self, m: Matter) -> Iterator[Right]:
        """L217-13: six months more."""
        yield Right("fr_conformity_after_repair", working_date(m.days, m.delivered, 30))

    def late(self, claim: Asked, amount: int, due: date) -> tuple[str, int] | None:
        """L241-7 for defects, L241-4 for deliveries, L242-4 for withdrawals."""
        if claim.reason in FAULTY and claim.kind in ("return", "refund", "exchange"):
            return "fr_late_conformity_refund", amount * _for_defects(claim.days_late) // 100
        undelivered = claim.reason in ("missing_item", "delayed_delivery", "lost_in_delivery", "out_of_stock")
        if undelivered and claim.kind in ("return", "refund", "cancel"):
            return "fr_late_delivery_refund", amount * _for_defects(claim.days_late) // 100
        if claim.days_late <= 10:
            return "late_interest", interest(amount, due, claim.days_late, self.legal_rates)
        return "late_interest", amount * _for_withdrawals(due, claim.days_late) // 100


def _for_defects(late: int) -> int:
    """L241-4, L241-7: 10 % up to 14 days, 20 % up to 30 days, 50 % later."""
    if late <= 0:
        return 0
    return 10 if late <= 14 else 20 if late <= 30 else 50


def _for_withdrawals(due: date, late: int) -> int:
    """L242-4: 5, 10, 20 and 50 %, and five points for each further month, up to the price."""
    for until, percent in ((20, 5), (30, 10), (60, 20), (90, 50)):
        if late <= until:
            return percent
    return min(100, 50 + 5 * months_begun(plus(due, 90), late - 90))


class Spain(Union):
    """Real Decreto Legislativo 1/2007, 102 to 108, 118 to 124."""

    tail = "es"
    digital_tails = True  # 124
    goods_months = lost_months = 36  # 120(1); 66 bis, 66 ter name no time
    terminated_days = 14  # 119 quater
    reduction_anchor = "asked"  # 119 quater

    def liability(self, m: Matter, months: int) -> date:
        """122(1), (2): the time stops during a cure. A replacement goes on with the time of the first goods."""
        if m.first_goods is None:
            return NOT_BEGUN
        return m.days.moved(plus(to_the_date(m.first_goods, months), m.line.cure_days))

    def shown_until(self, m: Matter, knew: date) -> date:
        """124: five years from the day on which the defect showed."""
        return working_date(m.days, knew, 60)

    def _after_repair(self, m: Matter) -> Iterator[Right]:
        """122(3): one year after the cure. The three years of 120(1) are more than SGD 10(2a) asks for."""
        if m.goods and m.reason in ("defective", "not_as_described"):
            if m.line.repairs and m.repaired:
                yield Right("es_after_cure", working_date(m.days, m.repaired, 12))
            if m.line.replaces:
                yield Right("es_after_replacement", working_date(m.days, m.delivered, 12))


class Italy(Union):
    """Codice del consumo 52 to 59, 128 to 135-septies."""

    tail = "it"

    def shown_until(self, m: Matter, knew: date) -> date:
        """133(3): twenty-six months from the delivery."""
        return working_date(m.days, m.delivered, 26)
