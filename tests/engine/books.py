"""Books of an order and its claims: the results of the rules by simple counting, without the engine."""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.engine.model.vocabulary import Kind, State

NOTHING_HELD = {State.REJECTED, State.RETRACTED, State.EXPIRED, State.SENT_BACK}
REFUSED_UNITS_ARE_FREE = {State.ACCEPTED, State.REPAIRED, State.RESHIPPING}
SETTLED = {
    Kind.CANCEL: ("cancelled", {State.APPROVED, State.REFUNDED}),
    Kind.REFUND: ("refunded", {State.APPROVED, State.REFUNDED}),
    Kind.RETURN: ("returned", {State.ACCEPTED, State.REFUNDED}),
    Kind.REPAIR: ("", set()),
    Kind.EXCHANGE: ("exchanged", {State.ACCEPTED, State.RESHIPPING, State.EXCHANGED}),
}


class Books:
    """The quantities and the prices of one order."""

    def __init__(self, bought: Order) -> None:
        self.quantity = {line.line_id: line.quantity for line in bought.lines}
        self.paid = dict(zip(self.quantity, self._paid(bought), strict=True))
        self.goods = sum(self.paid.values())
        self.shipped: Counter[str] = Counter()

    def enter(self, order: Order) -> None:
        """A replacement is a line of the order like any other, and is delivered to the buyer."""
        for line in order.lines:
            if line.line_id not in self.quantity:
                self.quantity[line.line_id] = self.shipped[line.line_id] = line.quantity

    def where(self, claims: Iterable[Claim]) -> dict[str, Counter[str]]:
        """How many units of each line are in each place."""
        shelves: dict[str, Counter[str]] = {line_id: Counter() for line_id in self.quantity}
        for claim in claims:
            shelf, settled = SETTLED[claim.kind]
            for line in claim.lines:
                units = shelves[line.line_id]
                if claim.state in settled:
                    units[shelf] += 0 if claim.submission.amount is not None else line.payable
                elif claim.kind is Kind.REPAIR and claim.state in REFUSED_UNITS_ARE_FREE:
                    units["open_other"] += line.payable
                elif claim.state not in NOTHING_HELD:
                    units["open_cancel" if claim.kind is Kind.CANCEL else "open_other"] += line.quantity
        return shelves

    def free(self, units: Counter[str], line_id: str, kind: Kind) -> int:
        """How many units a new claim may take: those without a claim, and only shipped ones unless it cancels."""
        untouched = self.quantity[line_id] - units.total()
        in_hand = self.shipped[line_id] - units.total() + units["cancelled"] + units["open_cancel"]
        return untouched if kind is Kind.CANCEL else min(untouched, in_hand)

    def worth(self, line_id: str, count: int) -> int:
        """The price of the first units of a line, rounded half up."""
        return int(Fraction(self.paid[line_id] * count, self.quantity[line_id]) + Fraction(1, 2))

    def _paid(self, bought: Order) -> Iterator[int]:
        prices = [line.quantity * line.unit_price - line.discount for line in bought.lines]
        bearing = [price if line.discountable else 0 for price, line in zip(prices, bought.lines, strict=True)]
        exact = [Fraction(bought.discount * weight, sum(bearing) or 1) for weight in bearing]
        shares = [int(share) for share in exact]
        by_rest = sorted(range(len(exact)), key=lambda i: shares[i] - exact[i])
        for i in by_rest[: bought.discount - sum(shares)]:
            shares[i] += 1
        for price, share, line in zip(prices, shares, bought.lines, strict=True):
            yield price - share + (0 if bought.prices_include_tax else line.tax)
