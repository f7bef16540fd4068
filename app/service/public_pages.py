"""What a shop shows to everybody."""

from datetime import datetime

from app.engine.policy.policy import Policy
from app.records.shop import Shop
from app.service import policies
from app.service.errors import InvalidError, NotFoundError
from app.store import shops
from app.store.database import Tx

_LINKS_WITHDRAWAL = frozenset({"DE", "FR", "ES", "IT", "GB"})
"""Countries of policies whose pages link the page of CRD 11a. The preset of the Union has DE. In the United Kingdom the
page is practice."""


async def public_shop(tx: Tx, merchant_id: str) -> Shop:
    """Raises NotFoundError."""
    try:
        return await shops.load(tx, merchant_id)
    except LookupError:
        raise NotFoundError("shop", merchant_id) from None


async def policy_of_shop(tx: Tx, merchant_id: str, policy_id: str, now: datetime) -> tuple[Policy, Shop]:
    """The policy that judges an order paid now, and the shop. Raises NotFoundError."""
    try:
        shop = await shops.load(tx, merchant_id)
        await policies.refuse_before_its_time(tx, merchant_id, policy_id, now)
        policy = await policies.in_force_of(tx, merchant_id, policy_id, now, now)
    except (LookupError, InvalidError):
        raise NotFoundError("policy", policy_id) from None
    return policy, shop


def link_to_withdrawal(merchant_id: str, country: str) -> str | None:
    """The path of the shop's withdrawal page, under a policy of a country whose law has the function."""
    return f"/withdraw/{merchant_id}" if country in _LINKS_WITHDRAWAL else None
