"""A valid row of each table of rules."""

from collections.abc import Mapping

from tests.store.refund_rows import MOMENT, Row

RULES: Mapping[str, Row] = {
    "rule_drafts": {"merchant_id": "m", "rules": "[]", "updated_at": MOMENT, "updated_by": "민지"},
    "rule_sets": {
        "merchant_id": "m",
        "version": 1,
        "rules": "[]",
        "published_at": MOMENT,
        "published_by": "민지",
        "holder_kind": "staff",
        "holder_id": "s",
    },
    "rule_runs": {"merchant_id": "m", "claim_id": "c", "version": 1, "decided_by": "cheap", "ran_at": MOMENT},
}

_COLUMNS = "merchant_id, version, rules, published_at, published_by, holder_kind, holder_id"
_INSERT = f"INSERT INTO rule_sets ({_COLUMNS})"

BAD_RULES = [
    ("ck_rule_sets_version", f"{_INSERT} VALUES ('m', 0, '[]', '{MOMENT}', 'x', 'staff', 's')"),
    ("ck_rule_sets_holder_kind", f"{_INSERT} VALUES ('m', 2, '[]', '{MOMENT}', 'x', 'role', 's')"),
]
