"""Valid rows of the erasure of buyers, and of root hashes."""

from collections.abc import Mapping

from tests.store.refund_rows import MOMENT, Row

PRIVACY: Mapping[str, Row] = {
    "legal_holds": {"merchant_id": "m", "order_id": "o", "reason": "소송", "set_by": "민지", "set_at": MOMENT},
    "root_hashes": {
        "merchant_id": "m",
        "day_on": "2026-06-08",
        "position": 1,
        "entries_until_at": MOMENT,
        "leaves": 1,
        "previous": "0",
        "root": "r",
        "made_at": MOMENT,
    },
    "buyer_erasures": {"merchant_id": "m", "order_id": "o", "asked_at": MOMENT, "wakes_at": MOMENT},
}
