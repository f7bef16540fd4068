"""The United Kingdom: CCR 2013, CRA 2015, Limitation Act 1980. A period ends on its last day, working day or not."""

from collections.abc import Iterator, Sequence
from datetime import date

from tests.engine.oracle.cases import NOTHING_TO_SEND_BACK, SELLERS_REASONS, Asked, Bought
from tests.engine.oracle.counting import days_after, first_of, same_date
from tests.engine.oracle.days import plus, to_the_date
from tests.engine.oracle.judge import Bar, Right
from tests.engine.oracle.matter import ENDLESS, NOT_BEGUN, Matter

FAULTY = frozenset({"defective", "not_as_described", "wrong_item"})
EXCEPTED = {  # CCR 28(1)
    "market_priced": ("uk_market_priced", "market_priced"),
    "custom_made": ("uk_custom_made", "custom_made"),
    "perishable": ("uk_perishable", "value_lost_by_time"),
    "urgent_repair": ("uk_urgent_repair", "urgent_repair"),
    "publication": ("uk_publication", "publication"),
    "auction": ("uk_public_auction", "auction"),
    "dated_service": ("uk_dated_service", "dated_service"),
}


class Britain:
    def rights(self, m: Matter) -> Iterator[Right]:
        if m.kind == "cancel" and m.goods:  # CCR 29(1), 30(1)
            yield Right("uk_before_shipping", ENDLESS)
        if m.kind == "return" and m.goods and m.fault != "undecided":
            yield from self._cancellation(m)
        if m.kind in ("cancel", "return") and not m.goods and m.fault != "seller":
            yield from self._cancellation_of_services(m)
        if m.fault == "seller" and m.kind != "cancel":
            yield from self._remedies_for_goods(m) if m.goods else self._remedies_for_others(m)

    def _cancellation(self, m: Matter) -> Iterator[Right]:
        """CCR 30(3) to (6), 31."""
        regular = m.nature == "subscription"
        begins = m.first_delivered if regular else m.all_delivered
        what, sent = "regular_deliveries" if regular else "goods", days_after(m.shipped, 14)
        if m.fault == "buyer" or regular:
            yield Right(f"uk_cancellation_of_{what}", days_after(begins, 14), sent=sent)
        elif m.nature in ("standard", "second_hand", "vehicle"):  # CCR 29(1): no reason is needed
            yield Right("uk_cancellation_for_any_reason", days_after(begins, 14), sent=sent)
        if m.fault == "buyer" and m.has("information_missing"):
            yield Right(f"uk_{what}_without_information", _without_information(m, begins), sent=sent)

    def _cancellation_of_services(self, m: Matter) -> Iterator[Right]:
        """CCR 30(2), 31."""
        yield Right("uk_cancellation_of_services", days_after(m.contract, 14))
        if m.has("information_missing"):
            yield Right("uk_services_without_information", _without_information(m, m.contract))

    def _remedies_for_goods(self, m: Matter) -> Iterator[Right]:
        six_years = same_date(m.delivered, 72)  # Limitation Act 5
        conform = m.reason not in FAULTY and m.reason != "missing_item"
        if m.kind == "return" and not conform:
            yield from self._short_term_right(m)
            yield _second(m, "uk_final_right_to_reject", six_years, tried=m.cure_was_tried)
        elif m.kind in ("exchange", "repair") and not conform:  # CRA 23
            yield Right("uk_repair_or_replacement", six_years)
        elif m.kind == "refund" and m.reason in FAULTY:
            yield _second(m, "uk_price_reduction", six_years, tried=m.cure_was_tried)
        elif m.kind == "refund" and m.reason == "missing_item":  # CRA 25(1)
            yield Right("uk_missing_goods", six_years)
        if m.kind in ("refund", "exchange") and m.reason == "lost_in_delivery":  # CRA 28, 29(2)
            yield Right("uk_lost_goods", same_date(m.shipped, 72))

    def _short_term_right(self, m: Matter) -> Iterator[Right]:
        """CRA 22(3): thirty days. 22(4) has no number for what perishes. 22(6), (7): the days of a cure do not count,
        and seven days are left after a repair."""
        if m.nature != "perishable":
            end = days_after(m.first_goods, 30)
            yield Right("uk_short_term_right_to_reject", end if end == NOT_BEGUN else plus(end, m.line.cure_days))
        if m.line.repairs and m.repaired:
            yield Right("uk_short_term_right_after_repair", days_after(m.repaired, 7))

    def _remedies_for_others(self, m: Matter) -> Iterator[Right]:
        """CRA 42 to 44 for digital content, 54 to 56 for services: performed again, or a lower price. No rejection."""
        digital = m.nature == "digital"
        if m.reason not in FAULTY or (m.reason == "wrong_item" and not digital):
            return
        six_years = same_date(m.delivered, 72)
        if m.kind == "refund":
            what = "digital_content" if digital else "services"
            yield _second(m, f"uk_price_reduction_of_{what}", six_years, tried=False)
        elif m.kind == "exchange" or (m.kind == "repair" and digital):
            yield Right(
                "uk_repair_or_replacement_of_digital_content" if digital else "uk_repeat_performance", six_years
            )

    def bars(self, m: Matter) -> Iterator[Bar]:
        if m.fault != "buyer" or m.kind not in ("cancel", "return"):
            return
        if m.nature in EXCEPTED:
            yield Bar(*EXCEPTED[m.nature])
        if m.kind == "return":
            yield from _unsealed(m)
        agreed = m.has("consent", "acknowledgement")
        if m.nature == "service" and m.says("performed") and agreed:  # CCR 36(2)
            yield Bar("uk_service_performed", "service_begun")
        if m.nature == "digital" and m.says("begun") and agreed:  # CCR 37
            yield Bar("uk_digital_begun", "digital_begun")

    def due(self, claim: Asked, lines: Sequence[Matter]) -> tuple[str, date | None] | None:
        days, asked = lines[0].days, lines[0].asked
        agreed = claim.approved_at and days.of(claim.approved_at)
        of_agreement = agreed and plus(agreed, 13)  # CRA 20(15): "beginning with the day on which the trader agrees"
        if claim.kind == "return" and claim.reason in SELLERS_REASONS:
            return "uk_rejected_goods", of_agreement
        if claim.kind == "refund":
            return "uk_price_reduction", of_agreement
        if claim.kind == "cancel":
            return "uk_cancelled", plus(asked, 14)
        if claim.kind == "return" and all(m.has("collection_offered") for m in lines):  # CCR 34(6)
            return "uk_collection_offered", plus(asked, 14)
        nothing_back = all(m.nature in NOTHING_TO_SEND_BACK for m in lines)
        if claim.kind == "return" and nothing_back:
            return "uk_nothing_comes_back", plus(asked, 14)
        if claim.kind == "repair":
            return None
        sent = claim.sent_at or claim.back_at or (claim.asked_at if nothing_back else None)
        return "uk_goods_sent_back", sent and plus(days.of(sent), 14)  # CCR 34(5)

    def late(self, claim: Asked, amount: int, due: date) -> tuple[str, int] | None:
        return None

    def bearer(self, order: Bought, lines: Sequence[Matter]) -> str | None:
        """CCR 35(5): the buyer only if told. CRA 20(8): the trader of what does not conform."""
        told = all(m.has("return_cost_notice") for m in lines if m.goods)
        return "buyer" if lines[0].fault == "buyer" and told else "seller"


def _without_information(m: Matter, begins: date | None) -> date:
    """CCR 31: twelve months after the day on which the first period ends, or fourteen days from the information."""
    initial = days_after(begins, 14)
    longest = initial if initial == NOT_BEGUN else to_the_date(initial, 12)
    return first_of(longest, days_after(m.informed, 14))


def _second(m: Matter, code: str, end: date, *, tried: bool) -> Right:
    """CRA 24(5), 44(3), 56(3): after a cure, or if there was none in a reasonable time."""
    return Right(code, end, is_open=tried or bool(m.records & {"cure_refused", "cure_late"}), may_open=True)


def _unsealed(m: Matter) -> Iterator[Bar]:
    """CCR 28(3)."""
    if m.nature == "hygiene" and m.says("seal_broken"):
        yield Bar("uk_hygiene_unsealed", "hygiene_unsealed")
    if m.nature == "sealed_media" and m.says("seal_broken"):
        yield Bar("uk_seal_broken", "seal_broken")
    if m.nature == "inseparable":
        yield Bar("uk_inseparable", "inseparable")
