"""The rules of changes of address and of option, each with a write that breaks it."""

from tests.store.refund_rows import MOMENT, Row

OPTION_CHANGE: Row = {
    "merchant_id": "m",
    "order_id": "o",
    "change_id": "a",
    "line_id": "1",
    "quantity": 1,
    "sku": "MUG-L",
    "difference": 500,
    "status": "requested",
    "requested_at": MOMENT,
}
"""A change that waits for an answer."""

ORDER_CHANGES: list[tuple[str, str]] = [
    ("ck_address_changes_decided_once", "UPDATE address_changes SET status = 'accepted'"),
    ("ck_address_changes_decided_once", f"UPDATE address_changes SET decided_at = '{MOMENT}'"),
    (
        "ck_address_changes_refused_for_a_reason",
        f"UPDATE address_changes SET status = 'refused', address = NULL, decided_at = '{MOMENT}'",
    ),
    (
        "ck_address_changes_address_only_while_needed",
        f"UPDATE address_changes SET status = 'refused', reason = 'left', decided_at = '{MOMENT}'",
    ),
    ("ck_order_lines_changed_once", "UPDATE order_lines SET changed = -1"),
    ("ck_order_lines_changed_once", "UPDATE order_lines SET changed = 3"),
    ("ck_order_lines_changed_once", "UPDATE order_lines SET cancelled = 1, shipped = 8, changed = 2"),
    ("ck_order_lines_changing_is_free", "UPDATE order_lines SET changing = -1"),
    ("ck_order_lines_changing_is_free", "UPDATE order_lines SET changing = 2"),
    ("ck_option_changes_amounts", "UPDATE option_changes SET quantity = 0"),
    ("ck_option_changes_amounts", "UPDATE option_changes SET unit_price = -1"),
    ("ck_option_changes_amounts", "UPDATE option_changes SET difference = -1"),
    ("ck_option_changes_paid_and_accepted", "UPDATE option_changes SET payment_id = 'p'"),
    (
        "ck_option_changes_only_a_difference_is_paid",
        "UPDATE option_changes SET difference = 0, status = 'awaiting_payment'",
    ),
    ("ck_option_changes_decided_once", "UPDATE option_changes SET status = 'retracted'"),
    ("ck_option_changes_decided_once", f"UPDATE option_changes SET decided_at = '{MOMENT}'"),
    (
        "ck_option_changes_refused_for_a_reason",
        f"UPDATE option_changes SET status = 'refused', decided_at = '{MOMENT}'",
    ),
    (
        "ck_option_changes_overtaken_by_something",
        f"UPDATE option_changes SET status = 'overtaken', decided_at = '{MOMENT}'",
    ),
]
