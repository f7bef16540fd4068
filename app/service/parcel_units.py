"""The units of a claim that its parcels share: no unit is in two parcels."""

from collections.abc import Collection

from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.records.claim import StoredClaim
from app.records.return_parcel import ParcelUnits, ReturnParcel
from app.service.errors import ConflictError, InvalidError


def units_left(claim: Claim, order: Order, present: Collection[ReturnParcel]) -> tuple[ParcelUnits, ...]:
    """The units that came back in no receipt and are in no parcel."""
    left = [(line.line_id, _left(claim, order, present, line.line_id)) for line in claim.lines]
    return tuple(ParcelUnits(line_id=line_id, quantity=count) for line_id, count in left if count > 0)


def refuse_taken_units(
    stored: StoredClaim, present: Collection[ReturnParcel], units: Collection[ParcelUnits]
) -> None:  # fmt: skip
    """Raises InvalidError for a line that the claim has not, and ConflictError for units that another parcel has."""
    for each in units:
        if stored.claim.line(each.line_id) is None:
            raise InvalidError("line_not_in_claim", line_id=each.line_id, field="lines")
        left = _left(stored.claim, stored.order, present, each.line_id)
        if each.quantity > left:
            raise ConflictError(
                "units_in_other_parcels",
                field="lines",
                line_id=each.line_id,
                left=max(left, 0),
                quantity=each.quantity,
            )


def _left(claim: Claim, order: Order, present: Collection[ReturnParcel], line_id: str) -> int:
    line, ordered = claim.line(line_id), order.line(line_id)
    if line is None or ordered is None or not ordered.comes_back:
        return 0
    return line.quantity - line.received - sum(each.units_of(line_id) for each in present if each.holds_units)
