"""Taiwan and China: the consumer laws, and the civil codes on periods, defects and interest."""

from collections.abc import Iterator, Sequence
from datetime import date

from tests.engine.oracle.cases import NOTHING_TO_SEND_BACK, SELLERS_REASONS, Asked, Bought
from tests.engine.oracle.counting import first_of, working_date, working_day_before, working_end
from tests.engine.oracle.interest import one_rate
from tests.engine.oracle.judge import Bar, Right
from tests.engine.oracle.matter import ENDLESS, Matter

FAULTY = frozenset({"defective", "not_as_described", "wrong_item"})


TOLD_OF = {  # Criteria 2 nos. 1 to 3
    "perishable": ("tw_perishable", "value_lost_by_time"),
    "custom_made": ("tw_custom_made", "custom_made"),
    "publication": ("tw_publication", "publication"),
}


class Taiwan:
    """Consumer Protection Act (CPA) 18 to 19-2, Criteria 2, Enforcement Rules 17, 18, Civil Code 120 to 365."""

    def rights(self, m: Matter) -> Iterator[Right]:
        if m.kind == "cancel":  # Enforcement Rules 18: also before the receipt
            yield Right("tw_before_receipt", ENDLESS)
        if m.kind == "return" and m.fault != "undecided":  # CPA 19(1): without a reason, whatever the reason is
            sent = working_end(m.days, m.shipped, 7)
            yield Right("tw_rescission_without_reason", working_end(m.days, m.delivered, 7), sent=sent)
            if m.has("information_missing"):  # CPA 19(3)
                longest = working_day_before(m.days, m.delivered, 4)
                informed = working_end(m.days, m.informed, 7)
                yield Right("tw_rescission_without_information", first_of(longest, informed), sent=sent)
        if m.kind in ("return", "exchange") and m.goods and m.reason in FAULTY:  # Civil Code 359, 364, 365
            known = working_day_before(m.days, m.known, 6)
            end = first_of(working_day_before(m.days, m.delivered, 60), known)
            yield Right("tw_defective_goods", end, if_seen=working_day_before(m.days, m.delivered, 6))
            if m.has("seller_knew"):  # Civil Code 357, 365(2)
                yield Right("tw_concealed_defect", working_day_before(m.days, m.delivered, 60))
        if m.kind in ("refund", "exchange") and m.reason in ("missing_item", "lost_in_delivery"):  # Civil Code 125
            yield Right("tw_missing_or_lost_goods", working_day_before(m.days, m.shipped, 180))

    def bars(self, m: Matter) -> Iterator[Bar]:
        if m.fault != "buyer" or m.kind not in ("cancel", "return"):
            return
        if m.has("notice"):
            yield from self._told(m)
        if m.kind == "return" and m.says("damaged"):  # Enforcement Rules 17: not by a needed inspection
            yield Bar("tw_damaged_by_buyer", "damaged_by_buyer", proven=False)

    def _told(self, m: Matter) -> Iterator[Bar]:
        if m.nature in TOLD_OF:
            yield Bar(*TOLD_OF[m.nature])
        if m.nature == "digital" and m.says("begun") and m.has("consent"):  # no. 5
            yield Bar("tw_digital_begun", "digital_begun")
        if m.nature == "service" and m.says("performed") and m.has("consent"):  # no. 5: if complete at once
            yield Bar("tw_service_performed", "service_begun", proven=False)
        unsealed = m.kind == "return" and m.says("seal_broken")
        if unsealed and m.nature == "sealed_media":  # no. 4
            yield Bar("tw_seal_broken", "seal_broken")
        if unsealed and m.nature == "hygiene":  # no. 6
            yield Bar("tw_hygiene_unsealed", "hygiene_unsealed")

    def due(self, claim: Asked, lines: Sequence[Matter]) -> tuple[str, date | None] | None:
        """CPA 19-2(2): fifteen days. For what never came the same days from the approval are practice."""
        return _due(claim, lines, 15, "tw")

    def late(self, claim: Asked, amount: int, due: date) -> tuple[str, int] | None:
        """Civil Code 203: 5 %."""
        return "late_interest", one_rate(amount, claim.days_late, 5)

    def bearer(self, order: Bought, lines: Sequence[Matter]) -> str | None:
        """CPA 19(1): no cost for the buyer."""
        return "seller"


class China:
    """Consumer Rights Law (CRL) 23 to 25, Civil Code 188, 201 to 203, 621."""

    def rights(self, m: Matter) -> Iterator[Right]:
        if m.kind == "cancel":  # practice
            yield Right("cn_before_shipping", ENDLESS)
        elif m.kind == "return" and m.fault == "buyer" and _is_of_goods(m):  # CRL 25(1)
            yield Right("cn_return_without_reason", working_end(m.days, m.delivered, 7))
        elif m.reason in FAULTY:
            yield from self._quality(m)
        if m.kind in ("exchange", "refund") and m.reason == "missing_item":  # Civil Code 621(2)
            yield Right("cn_missing_goods", working_date(m.days, m.delivered, 24))
        if m.kind in ("exchange", "refund") and m.reason == "lost_in_delivery":
            yield Right("cn_lost_goods", self._limitation(m, m.shipped))

    def _quality(self, m: Matter) -> Iterator[Right]:
        """CRL 24(1): return in seven days, and later if the conditions of rescission are met; repair or replacement.
        Civil Code 621(2), 621(3), 646: two years, and for other contracts too. No notice for a seller who knew."""
        two_years = working_date(m.days, m.delivered, 24)
        if m.kind == "return":
            if _is_of_goods(m):
                yield Right("cn_return_for_quality", working_end(m.days, m.delivered, 7))
            records = m.records & {"cure_refused", "cure_late", "serious_defect"}
            is_open = m.cure_was_tried or bool(records)
            yield Right("cn_return_after_seven_days", two_years, is_open=is_open, may_open=True)
            if m.has("seller_knew"):
                yield self._if_the_seller_knew(m, "cn_return_if_the_seller_knew", is_open=is_open)
        if m.kind in ("repair", "exchange"):
            yield Right("cn_repair_or_replacement", two_years)
            if m.has("seller_knew"):
                yield self._if_the_seller_knew(m, "cn_remedies_if_the_seller_knew", is_open=True)

    def _if_the_seller_knew(self, m: Matter, code: str, *, is_open: bool) -> Right:
        seen = working_date(m.days, m.delivered, 36)
        return Right(code, self._limitation(m, m.delivered), is_open=is_open, may_open=True, if_seen=seen)

    def _limitation(self, m: Matter, begin: date | None) -> date:
        """Civil Code 188: three years from knowing, and twenty years."""
        return first_of(working_date(m.days, begin, 240), working_date(m.days, m.known, 36))

    def bars(self, m: Matter) -> Iterator[Bar]:
        if m.fault != "buyer":
            return
        if m.kind == "return":
            yield from self._kinds_of_goods(m)
            yield from self._must_be_intact(m)

    def _kinds_of_goods(self, m: Matter) -> Iterator[Bar]:
        """CRL 25(1). Whether content that is sold as a download has no return before it is downloaded is open."""
        if m.nature == "custom_made":
            yield Bar("cn_custom_made", "custom_made")
        if m.nature == "perishable":
            yield Bar("cn_perishable", "value_lost_by_time")
        if m.nature == "sealed_media" and m.says("seal_broken"):
            yield Bar("cn_seal_broken", "seal_broken")
        if m.nature == "digital":
            yield Bar("cn_sold_as_a_download", "digital_begun", proven=False)
            if m.says("begun"):
                yield Bar("cn_downloaded", "digital_begun")
        if m.nature == "publication":
            yield Bar("cn_publication", "publication")

    def _must_be_intact(self, m: Matter) -> Iterator[Bar]:
        """CRL 25(2): other goods that were confirmed at the purchase. 25(3): intact goods."""
        if m.goods and m.has("notice", "consent"):
            yield Bar("cn_confirmed_at_purchase", "no_returns_agreed", proven=False)
        if m.says("damaged"):
            yield Bar("cn_damaged", "damaged_by_buyer", proven=False)
        if m.says("used"):
            yield Bar("cn_used", "used_or_consumed", proven=False)

    def due(self, claim: Asked, lines: Sequence[Matter]) -> tuple[str, date | None] | None:
        """CRL 25(3): seven days from the goods. Practice for the rest."""
        told = _due(claim, lines, 7, "cn")
        if told and told[0] == "cn_returned_goods" and claim.reason in SELLERS_REASONS:
            return "cn_returned_for_quality", told[1]
        return told

    def late(self, claim: Asked, amount: int, due: date) -> tuple[str, int] | None:
        """No rate was found."""
        return None

    def bearer(self, order: Bought, lines: Sequence[Matter]) -> str | None:
        """CRL 25(3) for a change of mind, 24(2) for a defect."""
        return lines[0].fault


def _due(claim: Asked, lines: Sequence[Matter], count: int, law: str) -> tuple[str, date | None] | None:
    days, asked = lines[0].days, lines[0].asked
    if claim.kind == "repair":
        return None
    if claim.kind == "cancel":
        return f"{law}_cancelled", working_end(days, asked, count)
    if claim.kind == "refund":
        approved = claim.approved_at and days.of(claim.approved_at)
        return f"{law}_goods_never_supplied", approved and working_end(days, approved, count)
    if all(m.nature in NOTHING_TO_SEND_BACK for m in lines):
        return f"{law}_services_and_digital_content", working_end(days, asked, count)
    back = claim.back_at and days.of(claim.back_at)
    return f"{law}_returned_goods", back and working_end(days, back, count)


def _is_of_goods(m: Matter) -> bool:
    """CRL 25(1)3 names digital content among the goods."""
    return m.goods or m.nature == "digital"
