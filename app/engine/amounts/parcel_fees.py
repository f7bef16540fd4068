"""One parcel that comes back costs the buyer one fee, however many claims of the order are in it."""

from app.engine.model.breakdown import StepCode
from app.engine.model.claim import Claim
from app.engine.model.copies import replace
from app.engine.model.order import Order
from app.engine.model.vocabulary import Fault, Kind, State
from app.engine.policy.facts import Facts, ParcelFee
from app.engine.policy.return_shipping import return_shipping_payer

_OF_THE_WAY_BACK = frozenset({StepCode.RETURN_FEE, StepCode.EXCHANGE_FEE})


def parcel_fee(claim: Claim) -> ParcelFee | None:
    """The fee that the fixed amounts of a claim charge for the way back of its parcel. None without such a fee, and for
    goods that never came back."""
    if claim.collection is None or claim.amounts is None or claim.state is State.EXPIRED:
        return None
    if not any(each.code in _OF_THE_WAY_BACK for each in claim.amounts.steps):
        return None
    return ParcelFee(claim_id=claim.claim_id, parcel=claim.collection)


def with_fee_carrier(claim: Claim, facts: Facts) -> Claim:
    """The claim, with the claim of the same order that carries the fee of its parcel. It carries its own fee if no
    other claim does, or if it has no fee."""
    carrier = _fee_carrier(claim, facts)
    return claim if carrier == claim.fee_carried_by else replace(claim, fee_carried_by=carrier)


def may_share_a_parcel(claim: Claim, order: Order) -> bool:
    """True if another claim of the order may carry the fee of a claim whose fee is not fixed: goods of the order are
    back, and this claim's goods come back too."""
    if claim.kind not in (Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR) or claim.is_final or claim.state is State.REQUESTED:
        return False
    is_open = claim.amounts is None or claim.kind is not Kind.RETURN  # a converted claim gets new amounts
    return is_open and any(line.units.returned or line.units.exchanged for line in order.lines)


def _fee_carrier(claim: Claim, facts: Facts) -> str | None:
    if not facts.parcel_fees:
        return None
    carriers = [fee.claim_id for fee in facts.parcel_fees if fee.parcel == claim.collection]
    if not carriers or return_shipping_payer(claim, facts.order, facts.policy) is not Fault.BUYER:
        return None
    return carriers[0]
