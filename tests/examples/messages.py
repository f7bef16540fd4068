"""Messages, templates and people of the examples; the renderer makes the texts."""

from app.messages.built_in import built_in
from app.messages.message_rules import Audience, situations
from app.messages.render import render
from app.messages.reply_texts import filled_replies
from app.messages.samples import SAMPLES
from app.presets.loader import required_messages
from app.records.buyer import Buyer
from app.records.contact import Contact, ContactKind
from app.records.faq_entry import FaqEntry
from app.records.message import Message, MessageStatus
from app.records.message_settings import Digest, MessageSettings, QuietHours
from app.records.shop import ReturnAddress, Shop, ShopProfile, WayToPay
from app.records.timeline import TimelineEntry, TimelineKind
from app.service.message_templates import TemplateKey, TemplateView
from tests.examples.resources import claim_view, event

_EVENT = "claim.requested"

template_key = TemplateKey(event=_EVENT, audience=Audience.BUYER, language="ko")
rendered = render(built_in(_EVENT, Audience.BUYER, "ko"), _EVENT, "ko", next(iter(situations(_EVENT))))
template = TemplateView(key=template_key, text=built_in(_EVENT, Audience.BUYER, "ko"), text_language="ko")
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
noted_call = TimelineEntry(
    source=2,
    key="0198c1f2-8d33-7a14-8c2b-3e4f50617283",
    kind=TimelineKind.CALL,
    entry_id="0198c1f2-8d33-7a14-8c2b-3e4f50617283",
    at=event.at,
    is_internal=True,
    role="seller",
    author="minji",
    text="구매자와 통화함. 사진을 오늘 보내기로 함.",
)
replies = filled_replies("ko", {**SAMPLES, "is_undecided": True, "is_about_size": True, "goods_come_back": False})[:5]
settings = MessageSettings(
    time_zone="Asia/Seoul",
    off=(("order.ready_to_ship", "buyer"),),
    quiet_hours=QuietHours(from_hour=21, until_hour=8),
    digest=Digest(hour=9, events=("claim.requested", "claim.offer_declined")),
)
shop = Shop(
    name="머그 가게",
    contact_email="help@mug.example",
    language="ko",
    profile=ShopProfile(
        names={"en": "Mug House"},
        phone="02-555-0142",
        hours={"ko": "평일 10:00~17:00", "en": "10:00-17:00 on working days"},
        return_addresses=(ReturnAddress(country="KR", address="서울 마포구 컵로 12, 머그 가게 반품 담당"),),
        ways_to_pay=(WayToPay(currency="KRW", account="국민은행 000000-00-000000 (예금주: 머그 가게)"),),
    ),
)
faq_entry = FaqEntry(
    merchant_id=event.merchant_id,
    entry_id="return-cost",
    language="ko",
    version=1,
    question="반품 배송비는 누가 부담하나요?",
    phrasings=("반품할 때 택배비가 드나요?",),
    answer="단순 변심이면 왕복 배송비를 구매자님이 부담하시고, 상품에 문제가 있으면 저희가 부담합니다.",
    written_by="minji",
    created_at=event.at,
)
buyer = Buyer(name="김민지", email="minji@example.com", language="ko")

required = {("order.delayed", "buyer"): required_messages("kr")[0].citation}
