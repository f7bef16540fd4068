"""Which policy and which calendar an order's claims are judged by."""

from datetime import datetime

from app.engine.facts import Facts
from app.engine.order import Order
from app.engine.policy import Policy
from app.presets.loader import UnknownPolicyError, calendar_for, policy_by_key, preset, preset_names
from app.service.errors import InvalidError


def pinned_policy(named: str) -> Policy:
    """The newest version of a preset, or the version that `id@version` names. Raises InvalidError."""
    try:
        return policy_by_key(named) if "@" in named else preset(named)
    except UnknownPolicyError:
        known = ", ".join(preset_names())
        raise InvalidError("unknown_policy", f"There is no policy {named}; known: {known}.", "policy") from None


def facts_for(order: Order, now: datetime, *, refunds_outstanding: int = 0) -> Facts:
    """All that a claim on this order is judged by at an instant."""
    policy = policy_by_key(order.policy)
    first = min(order.paid_at or now, now).year
    return Facts(
        order=order,
        policy=policy,
        calendar=calendar_for(policy.country, policy.time_zone, first, now.year + 1),
        now=now,
        refunds_outstanding=refunds_outstanding,
    )
