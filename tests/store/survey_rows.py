"""A valid row of the table of surveys."""

from collections.abc import Mapping

from tests.store.refund_rows import MOMENT, Row

SURVEYS: Mapping[str, Row] = {
    "surveys": {
        "merchant_id": "m",
        "claim_id": "c",
        "order_id": "o",
        "rejected": False,
        "score": "good",
        "text": "빨라요",
        "answered_at": MOMENT,
        "salt": "s",
        "hash": "h",
    },
}
