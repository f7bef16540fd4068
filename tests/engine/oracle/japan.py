"""Japan: Act on Specified Commercial Transactions (SCTA) 15-3, Civil Code 166, 404, 541 to 566. Nothing moves."""

from collections.abc import Iterator, Sequence
from datetime import date

from tests.engine.oracle.cases import NOTHING_TO_SEND_BACK, Asked, Bought
from tests.engine.oracle.counting import day_before, days_after, first_of
from tests.engine.oracle.days import plus
from tests.engine.oracle.interest import one_rate
from tests.engine.oracle.judge import Bar, Right
from tests.engine.oracle.matter import ENDLESS, Matter

FAULTY = frozenset({"defective", "not_as_described", "wrong_item"})


class Japan:
    def rights(self, m: Matter) -> Iterator[Right]:
        if m.kind == "cancel" and m.fault == "seller":  # 541, 542
            yield Right("jp_not_supplied", ENDLESS)
        elif m.kind == "cancel" and m.goods:  # SCTA 15-3(1)
            yield Right("jp_before_shipping", ENDLESS)
        elif m.kind == "return" and m.fault == "buyer" and m.goods:  # the day of the delivery is the first of eight
            yield Right("jp_statutory_return", days_after(m.delivered, 7), sent=days_after(m.shipped, 7))
        elif m.fault == "seller" and m.reason in FAULTY:
            yield from self._not_conform(m)
        elif m.kind in ("exchange", "refund") and m.reason == "missing_item":  # 562, 563, 166(1)
            yield _from_knowing(m, "jp_missing_goods", 60)
        elif m.kind in ("exchange", "refund") and m.reason == "lost_in_delivery":  # 166(1)1
            yield Right("jp_lost_goods", day_before(m.shipped, 60))

    def _not_conform(self, m: Matter) -> Iterator[Right]:
        """562: cure. 563: a lower price. 541, 542, 564: rescission. 566: notice in a year, unless the seller knew."""
        opened = m.cure_was_tried or bool(m.records & {"cure_refused", "cure_late"})
        knew = m.has("seller_knew")
        if m.kind in ("repair", "exchange"):
            yield _from_knowing(m, "jp_cure", 12)
            if knew:
                yield _from_knowing(m, "jp_cure_if_the_seller_knew", 60)
        elif m.kind == "return":
            opened = opened or m.has("serious_defect")
            yield _from_knowing(m, "jp_rescission", 12, is_open=opened)
            if knew:
                yield _from_knowing(m, "jp_rescission_if_the_seller_knew", 60, is_open=opened)
        elif m.kind == "refund":
            yield _from_knowing(m, "jp_lower_price", 12, is_open=opened)
            if knew:
                yield _from_knowing(m, "jp_lower_price_if_the_seller_knew", 60, is_open=opened)

    def bars(self, m: Matter) -> Iterator[Bar]:
        """SCTA 15-3(1) proviso: shown in the ad and on the final screen."""
        shown = m.has("no_returns_in_ad", "no_returns_on_final_screen")
        if m.fault == "buyer" and m.kind in ("cancel", "return") and shown:
            yield Bar("jp_no_returns_agreed", "no_returns_agreed")

    def due(self, claim: Asked, lines: Sequence[Matter]) -> tuple[str, date | None] | None:
        """Practice, as the law sets no day: seven days."""
        days, asked = lines[0].days, lines[0].asked
        if claim.kind == "cancel":
            return "jp_cancelled", plus(asked, 7)
        if claim.kind == "refund":
            return "jp_goods_kept", claim.approved_at and plus(days.of(claim.approved_at), 7)
        if claim.kind == "repair":
            return None
        if all(m.nature in NOTHING_TO_SEND_BACK for m in lines):
            return "jp_services_and_digital_content", plus(asked, 7)
        return "jp_returned_goods", claim.back_at and plus(days.of(claim.back_at), 7)

    def late(self, claim: Asked, amount: int, due: date) -> tuple[str, int] | None:
        """Civil Code 404(2), 419(1): 3 %."""
        return "late_interest", one_rate(amount, claim.days_late, 3)

    def bearer(self, order: Bought, lines: Sequence[Matter]) -> str | None:
        """SCTA 15-3(2)."""
        return lines[0].fault


def _from_knowing(m: Matter, code: str, months: int, *, is_open: bool = True) -> Right:
    """So many months from knowing, and ten years from the delivery."""
    end = first_of(day_before(m.delivered, 120), day_before(m.known, months))
    return Right(code, end, is_open=is_open, may_open=True, if_seen=day_before(m.delivered, months))
