"""Messages, templates and people of the examples; the renderer makes the texts."""

from app.messages.built_in import built_in
from app.messages.message_rules import Audience, situations
from app.messages.render import render
from app.records.buyer import Buyer
from app.records.contact import Contact, ContactKind
from app.records.message import Message, MessageStatus
from app.records.shop import Shop
from app.service.message_templates import TemplateKey, TemplateView
from tests.examples.resources import claim_view, event

_EVENT = "claim.requested"

template_key = TemplateKey(event=_EVENT, audience=Audience.BUYER, language="ko")
rendered = render(built_in(_EVENT, Audience.BUYER, "ko"), _EVENT, "ko", next(iter(situations(_EVENT))))
template = TemplateView(key=template_key, text=built_in(_EVENT, Audience.BUYER, "ko"))
message = Message(
    merchant_id=event.merchant_id,
    message_id="0198c1f2-7e40-7c11-8d2e-6f7081a2b3c4",
    event_id=event.event_id,
    event=_EVENT,
    audience=Audience.BUYER,
    language="ko",
    order_id=claim_view.claim.order_id,
    claim_id=claim_view.claim.claim_id,
    subject=rendered.subject,
    text=rendered.text,
    to_address="minji@example.com",
    status=MessageStatus.SENT,
    attempts=1,
    sent_at=event.at,
    created_at=event.at,
)
contact = Contact(
    contact_id="0198c1f2-8c22-7f03-9b1a-2d3e4f506172",
    claim_id=claim_view.claim.claim_id,
    kind=ContactKind.QUESTION,
    role="seller",
    author="minji",
    text="상품의 사진을 보내주실 수 있을까요?",
    at=event.at,
)
shop = Shop(name="머그 가게", contact_email="help@mug.example", language="ko")
buyer = Buyer(name="김민지", email="minji@example.com", language="ko")
