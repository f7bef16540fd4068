"""A valid row of each table of reports."""

from collections.abc import Mapping

from tests.store.refund_rows import MOMENT, Row

REPORTS: Mapping[str, Row] = {
    "report_heads": {"merchant_id": "m", "time_zone": "UTC", "counted_at": MOMENT, "recounted_to": ""},
    "report_changes": {
        "merchant_id": "m",
        "change_id": "g",
        "subject": "claim",
        "subject_id": "c",
        "changed_at": MOMENT,
    },
    "report_entries": {"merchant_id": "m", "subject": "claim", "subject_id": "c", "entry": "[]"},
    "report_sums": {
        "merchant_id": "m",
        "measure": "claims",
        "span": "day",
        "from_on": "2026-06-08",
        "kind": "cancel",
        "reason": "change_of_mind",
        "fault": "buyer",
        "sku": "",
        "policy": "",
        "label": "",
        "value": 0,
        "number": 1,
        "amount": 1,
    },
}

BAD_REPORTS = [
    ("ck_report_heads_recounting", "UPDATE report_heads SET recounting = 'shop'"),
    ("ck_report_sums_span", "UPDATE report_sums SET span = 'week'"),
    ("ck_report_sums_counted_once", "UPDATE report_sums SET number = -1"),
]
