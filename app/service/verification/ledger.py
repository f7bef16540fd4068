"""The ledger of an order as histories and events tell it: the sum of the effects of all decisions on its claims, of
reversals, and of changes of option."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from app.engine.model.order import Order, OrderLine
from app.store.order_snapshot import UNITS

_Effect = Mapping[str, Any]
_Place = tuple[str, ...]
_OPTION_CHANGE = "order.option_change_"
_CHARGES = ("shipping_refunded", "outbound_charged", "rounded")
_OF_ORDER = (*_CHARGES, "tax_free_refunded")


def _moved(effect: _Effect) -> Iterator[tuple[_Place, int]]:
    yield ("line", effect["line_id"], effect["source"]), -effect["quantity"]
    yield ("line", effect["line_id"], effect["target"]), effect["quantity"]


def _on_line(name: str) -> Callable[[_Effect], Iterator[tuple[_Place, int]]]:
    def sums(effect: _Effect) -> Iterator[tuple[_Place, int]]:
        yield ("line", effect["line_id"], name), effect.get("amount", 1)

    return sums


def _on_order(name: str) -> Callable[[_Effect], Iterator[tuple[_Place, int]]]:
    def sums(effect: _Effect) -> Iterator[tuple[_Place, int]]:
        yield ("order", name), effect["amount"]

    return sums


def _charged(effect: _Effect) -> Iterator[tuple[_Place, int]]:
    for name in _CHARGES:
        yield ("order", name), effect.get(name, 0)
    fees = effect.get("fees_charged", 0)
    yield ("order", "fees_charged" if fees > 0 else "fees_given_back"), abs(fees)


def _refunded(sign: int) -> Callable[[_Effect], Iterator[tuple[_Place, int]]]:
    def sums(effect: _Effect) -> Iterator[tuple[_Place, int]]:
        share = effect["share"]
        yield ("payment", share["payment_id"], "refunded"), sign * share["amount"]
        yield ("order", "tax_free_refunded"), sign * share.get("tax_free", 0)

    return sums


_SUMS: Mapping[str, Callable[[_Effect], Iterator[tuple[_Place, int]]]] = {
    "move_units": _moved,
    "credit_line": _on_line("credited"),
    "recharge_line": _on_line("recharged"),
    "count_repair": _on_line("repairs"),
    "charge_order": _charged,
    "defer_refund": _on_order("not_captured"),
    "refund_surplus": _on_order("surplus_refunded"),
    "create_refund": _refunded(1),
    "void_refund": _refunded(-1),
}


class Ledger:
    """Effects are added in any order. `is_partial`: a release that recorded fewer effects has made some decisions, and
    a migration has counted the rest from the claims."""

    def __init__(self) -> None:
        self.is_partial = False
        self._sums: Counter[_Place] = Counter()
        self._settles: dict[str, str] = {}
        self._replacements: dict[str, _Effect] = {}
        self._option_lines: dict[str, Mapping[str, Any]] = {}

    def add(self, effects: Iterable[_Effect]) -> None:
        for effect in effects:
            name = effect["effect"]
            if name in _SUMS:
                for place, number in _SUMS[name](effect):
                    self._sums[place] += number
            elif name == "take_payment":
                self._settles[effect["payment_id"]] = effect["settles"]
            elif name == "send_replacement":
                self._replacements[effect["line_id"]] = effect

    def add_notice(self, notice_type: str, data: Mapping[str, Any]) -> None:
        """The data of an event of the order: the bank or the provider has taken money, the seller has won it back, or a
        change of option went on."""
        if notice_type.startswith(_OPTION_CHANGE):
            self._add_option_change(notice_type, data)
        else:
            self._add_reversal(notice_type, data)

    def _add_option_change(self, notice_type: str, change: Mapping[str, Any]) -> None:
        line_id, quantity, new_line_id = change["line_id"], change["quantity"], change["new_line_id"]
        status = notice_type.removeprefix(_OPTION_CHANGE)
        if status != "awaiting_payment":
            self._sums["line", line_id, "changing"] += quantity if status == "requested" else -quantity
        if new_line_id is None:
            return
        self._sums["line", line_id, "changed"] += quantity
        self._option_lines[new_line_id] = {"replaces": line_id, "quantity": quantity, "option_change": new_line_id}
        if change["payment_id"] is not None:
            self._settles[change["payment_id"]] = change["change_id"]

    def _add_reversal(self, notice_type: str, reversal: Mapping[str, Any]) -> None:
        sign = 1 if notice_type == "order.payment_reversed" else -1
        self._sums["payment", reversal["payment_id"], "reversed"] += sign * reversal["amount"]

    def differences(self, order: Order) -> Iterator[str]:
        """One sentence for each value of the order that the histories tell otherwise."""
        late = () if self.is_partial else ("not_captured", "surplus_refunded")
        for name in (*_CHARGES, "tax_free_refunded", *late):
            yield from _unequal(name, getattr(order, name), self._sums["order", name])
        if not self.is_partial:
            yield from self._of_fees(order)
        for line in order.lines:
            yield from self._of_line(line)
        for payment in order.payments:
            its = f"payment {payment.payment_id}:"
            for name in ("refunded", "reversed"):
                told = self._sums["payment", payment.payment_id, name]
                yield from _unequal(f"{its} {name}", getattr(payment, name), told)
            yield from _unequal(f"{its} settles", payment.settles, self._settles.get(payment.payment_id))
        yield from self._missing(order)

    def _of_fees(self, order: Order) -> Iterator[str]:
        """Fees of one claim that another claim gives back are cut at zero, so their order would count."""
        most = self._sums["order", "fees_charged"]
        least = max(0, most - self._sums["order", "fees_given_back"])
        if not least <= order.fees_charged <= most:
            yield f"fees_charged is {order.fees_charged}, and the histories tell {least}"

    def _of_line(self, line: OrderLine) -> Iterator[str]:
        its = f"line {line.line_id}:"
        for name in UNITS:
            yield from _unequal(f"{its} {name}", getattr(line.units, name), self._sums["line", line.line_id, name])
        for name in ("credited", "recharged", "changing"):
            yield from _unequal(f"{its} {name}", getattr(line, name), self._sums["line", line.line_id, name])
        for name, told in self._option_lines.get(line.line_id, {"option_change": None}).items():
            yield from _unequal(f"{its} {name}", getattr(line, name), told)
        effect = self._replacements.get(line.line_id)
        if effect is None:
            yield from _unequal(f"{its} repairs", line.repairs, self._sums["line", line.line_id, "repairs"])
            return
        for name in ("replaces", "quantity", "tax"):
            yield from _unequal(f"{its} {name}", getattr(line, name), effect[name])

    def _missing(self, order: Order) -> Iterator[str]:
        there = {("line", line.line_id) for line in order.lines}
        there |= {("payment", payment.payment_id) for payment in order.payments}
        told = {place[:2] for place, number in self._sums.items() if number and place[0] != "order"}
        told |= {("line", line_id) for line_id in (*self._replacements, *self._option_lines)}
        told |= {("payment", payment_id) for payment_id in self._settles}
        for kind, its_id in sorted(told - there):
            yield f"{kind} {its_id} is missing"


def _unequal(name: str, stored: object, told: object) -> Iterator[str]:
    if stored != told:
        yield f"{name} is {stored}, and the histories tell {told}"
