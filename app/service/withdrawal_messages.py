"""The variables of the messages of one withdrawal. No order is needed for them, so they tell nothing about one."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.messages.context import Variables
from app.messages.message_rules import Audience
from app.messages.shop_profile import ways_to_reach
from app.messages.translations import FALLBACK, MESSAGE_LANGUAGES
from app.records.shop import Shop
from app.records.withdrawal import Declaration, Withdrawal
from app.service import policies
from app.service.events.event import PublishedEvent
from app.store import policies as stored_policies
from app.store import shops, withdrawals
from app.store.database import Tx


class WithdrawalScene:
    """The data of the messages of one event, loaded once. `zone` and `policy_language` are those of the shop's
    default policy."""

    __slots__ = ("_language", "_withdrawal", "_zone", "event", "shop")

    claim_id = None

    def __init__(
        self, event: PublishedEvent, withdrawal: Withdrawal, shop: Shop, *, zone: ZoneInfo, policy_language: str
    ) -> None:
        self.event = event
        self.shop = shop
        self._withdrawal = withdrawal
        self._zone = zone
        self._language = policy_language

    @property
    def order_id(self) -> str | None:
        """The order of the event. The acknowledgement is about none."""
        matched: str | None = self.event.data["withdrawal"]["order_id"]
        return matched

    @property
    def withdrawal_id(self) -> str:
        return self._withdrawal.withdrawal_id

    @property
    def is_told_by_claims(self) -> bool:
        """The seller hears of the claims themselves."""
        return bool(self.event.data["withdrawal"]["claim_ids"])

    def language(self, audience: Audience) -> str:
        """The buyer's language is the language in which the buyer declared it."""
        own = self._declaration.language if audience is Audience.BUYER else self.shop.language
        return next((choice for choice in (own, self._language) if choice in MESSAGE_LANGUAGES), FALLBACK)

    def address(self, audience: Audience) -> str | None:
        return self._declaration.email if audience is Audience.BUYER else self.shop.address

    def variables(self, language: str) -> Variables:
        declaration = self._declaration
        return {
            "shop": self.shop.name_in(language),
            "reach_us": ways_to_reach(self.shop, language),
            "withdrawal_id": declaration.withdrawal_id,
            "withdrawal_hash": self._withdrawal.hash,
            "order_number": declaration.order_number,
            "order_id": self.order_id,
            "declared_at": self._local(declaration.declared_at),
            "received_at": self._local(declaration.received_at),
            "withdrawer": declaration.name,
            "withdrawn_goods": declaration.goods_in_words,
            "withdrawal_text": declaration.text,
            "repeats_withdrawal": bool(self.event.data["withdrawal"]["repeats"]),
        }

    @property
    def _declaration(self) -> Declaration:
        return self._withdrawal.declaration

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(self._zone)


async def scene_of_withdrawal(tx: Tx, event: PublishedEvent) -> WithdrawalScene | None:
    """None if the withdrawal does not exist. Raises LookupError for an event with wrong data."""
    withdrawal = await withdrawals.load(tx, event.merchant_id, event.subject_id)
    if withdrawal is None:
        return None
    shop = await shops.load(tx, event.merchant_id)
    default = await stored_policies.default(tx, event.merchant_id)
    policy = await policies.in_force_of(tx, event.merchant_id, default, event.at, event.at)
    zone = ZoneInfo(policy.time_zone)
    return WithdrawalScene(event, withdrawal, shop, zone=zone, policy_language=policy.language)
