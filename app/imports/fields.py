"""What a column of a file can mean: the fields of an order, of its lines and of its parcels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class ImportKind(StrEnum):
    ORDERS = "orders"
    PARCELS = "parcels"


class Level(StrEnum):
    """All rows of an order have the same value of the first level."""

    ORDER = "order"
    LINE = "line"
    PARCEL = "parcel"


class Form(StrEnum):
    """How a cell is read."""

    KEY = "key"
    TEXT = "text"
    AMOUNT = "amount"
    DISCOUNT = "discount"
    SIGNED = "signed"
    QUANTITY = "quantity"
    INSTANT = "instant"
    DAY = "day"
    FLAG = "flag"
    EMAIL = "email"
    PHONE = "phone"
    COUNTRY = "country"
    CURRENCY = "currency"


@dataclass(frozen=True, slots=True)
class Field:
    form: Form
    level: Level


def _at(level: Level, **forms: Form) -> dict[str, Field]:
    return {name: Field(form, level) for name, form in forms.items()}


FIELDS: Mapping[str, Field] = {
    **_at(
        Level.ORDER,
        order_id=Form.KEY,
        paid_at=Form.INSTANT,
        confirmed_at=Form.INSTANT,
        currency=Form.CURRENCY,
        country=Form.COUNTRY,
        order_discount=Form.DISCOUNT,
        subtotal=Form.AMOUNT,
        taxes=Form.AMOUNT,
        total=Form.AMOUNT,
        payment_method=Form.TEXT,
        buyer_id=Form.KEY,
        buyer_name=Form.TEXT,
        buyer_email=Form.EMAIL,
        buyer_phone=Form.PHONE,
        gift=Form.FLAG,
        wanted_on=Form.DAY,
        expected_ship_on=Form.DAY,
    ),
    **_at(
        Level.LINE,
        line_id=Form.KEY,
        state=Form.TEXT,
        sku=Form.TEXT,
        title=Form.TEXT,
        option=Form.TEXT,
        quantity=Form.QUANTITY,
        unit_price=Form.AMOUNT,
        option_price=Form.SIGNED,
        line_discount=Form.DISCOUNT,
        line_total=Form.AMOUNT,
        custom_made=Form.FLAG,
        shipping_fee=Form.AMOUNT,
        shipping_extra=Form.AMOUNT,
        shipping_bundle=Form.TEXT,
    ),
    **_at(
        Level.PARCEL,
        carrier=Form.TEXT,
        tracking_number=Form.KEY,
        shipped_at=Form.INSTANT,
        delivered_at=Form.INSTANT,
    ),
}

_NEEDED: Mapping[ImportKind, Sequence[Sequence[str]]] = {
    ImportKind.ORDERS: (("order_id",), ("paid_at",), ("quantity",), ("unit_price", "line_total")),
    ImportKind.PARCELS: (("order_id", "line_id"), ("carrier",), ("tracking_number",)),
}
OF_PARCELS = frozenset(
    {"order_id", "line_id", *(name for name, field in FIELDS.items() if field.level is Level.PARCEL)}
)
"""What a sheet of parcels can have."""


def fields_of(kind: ImportKind) -> frozenset[str]:
    return frozenset(FIELDS) if kind is ImportKind.ORDERS else OF_PARCELS


def missing(kind: ImportKind, matched: Mapping[str, str]) -> tuple[str, ...]:
    """The fields without which nothing can be imported, and which no column has. Of two that would do, the first."""
    return tuple(names[0] for names in _NEEDED[kind] if not any(name in matched for name in names))
