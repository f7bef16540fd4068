"""The policy version that judges an order: pinned by its first push, or in force at its payment."""

from dataclasses import replace
from datetime import datetime

from app.engine.model.order import Order
from app.engine.policy.policy import Policy
from app.records.order import StoredOrder
from app.service.callers import Caller
from app.service.errors import InvalidError
from app.service.policies import in_force, is_preset
from app.store.database import Tx


async def pin_version_at_payment(tx: Tx, caller: Caller, before: Order, paid: Order, now: datetime) -> Order:
    """The order, pinned to the version in force at its payment, if it was pushed before the payment.

    The pin does not change if the storefront gave a version, if the order has claims, or if the fees of the other
    version are in another currency.
    """
    claimed = any(line.untouched < line.quantity for line in paid.lines)
    name = paid.policy.partition("@")[0]
    if before.paid_at is not None or paid.paid_at is None or claimed or paid.version_named or is_preset(name):
        return paid
    policy = await in_force(tx, caller, name, paid.paid_at, now)
    return replace(paid, policy=policy.key) if _is_in_its_currency(policy, paid) else paid


async def names_pinned_policy(tx: Tx, caller: Caller, stored: StoredOrder, name: str) -> bool:
    """True if this name meant the pinned version at the first push of the order.

    A policy that was not yet in force at that time meant its base.
    """
    order = stored.order
    if not name or name == order.policy or name == order.policy.partition("@")[0]:
        return True
    try:
        first = await in_force(tx, caller, name, order.paid_at or stored.created_at, stored.created_at)
    except InvalidError:  # there is no such policy, now or then
        return False
    return first.key == order.policy


def refuse_other_currency(policy: Policy, order: Order) -> None:
    """Raises InvalidError if fees in one currency would be deducted from a price in another currency."""
    if not _is_in_its_currency(policy, order):
        raise InvalidError(
            "currency_differs",
            policy=policy.key,
            policy_currency=policy.currency,
            currency=order.currency,
            field="currency",
        )


def _is_in_its_currency(policy: Policy, order: Order) -> bool:
    return order.currency == policy.currency or not policy.fees.are_money
