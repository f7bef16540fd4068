"""A valid row of each table of the shop's own work on claims, and of the rules that give it."""

from collections.abc import Mapping

from tests.store.refund_rows import MOMENT, Row
from tests.store.rule_rows import RULES

CLAIM_WORK: Mapping[str, Row] = {
    "claim_work": {"merchant_id": "m", "claim_id": "c", "assignee": "s", "seen_at": MOMENT, "seen_by": "민지"},
    "claim_tags": {"merchant_id": "m", "claim_id": "c", "tag": "vip"},
    **RULES,
}

BAD_CLAIM_WORK = [
    ("ck_claim_work_seen_by_somebody", "UPDATE claim_work SET seen_by = NULL"),
    ("ck_claim_tags_tag_has_letters", "UPDATE claim_tags SET tag = ''"),
]
