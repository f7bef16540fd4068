"""Valid rows of the tables of imports, and writes that the database refuses."""

from collections.abc import Mapping

from tests.store.refund_rows import MOMENT, Row

IMPORTS: Mapping[str, Row] = {
    "order_imports": {
        "merchant_id": "m",
        "import_id": "i",
        "state": "running",
        "kind": "orders",
        "format": "smartstore",
        "file_id": "f",
        "file_name": "orders.xlsx",
        "digest": "d",
        "size": 10,
        "heading_row": 2,
        "columns": "[]",
        "fingerprint": "p",
        "matching": "{}",
        "currency": "KRW",
        "time_zone": "Asia/Seoul",
        "notify_buyers": False,
        "row_count": 3,
        "created_by": "k",
        "created_at": MOMENT,
        "expires_at": MOMENT,
        "total": 3,
        "position": 1,
        "new": 0,
        "changed": 0,
        "unchanged": 0,
        "refused": 1,
        "left_out": 0,
        "started_at": MOMENT,
        "next_at": MOMENT,
    },
    "order_import_rows": {
        "merchant_id": "m",
        "import_id": "i",
        "seq": 1,
        "row_number": 3,
        "result": "refused",
        "order_id": "o",
        "changes": "[]",
        "code": "import_missing",
        "params": "{}",
    },
    "import_matchings": {
        "merchant_id": "m",
        "fingerprint": "p",
        "kind": "orders",
        "columns": "{}",
        "currency": "KRW",
        "time_zone": "Asia/Seoul",
        "used_at": MOMENT,
    },
}

BAD_IMPORTS: list[tuple[str, str]] = [
    ("ck_order_imports_state", "UPDATE order_imports SET state = 'paused', next_at = NULL"),
    ("ck_order_imports_kind", "UPDATE order_imports SET kind = 'claims'"),
    ("ck_order_imports_due_while_running", "UPDATE order_imports SET next_at = NULL"),
    ("ck_order_imports_started_once", "UPDATE order_imports SET started_at = NULL"),
    ("ck_order_imports_finished_once", f"UPDATE order_imports SET finished_at = '{MOMENT}'"),
    ("ck_order_imports_each_counted_once", "UPDATE order_imports SET position = 2"),
    ("ck_order_imports_position_within_total", "UPDATE order_imports SET total = 0"),
    (
        "ck_order_imports_done_is_whole",
        f"UPDATE order_imports SET state = 'done', finished_at = '{MOMENT}', next_at = NULL",
    ),
    ("ck_order_import_rows_refused_for_a_reason", "UPDATE order_import_rows SET code = NULL"),
]
"""A rule, and SQL that breaks it."""
