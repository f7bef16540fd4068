"""The United States: UCC 2-601 to 2-725, 16 CFR 435, California Civil Code 1723, New York GBL 218-a."""

from collections.abc import Iterator, Sequence
from datetime import date

from tests.engine.oracle.cases import NOTHING_TO_SEND_BACK, Asked, Bought
from tests.engine.oracle.counting import days_after, same_date
from tests.engine.oracle.judge import Bar, Right
from tests.engine.oracle.matter import ENDLESS, Matter

NOT_CONFORM = frozenset({"defective", "not_as_described", "wrong_item", "missing_item"})
MENDABLE = frozenset({"defective", "not_as_described"})
LATE = ("delayed_delivery", "out_of_stock")


class America:
    def rights(self, m: Matter) -> Iterator[Right]:
        if m.kind == "cancel":
            yield from self._before_shipping(m)
        elif not m.goods:
            return
        elif m.kind == "return" and m.fault == "buyer":  # where the seller showed no policy: 1723(c)(1), 218-a(3)
            yield Right("us_no_policy_shown", days_after(m.contract, 30))
        elif m.kind == "return" and m.reason in NOT_CONFORM:  # 2-601, 2-608: after a cure; 2-725(1): four years
            records = m.records & {"cure_refused", "cure_late", "serious_defect"}
            opened = m.cure_was_tried or bool(records)
            yield Right("us_rejection_of_goods", same_date(m.delivered, 48), is_open=opened, may_open=True)
        elif m.kind == "refund" and m.reason in ("missing_item", "lost_in_delivery"):  # 2-711(1)
            yield Right("us_goods_not_delivered", same_date(m.shipped, 48))

    def _before_shipping(self, m: Matter) -> Iterator[Right]:
        """Practice. 16 CFR 435.2: a right if the goods are late."""
        yield Right("us_before_shipping", ENDLESS)
        if m.goods and m.reason in LATE:
            yield Right("us_late_shipment", ENDLESS, is_open=m.has("cure_late"), may_open=True)

    def bars(self, m: Matter) -> Iterator[Bar]:
        """1723(b), 218-a(3)."""
        if m.kind != "return" or m.fault != "buyer" or not m.goods:
            return
        if m.nature == "custom_made":
            yield Bar("us_custom_made", "custom_made")
        if m.nature == "perishable":
            yield Bar("us_perishable", "value_lost_by_time")
        if m.nature == "hygiene" and m.says("seal_broken"):
            yield Bar("us_hygiene_unsealed", "hygiene_unsealed")
        if m.says("used"):
            yield Bar("us_used", "used_or_consumed")
        if m.says("damaged"):
            yield Bar("us_damaged", "damaged_by_buyer")
        if m.has("no_returns_in_ad"):
            yield Bar("us_final_sale", "no_returns_agreed")

    def due(self, claim: Asked, lines: Sequence[Matter]) -> tuple[str, date | None] | None:
        """16 CFR 435.1(b)(1): seven working days. Otherwise the same days are practice."""
        prompt = claim.kind == "cancel" and claim.reason in LATE
        if prompt and all(m.goods and m.has("cure_late") for m in lines):
            return "us_prompt_refund", lines[0].days.working_days(lines[0].asked, 7)
        return seven_working_days(claim, lines, ("us_cancelled", "us_returned", "us_refund"))

    def late(self, claim: Asked, amount: int, due: date) -> tuple[str, int] | None:
        return None

    def bearer(self, order: Bought, lines: Sequence[Matter]) -> str | None:
        """UCC 2-715(1) at the seller's fault. Otherwise as posted."""
        return lines[0].fault


class Australia:
    """Australian Consumer Law 259 to 269. The guarantees have no number of months, and no change of mind."""

    def rights(self, m: Matter) -> Iterator[Right]:
        if m.kind == "cancel":  # practice
            yield Right("au_before_shipping", ENDLESS)
        elif m.fault != "seller":
            return
        elif m.goods or m.nature == "digital":  # 2(1): software is goods; 54(1)(b): not from an auction
            if m.nature != "auction" and m.reason in NOT_CONFORM:
                yield from self._goods(m)
        elif m.reason in MENDABLE:
            yield from self._services(m)

    def _goods(self, m: Matter) -> Iterator[Right]:
        major = m.has("serious_defect")
        failed = m.cure_was_tried or bool(m.records & {"cure_refused", "cure_late"})
        if m.kind in ("return", "exchange"):  # 259(2)(b), 259(3)(a), 263(4)
            yield Right("au_rejection", ENDLESS, is_open=major or failed, may_open=True)
        elif m.kind == "repair" and m.reason in MENDABLE and not major:  # 259(2)(a), 261
            yield Right("au_remedy", ENDLESS)
        elif m.kind == "refund":  # 259(3)(b)
            yield Right("au_compensation", ENDLESS, is_open=major, may_open=True)

    def _services(self, m: Matter) -> Iterator[Right]:
        major = m.has("serious_defect")
        failed = m.line.repairs > 0 or bool(m.records & {"cure_refused", "cure_late"})
        if m.kind == "return":  # 267(2)(b), 267(3)(a)
            yield Right("au_termination_of_services", ENDLESS, is_open=major or failed, may_open=True)
        elif m.kind in ("repair", "exchange") and not major:  # 267(2)(a)
            yield Right("au_remedy_of_services", ENDLESS)
        elif m.kind == "refund":  # 267(3)(b)
            yield Right("au_compensation_for_services", ENDLESS, is_open=major, may_open=True)

    def bars(self, m: Matter) -> Iterator[Bar]:
        """262(1)(c): damage that has nothing to do with the state at the supply. The seller shows it."""
        if m.fault == "seller" and m.kind in ("return", "exchange") and m.goods and m.says("damaged"):
            yield Bar("au_damaged_by_buyer", "damaged_by_buyer", proven=False)

    def due(self, claim: Asked, lines: Sequence[Matter]) -> tuple[str, date | None] | None:
        """Practice, as the law sets no day: seven working days."""
        if claim.kind in ("return", "exchange") and all(m.nature in NOTHING_TO_SEND_BACK for m in lines):
            approved = claim.approved_at and lines[0].days.of(claim.approved_at)
            return "au_services_ended", approved and lines[0].days.working_days(approved, 7)
        return seven_working_days(claim, lines, ("au_cancelled", "au_returned", "au_refund"))

    def late(self, claim: Asked, amount: int, due: date) -> tuple[str, int] | None:
        return None

    def bearer(self, order: Bought, lines: Sequence[Matter]) -> str | None:
        """As posted for a change of mind."""
        return lines[0].fault


def seven_working_days(
    claim: Asked, lines: Sequence[Matter], codes: tuple[str, str, str]
) -> tuple[str, date | None] | None:
    """Practice: from the cancellation, from the goods, or from the approval of a refund with the goods kept."""
    days, asked = lines[0].days, lines[0].asked
    if claim.kind == "repair":
        return None
    if claim.kind == "cancel":
        return codes[0], days.working_days(asked, 7)
    if claim.kind == "refund":
        return codes[2], claim.approved_at and days.working_days(days.of(claim.approved_at), 7)
    back = claim.back_at or (claim.asked_at if all(m.nature in NOTHING_TO_SEND_BACK for m in lines) else None)
    return codes[1], back and days.working_days(days.of(back), 7)
