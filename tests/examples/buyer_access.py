"""The answers about buyers' access to their orders, and what a buyer reads."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app import json_text
from app.api.options import options_body
from app.api.schemas.buyer_access import access_body
from app.api.schemas.claims import QuoteBody
from app.api.schemas.options import OrderOptionsBody
from app.api.serializers import claim_body, order_body, quote_body
from app.buyer.answers import COMMANDS, claim_for_buyer
from app.buyer.lookups import ANSWER
from app.buyer.schemas.answers import answers_body
from app.buyer.schemas.claims import owed_body
from app.buyer.schemas.shop import BuyerWayToPay, shop_for_buyer
from app.buyer.shapes import body_for_buyer
from app.records.buyer_access import AccessKind, BuyerAccess
from app.records.contact import ContactKind
from app.records.refund import StoredRefund
from app.service.buyer_access import link_url
from app.service.faq_entries import FaqMatch
from app.service.resources.claim import ClaimBody
from app.service.resources.contact import ContactBody, contact_body
from app.service.resources.order import OrderBody
from app.service.resources.refund import RefundBody, refund_body
from app.service.resources.return_parcel import ReturnParcelBody, return_parcel_body
from tests.examples import commands, messages, resources, return_parcels
from tests.examples.resources import NOW

_MERCHANT, _SECRET = "0198b0a433c17d5e8f102c4d6e8fa0b2", "0" * 43
_LINK = BuyerAccess(
    access_id="0198c1f2-8a10-7b21-8c3d-4e5f60718293",
    order_id=resources.order_view.order.order_id,
    kind=AccessKind.LINK,
    digest="",
    created_at=NOW,
    expires_at=NOW + timedelta(days=3),
    created_by="storefront",
)
_USED = replace(_LINK, used_at=NOW + timedelta(minutes=20))
_SESSION = replace(
    _LINK,
    access_id="0198c204-d8f0-7a3b-9c4d-5e6f708192a3",
    kind=AccessKind.SESSION,
    created_by=None,
    opened_by=_LINK.access_id,
    created_at=NOW + timedelta(minutes=20),
    expires_at=NOW + timedelta(hours=12, minutes=20),
    idle_by=NOW + timedelta(minutes=80),
)
_TOKEN = replace(
    _LINK,
    access_id="0198c1f2-9b21-7c32-8d4e-5f6071829304",
    kind=AccessKind.TOKEN,
    expires_at=NOW + timedelta(minutes=15),
)


def _token(prefix: str) -> str:
    return f"{prefix}_{_MERCHANT}_{_SECRET}"


_CLAIM = claim_for_buyer(resources.claim_view)
_COMMANDS = ("edit_claim", "retract_claim", "dispatch_goods", "accept_offer", "decline_offer")
_ANSWER = body_for_buyer(
    ContactBody,
    contact_body(replace(messages.contact, kind=ContactKind.ANSWER, role="buyer", text="네, 금이 가 있어요.")),
)
_WAY = BuyerWayToPay(**shop_for_buyer(messages.shop, resources.order_view.order, "ko")["way_to_pay"])
_REFUND = StoredRefund(refund=resources.refund)


def _cut(claim: dict[str, Any]) -> Any:
    """The claim after a command, as the buyer reads it."""
    own = [action for action in claim["actions"] if json_text.load(json_text.dump(action))["command"] in COMMANDS]
    return body_for_buyer(ClaimBody, {**claim, "actions": own})


_PARCEL = body_for_buyer(ReturnParcelBody, return_parcel_body(return_parcels.ANNOUNCED, return_parcels.RETURN_NUMBER))
_OPEN = {**access_body(_SESSION), "idle_by": _SESSION.idle_by}
ANSWERS: Mapping[str, Any] = {
    "buyer_link": {
        **access_body(_LINK),
        "token": _token("rbl"),
        "url": link_url("https://recourse.example", _token("rbl")),
    },
    "buyer_links": {"data": [access_body(_USED)]},
    "buyer_access": access_body(replace(_USED, ended_at=NOW + timedelta(hours=1))),
    "buyer_token": {**access_body(_TOKEN), "token": _token("rbt")},
    "buyer_lookup": ANSWER,
    "buyer_session": _OPEN,
    "buyer_session_with_token": {**_OPEN, "token": _token("rbs")},
    "ended_buyer_session": access_body(replace(_SESSION, ended_at=NOW + timedelta(minutes=40))),
    "order_for_buyer": body_for_buyer(OrderBody, order_body(resources.order_view)),
    "buyer_shop": shop_for_buyer(messages.shop, resources.order_view.order, "ko"),
    "claim_for_buyer": _CLAIM,
    "claims_for_buyer": {"data": [_CLAIM]},
    "return_parcel_for_buyer": _PARCEL,
    "return_parcels_for_buyer": {"data": [_PARCEL]},
    "quote_for_buyer": body_for_buyer(QuoteBody, quote_body(resources.quote)),
    **{f"{name}_for_buyer": _cut(commands.after(name)) for name in _COMMANDS},
    "contact_for_buyer": _ANSWER,
    "contacts_for_buyer": {"data": [body_for_buyer(ContactBody, contact_body(messages.contact)), _ANSWER]},
    "buyer_debt": owed_body(claim_body(resources.claim_view), is_due=False, way=_WAY),
    "refunds_for_buyer": {"data": [body_for_buyer(RefundBody, refund_body(_REFUND, NOW))]},
    "answers_for_buyer": answers_body(
        [FaqMatch(messages.faq_entry, 1.0)],
        resources.order_options.lines,
        "KRW",
        shop_for_buyer(messages.shop, resources.order_view.order, "ko"),
    ),
    "options_for_buyer": body_for_buyer(OrderOptionsBody, options_body(resources.order_options)),
}
