"""Brazil: Código de Defesa do Consumidor (CDC) 18 to 20, 26, 35, 49, Código Civil 132, 205."""

from collections.abc import Iterator, Sequence
from datetime import date

from tests.engine.oracle.cases import Asked, Bought
from tests.engine.oracle.counting import working_date, working_end
from tests.engine.oracle.days import plus
from tests.engine.oracle.judge import Bar, Right
from tests.engine.oracle.matter import ENDLESS, NOT_BEGUN, Matter

FAULTY = frozenset({"defective", "not_as_described", "wrong_item"})
CHOICES = frozenset({"exchange", "return", "refund"})


class Brazil:
    def rights(self, m: Matter) -> Iterator[Right]:
        if m.kind == "cancel" and m.goods:  # 49: the days from the receipt have not begun
            yield Right("br_before_shipping", ENDLESS)
        if m.kind in ("cancel", "return"):
            yield from self._withdrawal(m)
        if m.fault == "seller" and m.kind != "cancel":
            yield from self._defects(m)
        if m.kind in ("refund", "exchange") and m.reason == "lost_in_delivery" and m.goods:  # 35, Código Civil 205
            yield Right("br_goods_not_delivered", working_date(m.days, m.shipped, 120))

    def _withdrawal(self, m: Matter) -> Iterator[Right]:
        """49: seven days from the contract or the receipt, whichever is later."""
        received, sent = working_end(m.days, m.delivered, 7), working_end(m.days, m.shipped, 7)
        if not m.goods and m.fault != "seller":
            end = received if received == NOT_BEGUN else max(received, working_end(m.days, m.contract, 7))
            yield Right("br_withdrawal_from_services", end, sent=sent)
        elif m.goods and m.kind == "return" and m.fault != "undecided":  # no reason is needed
            yield Right("br_withdrawal", received, sent=sent)

    def _defects(self, m: Matter) -> Iterator[Right]:
        """18: the cure comes first. 19: not for a quantity that is too small. 20: not for services. 26: the days."""
        perishable = m.nature == "perishable"
        if not m.goods and m.nature != "digital":
            yield from self._services(m)
        elif m.kind in CHOICES and m.reason == "missing_item":
            code = "br_missing_quantity_of_perishables" if perishable else "br_missing_quantity"
            yield Right(code, self._days_to_complain(m, m.first_goods))
        elif m.kind in CHOICES and m.reason in FAULTY:
            code = "br_choice_for_perishables" if perishable else "br_choice_after_cure"
            yield self._choice(m, code, m.first_goods)
            if m.reason == "defective":  # 26 § 3: hidden defects of any product
                hidden = "br_choice_for_hidden_defects" + ("_of_perishables" if perishable else "")
                yield self._choice(m, hidden, m.known)
        elif m.kind == "repair" and m.reason in ("defective", "not_as_described"):  # 18: what is defective is put right
            code = "br_cure_of_perishables" if perishable else "br_cure"
            yield Right(code, self._days_to_complain(m, m.first_goods))
            if m.reason == "defective":
                hidden = "br_cure_of_hidden_defects" + ("_of_perishables" if perishable else "")
                yield Right(hidden, self._days_to_complain(m, m.known))

    def _services(self, m: Matter) -> Iterator[Right]:
        if m.kind in CHOICES and m.reason in ("defective", "not_as_described"):
            code = "br_dated_services" if m.nature == "dated_service" else "br_services"
            yield Right(code, self._days_to_complain(m, m.first_goods))
            if m.reason == "defective":  # 26 § 3
                hidden = "br_hidden_defects_of_" + ("dated_services" if m.nature == "dated_service" else "services")
                yield Right(hidden, self._days_to_complain(m, m.known))

    def _choice(self, m: Matter, code: str, begin: date | None) -> Right:
        records = m.records & {"cure_refused", "cure_late", "serious_defect"}
        is_open = m.cure_was_tried or bool(records)
        return Right(code, self._days_to_complain(m, begin), is_open=is_open, may_open=True)

    def _days_to_complain(self, m: Matter, begin: date | None) -> date:
        """26 I, II: thirty days for what does not last, ninety for what lasts. § 2 I: a complaint stops them,
        and a replacement goes on with them."""
        if begin is None or m.first_goods is None:
            return NOT_BEGUN
        count = 30 if m.nature in ("perishable", "dated_service") else 90
        return m.days.moved(plus(begin, count + m.line.cure_days))

    def bars(self, m: Matter) -> Iterator[Bar]:
        """49 has no exception."""
        yield from ()

    def due(self, claim: Asked, lines: Sequence[Matter]) -> tuple[str, date | None] | None:
        """49 parágrafo único, 18 § 1 II, 19 IV, 20 II: at once."""
        if claim.kind == "repair":
            return None
        return "br_defect" if lines[0].fault == "seller" else "br_withdrawn", lines[0].asked

    def late(self, claim: Asked, amount: int, due: date) -> tuple[str, int] | None:
        return None

    def bearer(self, order: Bought, lines: Sequence[Matter]) -> str | None:
        """49 parágrafo único, 51 II: whatever the reason, the seller."""
        return "seller"
