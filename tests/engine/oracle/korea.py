"""Korea: E-Commerce Act 15 to 18 and its Decree, Civil Act 157 to 162 and 572 to 582, the dispute standards."""

from collections.abc import Iterator, Sequence
from datetime import date

from tests.engine.oracle.cases import NOTHING_TO_SEND_BACK, Asked, Bought
from tests.engine.oracle.counting import first_of, working_day_before, working_end
from tests.engine.oracle.interest import one_rate
from tests.engine.oracle.judge import Bar, Right
from tests.engine.oracle.matter import ENDLESS, Matter

DEFECTS = frozenset({"defective", "not_as_described"})
SERVICES = frozenset({"service", "dated_service", "urgent_repair"})
TEN_YEARS = 120


class Korea:
    def rights(self, m: Matter) -> Iterator[Right]:
        if m.kind == "cancel":  # 17(1): until the supply
            yield Right("kr_before_shipping", ENDLESS)
        elif m.fault == "buyer" and m.kind == "return":
            yield from self._withdrawal(m)
        elif m.fault == "buyer" and m.kind == "exchange":  # practice, as long as a withdrawal
            yield Right("kr_exchange_for_change_of_mind", working_end(m.days, m.delivered, 7))
        elif m.fault == "seller" and m.kind in ("return", "exchange"):
            yield from self._differs_from_the_contract(m)
            yield from self._civil_act(m)
        elif m.fault == "seller" and m.kind == "repair" and m.goods and m.reason == "defective":
            yield Right("kr_free_repair", working_day_before(m.days, m.delivered, 12))
        if m.fault == "seller" and m.kind in ("refund", "exchange"):
            yield from self._never_supplied(m)

    def _withdrawal(self, m: Matter) -> Iterator[Right]:
        """17(1)1: seven days. 17(1)2: from the document. 17(1)3: from the end of the obstruction."""
        sent = working_end(m.days, m.shipped, 7)
        yield Right("kr_change_of_mind", working_end(m.days, m.delivered, 7), sent=sent)
        ten_years = working_day_before(m.days, m.delivered, TEN_YEARS)
        if m.has("information_missing"):
            end = first_of(ten_years, working_end(m.days, m.informed, 7))
            yield Right("kr_without_document", end, sent=sent)
        if m.has("obstructed"):
            end = first_of(ten_years, working_end(m.days, m.unobstructed, 7))
            yield Right("kr_after_obstruction", end, sent=sent)

    def _differs_from_the_contract(self, m: Matter) -> Iterator[Right]:
        """17(3): three months from the supply, thirty days from knowing."""
        code = "kr_sellers_fault" if m.kind == "return" else "kr_exchange_at_sellers_fault"
        yield self._three_months(m, code)

    def _three_months(self, m: Matter, code: str) -> Right:
        end = first_of(working_day_before(m.days, m.delivered, 3), working_end(m.days, m.known, 30))
        return Right(code, end, if_seen=working_end(m.days, m.delivered, 30))

    def _from_knowing(self, m: Matter, months: int) -> tuple[date, date]:
        """So many months from knowing and ten years from the supply, and the first of these if known on delivery."""
        ten_years = working_day_before(m.days, m.delivered, TEN_YEARS)
        end = first_of(ten_years, working_day_before(m.days, m.known, months))
        return end, working_day_before(m.days, m.delivered, months)

    def _civil_act(self, m: Matter) -> Iterator[Right]:
        """580 to 582: six months from knowing. The standards: after a cure that was tried, refused or late, a year."""
        if not m.goods or m.reason not in DEFECTS:
            return
        end, seen = self._from_knowing(m, 6)
        if m.kind == "exchange":
            yield Right("kr_replacement_of_defective_goods", end, if_seen=seen)
        else:
            serious = m.has("serious_defect")
            yield Right("kr_rescission_for_serious_defect", end, is_open=serious, may_open=True, if_seen=seen)
        if m.reason == "defective":
            opened = m.cure_was_tried or bool(m.records & {"cure_refused", "cure_late"})
            year = working_day_before(m.days, m.delivered, 12)
            yield Right("kr_quality_guarantee", year, is_open=opened, may_open=True)

    def _never_supplied(self, m: Matter) -> Iterator[Right]:
        """18(2)3, Civil Act 573, 574: what is missing. For what was lost no time runs but the ten years."""
        if m.kind == "refund" and m.reason == "missing_item":
            yield self._three_months(m, "kr_missing_goods")
            end, seen = self._from_knowing(m, 12)
            yield Right("kr_lower_price_for_missing_goods", end, if_seen=seen)
        if m.reason == "lost_in_delivery":
            yield Right("kr_lost_goods", working_day_before(m.days, m.shipped, TEN_YEARS))

    def bars(self, m: Matter) -> Iterator[Bar]:
        if m.fault != "buyer" or m.kind in ("refund", "repair"):
            return
        if m.kind != "cancel":
            yield from self._for_what_was_delivered(m)
        begun = m.says("begun") and m.has("notice") and m.all_parts_used
        if m.nature == "digital" and begun and m.has("preview"):  # 17(2)5, Decree 21-2
            yield Bar("kr_digital_begun", "digital_begun")
        if m.nature in SERVICES and begun:  # 17(2)5, 17(6)
            yield Bar("kr_service_begun", "service_begun")
        if m.nature == "custom_made" and m.has("notice", "consent"):  # Decree 21
            yield Bar("kr_custom_made", "custom_made")

    def _for_what_was_delivered(self, m: Matter) -> Iterator[Bar]:
        """17(2)1 to 17(2)4. The seller shows what the goods have lost: 17(5)."""
        if m.says("damaged"):
            yield Bar("kr_damaged_by_buyer", "damaged_by_buyer", proven=False)
        if m.says("used") and m.has("notice"):
            yield Bar("kr_used_or_consumed", "used_or_consumed", proven=False)
        if m.nature == "perishable" and m.has("notice"):
            yield Bar("kr_value_lost_by_time", "value_lost_by_time", proven=False)
        if m.nature == "sealed_media" and m.says("seal_broken"):
            if m.has("seal_notice"):
                yield Bar("kr_seal_broken", "seal_broken")
            if m.has("notice"):
                yield Bar("kr_seal_broken_after_notice", "seal_broken")

    def due(self, claim: Asked, lines: Sequence[Matter]) -> tuple[str, date | None] | None:
        """Three business days, from what the article names."""
        if claim.kind == "repair":
            return None
        code, begin = self._begin(claim, lines)
        return code, begin and lines[0].days.working_days(begin, 3)

    def _begin(self, claim: Asked, lines: Sequence[Matter]) -> tuple[str, date | None]:
        days, asked = lines[0].days, lines[0].asked
        if claim.kind == "cancel":
            out_of_stock = claim.reason == "out_of_stock"  # 15(2): from the payment
            return ("kr_out_of_stock", lines[0].paid) if out_of_stock else ("kr_cancelled", asked)
        if all(m.nature in NOTHING_TO_SEND_BACK for m in lines):  # 18(2)2
            return "kr_services_and_digital_content", asked
        if claim.kind in ("return", "exchange"):  # 18(2)1
            return "kr_returned_goods", claim.back_at and days.of(claim.back_at)
        if claim.reason in ("missing_item", "lost_in_delivery"):  # 18(2)3
            return "kr_goods_never_supplied", asked
        return "kr_goods_kept", claim.approved_at and days.of(claim.approved_at)

    def late(self, claim: Asked, amount: int, due: date) -> tuple[str, int] | None:
        """18(2), Decree 21-3: 15 %."""
        return "late_interest", one_rate(amount, claim.days_late, 15)

    def bearer(self, order: Bought, lines: Sequence[Matter]) -> str | None:
        """18(9), 18(10). Instalment Act 10(10): the seller, for 200,000 won in three instalments or more."""
        by_instalments = order.instalments >= 3 and order.paid >= 200_000
        return "buyer" if lines[0].fault == "buyer" and not by_instalments else "seller"
