"""The answer in each file of `app/api/examples`, as the service returns it; `TEXTS` are answers that are not JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app.api.faq_entries import entry_body, match_body
from app.api.health import ServiceHealth, ServiceReadiness, WorkerHealth
from app.api.message_templates import template_body, template_detail
from app.api.messages import message_with_address, preview_body
from app.api.option_changes import option_change_body
from app.api.options import options_body
from app.api.order_fulfilment import change_body
from app.api.paging import cursor
from app.api.policies import _check_body, _published, _summary, policy_body
from app.api.reversals import reversal_body
from app.api.serializers import claim_body, event_body, order_body, order_without_shipments, quote_body
from app.buyer.schemas.surveys import buyer_survey_body
from app.buyer.shapes import body_for_buyer
from app.engine.model.refund import Refund, Report
from app.json_text import dump
from app.messages.policy_page import as_html, policy_page
from app.presets.loader import preset
from app.records.refund import StoredRefund
from app.service.events.types import CATALOGUE
from app.service.faq_entries import FaqMatch
from app.service.message_settings import SettingsView
from app.service.resources.api_key import api_key_body
from app.service.resources.audit_entry import audit_entry_body
from app.service.resources.claim_file import ClaimFileBody, claim_file_body
from app.service.resources.contact import contact_body
from app.service.resources.message_settings import settings_body
from app.service.resources.order_consent import order_consent
from app.service.resources.privacy import order_privacy_body
from app.service.resources.refund import refund_body
from app.service.resources.refund_account import refund_account_body
from app.service.resources.reply import replies_body
from app.service.resources.root_hash import root_hash_body
from app.service.resources.shop import shop_body
from app.service.resources.survey import SurveyBody, survey_body
from app.service.resources.timeline import timeline_entry_body
from app.service.resources.withdrawal import withdrawal_detail
from tests.examples import (
    access,
    authority,
    buyer_access,
    claim_files,
    commands,
    messages,
    order_board,
    order_imports,
    privacy,
    refund_breakers,
    reports,
    resources,
    return_parcels,
    rules,
    seller_queue,
    staff,
    surveys,
    webhooks,
    withdrawals,
)
from tests.examples.events import body_of

_CLAIM = claim_body(resources.claim_view)
_CHANGE = change_body(resources.address_change)
_LAST = CATALOGUE[-1]
_LINKED = claim_file_body(claim_files.PHOTO, url=claim_files.LINK, url_ends_at=claim_files.LINK_ENDS_AT)
_POLICY_PAGE = policy_page(resources.checked_policy.policy, "ko")


def _refund(refund: Refund) -> dict[str, Any]:
    return refund_body(StoredRefund(refund=refund), resources.NOW)


def _page(row: Any) -> dict[str, Any]:
    """A list with one page."""
    return {"data": [row], "next_cursor": None}


def _sorted_page(row: Any) -> dict[str, Any]:
    return {**_page(row), "total": None}


ANSWERS: Mapping[str, Any] = {
    "test_clock": {"now_at": "2026-11-25T11:00:00+09:00", "status": "ready", "target_at": None},
    "advancing_test_clock": {
        "now_at": "2026-11-25T11:00:00+09:00",
        "status": "advancing",
        "target_at": "2026-12-02T11:00:00+09:00",
    },
    "reversals": {"data": [reversal_body(resources.reversal)]},
    "claim": _CLAIM,
    "claims": _sorted_page(_CLAIM),
    "claim_events": _page(event_body(resources.event)),
    "claim_file": claim_file_body(claim_files.PHOTO),
    "claim_file_with_link": _LINKED,
    "claim_files": _page(_LINKED),
    "claim_file_for_buyer": body_for_buyer(ClaimFileBody, claim_file_body(claim_files.PHOTO)),
    "claim_files_for_buyer": {"data": [body_for_buyer(ClaimFileBody, _LINKED)]},
    "claim_file_url": claim_file_body(claim_files.AT_MARKETPLACE),
    "erased_claim_file": claim_file_body(claim_files.ERASED),
    "quote": quote_body(resources.quote),
    **{name: commands.after(name) for name in commands.STORIES},
    "refund": _refund(resources.refund),
    "refunds": _sorted_page(_refund(resources.refund)),
    **{f"report_refund_{report}": _refund(resources.reported(report)) for report in Report},
    "add_refund_part": _refund(resources.paid_in_part),
    "refund_account": refund_account_body(resources.refund_account),
    "refund_account_number": asdict(resources.account),
    "order": order_body(resources.order_view),
    "orders": _sorted_page(order_without_shipments(resources.stored_order)),
    "order_options": options_body(resources.order_options),
    "order_consents": {"data": [order_consent(resources.order_consent).model_dump()]},
    "address_change": _CHANGE,
    "address_changes": {"data": [_CHANGE]},
    "option_change": option_change_body(resources.option_change),
    "option_changes": {"data": [option_change_body(resources.option_change)]},
    "delay_figures": {
        "from_at": "2026-06-01T00:00:00Z",
        "to_at": "2026-07-01T00:00:00Z",
        "orders": 40,
        "kept": 31,
        "partly_cancelled": 2,
        "cancelled": 7,
    },
    "presets": {"data": [_published(dump(preset("kr")))]},
    "terms_schema": {"title": "CheckPolicyRequest", "type": "object", "required": ["base", "terms"]},
    "checked_terms": _check_body(resources.checked_policy),
    "policy": policy_body(resources.published_policy, resources.checked_policy.departures),
    "policies": {"data": [_summary(resources.published_policy)]},
    "policy_page": _POLICY_PAGE,
    "policy_comparison": {
        "before": "house@1",
        "after": "house@2",
        "differences": [{"field": "advance_exchange", "before": False, "after": True}],
    },
    "messages": _page(message_with_address(messages.message)),
    "message_preview": preview_body(messages.rendered, "ko"),
    "faq_entry": entry_body(messages.faq_entry),
    "faq_entries": {"data": [entry_body(messages.faq_entry)]},
    "faq_entry_versions": {"data": [entry_body(messages.faq_entry)]},
    "faq_matches": {"data": [match_body(FaqMatch(messages.faq_entry, 1.0))]},
    "message_template": template_detail(messages.template),
    "message_templates": {"data": [template_body(messages.template)]},
    "contact": contact_body(messages.contact),
    "contacts": _page(contact_body(messages.contact)),
    "replies": replies_body("ko", messages.replies),
    "timeline": _page(timeline_entry_body(messages.noted_call)),
    **buyer_access.ANSWERS,
    **order_board.ANSWERS,
    **order_imports.ANSWERS,
    "api_key": api_key_body(access.KEY),
    "api_keys": _page(api_key_body(access.KEY)),
    "api_key_with_secret": {**api_key_body(access.KEY), "secret": access.SECRET},
    "rotated_api_key": {**api_key_body(access.ROTATED), "secret": access.ROTATED_SECRET},
    "limited_api_key": api_key_body(access.LIMITED),
    "revoked_api_key": api_key_body(access.REVOKED),
    "audit_entries": _page(audit_entry_body(access.ENTRY)),
    **staff.ANSWERS,
    **seller_queue.ANSWERS,
    **return_parcels.ANSWERS,
    **authority.ANSWERS,
    **reports.ANSWERS,
    **rules.ANSWERS,
    "order_privacy": order_privacy_body(privacy.ERASED),
    "order_privacy_on_hold": order_privacy_body(privacy.ON_HOLD),
    "buyer_privacy": {"data": [order_privacy_body(privacy.ERASED)]},
    "root_hashes": _page(root_hash_body(privacy.ROOT)),
    **refund_breakers.ANSWERS,
    "survey": survey_body(surveys.SURVEY),
    "surveys": _page(survey_body(surveys.SURVEY)),
    "survey_for_buyer": body_for_buyer(SurveyBody, survey_body(surveys.SURVEY)),
    "buyer_survey": buyer_survey_body(surveys.ASKED),
    "withdrawal": withdrawal_detail(withdrawals.received),
    "withdrawals": _page(withdrawal_detail(withdrawals.unmatched)),
    "matched_withdrawal": withdrawal_detail(withdrawals.matched),
    "closed_withdrawal": withdrawal_detail(withdrawals.closed),
    "shop": shop_body(messages.shop, messages.message.merchant_id),
    "message_settings": settings_body(SettingsView(settings=messages.settings, required=messages.required)),
    "buyer": messages.buyer,
    "endpoint": webhooks.ENDPOINT,
    "endpoints": {"data": [webhooks.ENDPOINT]},
    "endpoint_with_secret": {**webhooks.ENDPOINT, "secret": webhooks.SECRET},
    "test_event": {"event_id": webhooks.EVENT_ID},
    "resent_deliveries": {"queued": 12, "more": False, "next_cursor": None, "missed_from_at": None},
    "replayed_events": {"queued": 100, "next_position": None},
    "delivery": {**webhooks.DELIVERY, "attempts_made": [webhooks.ATTEMPT]},
    "deliveries": _page(webhooks.DELIVERY),
    "event": webhooks.FED,
    "events": {"data": [webhooks.FED], "next_cursor": cursor(webhooks.FED["position"])},
    "event_types": {
        "data": [
            {
                "type": _LAST.name,
                "description": _LAST.description,
                "data_schema": {"type": "object"},
                "example": body_of(_LAST.name),
            }
        ]
    },
    "health": ServiceHealth().model_dump(),
    "readiness": ServiceReadiness(
        migration="0001", worker=WorkerHealth(at_work=1, lost=0, last_turn_age_seconds=4.2)
    ).model_dump(),
}
TEXTS: Mapping[str, str] = {
    "policy_page.html": as_html(_POLICY_PAGE),
    "metrics.txt": "# TYPE recourse_db_retries_total counter\nrecourse_db_retries_total 0.0\n",
}
