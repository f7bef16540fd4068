"""Who pays for sending the goods of a claim back."""

from app.engine.model.claim import Claim
from app.engine.model.claim_lines import goods
from app.engine.model.order import Order
from app.engine.model.vocabulary import Fault, Kind
from app.engine.policy.money_rules import ShippingRule
from app.engine.policy.policy import Policy

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_BUYER = Fault.BUYER
_SELLER = Fault.SELLER
_NOTHING_COMES_BACK = frozenset({Kind.CANCEL, Kind.REFUND})


def return_shipping_payer(claim: Claim, order: Order, policy: Policy) -> Fault | None:
    """Who pays the return shipping. None for a claim without a return, and while the fault is undecided.

    At the buyer's fault the seller pays, if a duty to inform the buyer of the cost is not on record, or if the order
    is paid in instalments that free the buyer of the cost.
    """
    if claim.kind in _NOTHING_COMES_BACK:
        return None
    if claim.seller_pays_return or claim.fault is _SELLER:
        return _SELLER
    if claim.fault is not _BUYER:
        return None
    rule = policy.shipping
    is_free = _is_paid_in_instalments(order, rule) or not _was_informed(claim, order, rule)
    return _SELLER if is_free else rule.return_shipping_payer


def return_shipping_citation(claim: Claim, policy: Policy) -> str | None:
    """The rule behind the payer. None if no rule decides: nothing comes back, the fault is undecided, or the seller
    pays for any reason."""
    if claim.kind in _NOTHING_COMES_BACK or claim.seller_pays_return or claim.fault not in (_BUYER, _SELLER):
        return None
    return policy.shipping.citation


def _is_paid_in_instalments(order: Order, rule: ShippingRule) -> bool:
    """True if one payment of the order has enough instalments and is high enough. The payment of a claim's debt does
    not count."""
    months, amount = rule.instalments_from_months, rule.instalments_from_amount
    if months is None:
        return False
    paid = [payment for payment in order.payments if payment.instalments >= months and payment.captured >= amount]
    return any(payment.settles is None for payment in paid) if paid else False


def _was_informed(claim: Claim, order: Order, rule: ShippingRule) -> bool:
    """True if the order, or each claimed line of goods, has the records that make the buyer pay."""
    missing = rule.buyer_pays_records - order.records
    if not missing:
        return True
    return all(missing <= line.records for _, line in goods(claim, order))
