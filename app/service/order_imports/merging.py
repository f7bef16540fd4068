"""A group of an order together with what is stored of the order. An import adds and changes, and removes nothing: what
a file does not say stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from app.engine.model.money import allocate
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.vocabulary import Nature, refund_to_of
from app.imports.cells import LARGEST_AMOUNT, LONGEST
from app.imports.row_groups import GroupRow, Reading, RowGroup, RowRefusal
from app.records.buyer import Buyer
from app.service.order_imports.outcome import GroupRefusedError
from app.service.order_imports.words import method_word

PAYMENT = "import"
"""The id of the payment of an order that was imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The order as the file would have it, the rows that are imported with the line of each, and the rows that are
    left out."""

    order: Order
    rows: tuple[tuple[str, GroupRow], ...]
    left_out: tuple[RowRefusal, ...]


def merged(stored: Order | None, group: RowGroup, reading: Reading) -> Merged:
    """Raises GroupRefusedError."""
    named = _named(group)
    _refuse_repeated(named)
    known = {line.line_id: line for line in stored.lines if line.replaces is None} if stored else {}
    rows = tuple((line_id, row) for line_id, row in named if not row.is_ended)
    left_out = tuple(_ended(row) for line_id, row in named if row.is_ended and not _is_settled(known.get(line_id)))
    if stored is None and not rows:
        raise GroupRefusedError(left_out)
    if stored is not None and rows and not _is_same_order(stored, known, rows):
        params = {"order_id": stored.order_id}
        raise GroupRefusedError([RowRefusal(row=rows[0][1].row, code="import_lines_differ", params=params)])
    lines = {line_id: _line(known.get(line_id), line_id, row) for line_id, row in rows}
    order = _order(stored, known, lines, group, reading)
    if stored is None or known.keys() <= lines.keys():
        order = _with_amounts(order, [row for _, row in rows], group, is_all=len(rows) == len(group.rows))
    return Merged(order=_with_payment(stored, order, group, reading), rows=rows, left_out=left_out)


def buyer_of(stored: Buyer | None, group: RowGroup) -> Buyer:
    """The buyer with what the file says of the buyer."""
    names = {"buyer_name": "name", "buyer_email": "email", "buyer_phone": "phone_ending"}
    said = {name: group.values[field] for field, name in names.items() if field in group.values}
    return replace(stored or Buyer(), **said)


def changes_between(before: Order, after: Order) -> tuple[str, ...]:
    """The names of the fields that differ, such as `lines.1.quantity`."""
    names = [
        each.name
        for each in fields(Order)
        if each.name != "lines" and getattr(before, each.name) != getattr(after, each.name)
    ]
    lines = {line.line_id: line for line in before.lines}
    for line in after.lines:
        was = lines.get(line.line_id)
        if was is None:
            names.append(f"lines.{line.line_id}")
            continue
        differing = (each.name for each in fields(OrderLine) if getattr(was, each.name) != getattr(line, each.name))
        names += [f"lines.{line.line_id}.{name}" for name in differing]
    return tuple(names)


def _named(group: RowGroup) -> list[tuple[str, GroupRow]]:
    """The id of the line in each row: its own id, or else its SKU where no two rows have one SKU, or else its place."""
    for field in ("line_id", "sku"):
        ids = [row.values.get(field) for row in group.rows]
        is_unique = field == "line_id" or len(set(ids)) == len(ids)
        if None not in ids and is_unique:
            return [(str(line_id), row) for line_id, row in zip(ids, group.rows, strict=True)]
    return [(str(place), row) for place, row in enumerate(group.rows, start=1)]


def _refuse_repeated(named: Sequence[tuple[str, GroupRow]]) -> None:
    seen: set[str] = set()
    for line_id, row in named:
        if line_id in seen:
            params = {"line_id": line_id}
            raise GroupRefusedError([RowRefusal(row=row.row, field="line_id", code="import_line_twice", params=params)])
        seen.add(line_id)


def _ended(row: GroupRow) -> RowRefusal:
    params = {"state": str(row.values["state"])}
    return RowRefusal(row=row.row, field="state", code="import_row_ended", params=params)


def _is_settled(line: OrderLine | None) -> bool:
    """The claims of the line have come to their end here too."""
    return line is not None and line.units.settled == line.quantity


def _is_same_order(stored: Order, known: Mapping[str, OrderLine], rows: Sequence[tuple[str, GroupRow]]) -> bool:
    """An order that the storefront has pushed has other ids of lines than a file. Its lines must not be there twice."""
    return stored.payment(PAYMENT) is not None or any(line_id in known for line_id, _ in rows)


def _line(known: OrderLine | None, line_id: str, row: GroupRow) -> OrderLine:
    values = row.values
    unit_price, discount = _priced(row)
    title = " / ".join(part for part in (values.get("title"), values.get("option")) if part)[:LONGEST]
    said: dict[str, Any] = {"quantity": values["quantity"], "unit_price": unit_price}
    if discount is not None:
        said["discount"] = discount
    if title:
        said["title"] = title
    if "sku" in values:
        said["sku"] = values["sku"]
    if values.get("custom_made"):
        said["nature"] = Nature.CUSTOM_MADE
    return replace(known, **said) if known else OrderLine(line_id=line_id, **said)


def _priced(row: GroupRow) -> tuple[int, int | None]:
    """The price of a unit, and the discount of the line. None: the file has no discount."""
    values, quantity = row.values, row.values["quantity"]
    total: int | None = values.get("line_total")
    if "unit_price" in values:
        unit_price = values["unit_price"] + values.get("option_price", 0)
    else:
        unit_price = -(-values["line_total"] // quantity)
    if unit_price < 0 or (total is not None and total > unit_price * quantity):
        params = {"total": total or 0, "price": unit_price * quantity}
        raise GroupRefusedError(
            [RowRefusal(row=row.row, field="line_total", code="import_amounts_differ", params=params)]
        )
    if unit_price * quantity > LARGEST_AMOUNT:
        params = {"limit": LARGEST_AMOUNT}
        raise GroupRefusedError(
            [RowRefusal(row=row.row, field="quantity", code="import_line_too_expensive", params=params)]
        )
    return unit_price, values.get("line_discount") if total is None else unit_price * quantity - total


_FIRST_VALUE_STAYS = ("paid_at", "confirmed_at")
_SAID = ("country", "buyer_id", "gift", "wanted_on", "expected_ship_on")


def _order(
    stored: Order | None,
    known: Mapping[str, OrderLine],
    lines: Mapping[str, OrderLine],
    group: RowGroup,
    reading: Reading,
) -> Order:
    said = {name: group.values[name] for name in _SAID if name in group.values}
    currency = group.values.get("currency", reading.place.currency)
    if stored is None:
        said |= {name: group.values[name] for name in _FIRST_VALUE_STAYS if name in group.values}
        order = Order(order_id=group.name, currency=currency, country=said.pop("country", ""), lines=(), policy="")
        order = replace(order, policy=reading.policy)
        return replace(order, **said, lines=tuple(lines.values()))
    said |= {
        name: group.values[name]
        for name in _FIRST_VALUE_STAYS
        if name in group.values and getattr(stored, name) is None
    }
    kept = tuple(lines.get(line.line_id, line) for line in stored.lines)
    new = tuple(line for line_id, line in lines.items() if line_id not in known)
    return replace(stored, **said, currency=currency, lines=(*kept, *new))


def _with_amounts(order: Order, rows: Sequence[GroupRow], group: RowGroup, *, is_all: bool) -> Order:
    """The amounts of the whole order, which only a file with all of its lines knows. `is_all`: no row is left out."""
    shipping = _shipping(rows)
    if shipping is not None:
        order = replace(order, shipping_charged=shipping)
    goods = sum(line.gross - line.discount for line in order.lines if line.replaces is None)
    subtotal = group.values.get("subtotal") if is_all else None
    if subtotal is not None and subtotal <= goods:
        order = replace(order, discount=goods - subtotal)
    elif "order_discount" in group.values:
        order = replace(order, discount=group.values["order_discount"])
    taxes, total = group.values.get("taxes", 0), group.values.get("total")
    if taxes and is_all and total == replace(order, prices_include_tax=True).price + taxes:
        return _with_taxes_on_top(order, taxes)
    return order


def _with_taxes_on_top(order: Order, taxes: int) -> Order:
    """Prices without tax. The file has one sum of taxes, so each line has its share by its price."""
    weights = tuple(0 if line.replaces is not None else line.gross - line.discount for line in order.lines)
    shares = allocate(taxes, weights)
    lines = tuple(replace(line, tax=share) for line, share in zip(order.lines, shares, strict=True))
    return replace(order, prices_include_tax=False, lines=lines)


def _shipping(rows: Sequence[GroupRow]) -> int | None:
    """A bundle has one fee, whether each of its rows has the fee or only one of them. None: the file has no fee."""
    fees: dict[str, int] = {}
    for row in rows:
        if "shipping_fee" in row.values or "shipping_extra" in row.values:
            fee = row.values.get("shipping_fee", 0) + row.values.get("shipping_extra", 0)
            bundle = row.values.get("shipping_bundle", "")
            fees[bundle] = max(fee, fees.get(bundle, 0))
    return sum(fees.values()) if fees else None


def _with_payment(stored: Order | None, order: Order, group: RowGroup, reading: Reading) -> Order:
    """What was captured: the total of the file, or else the price. Payments that the storefront has reported stay."""
    own = order.payment(PAYMENT)
    has_others = stored is not None and any(each.settles is None for each in stored.payments if each is not own)
    if order.paid_at is None or has_others:
        return order
    captured = group.values["total"] if "total" in group.values and _is_whole(order, group) else order.price
    if own is not None:
        payments = tuple(replace(each, captured=captured) if each is own else each for each in order.payments)
        return replace(order, payments=payments)
    if not captured:
        return order
    method = method_word(group.values.get("payment_method"), reading.format.payment_method)
    payment = Payment(payment_id=PAYMENT, method=method, captured=captured, refund_to=refund_to_of(method))
    return replace(order, payments=(*order.payments, payment))


def _is_whole(order: Order, group: RowGroup) -> bool:
    """The file has each line of the order, and none of them is over."""
    bought = sum(line.replaces is None for line in order.lines)
    return len(group.rows) == bought and not any(row.is_ended for row in group.rows)
