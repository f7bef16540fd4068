"""One valid row for every table of withdrawals, and for the messages that may be about one."""

from collections.abc import Mapping

from tests.store.refund_rows import MOMENT, Row

WITHDRAWALS: Mapping[str, Row] = {
    "withdrawals": {
        "merchant_id": "m",
        "withdrawal_id": "wd",
        "order_number": "o",
        "name": "김민지",
        "email": "mina@example.com",
        "lines": "[]",
        "language": "ko",
        "channel": "page",
        "declared_at": MOMENT,
        "received_at": MOMENT,
        "salt": "s",
        "hash": "h",
        "status": "matched",
        "order_id": "o",
        "refusals": "[]",
    },
    "withdrawal_claims": {"merchant_id": "m", "withdrawal_id": "wd", "kind": "return", "claim_id": "c"},
    "withdrawal_receipts": {"merchant_id": "m", "withdrawal_id": "wd", "digest": "d", "made_at": MOMENT},
    "messages": {
        "merchant_id": "m",
        "message_id": "g",
        "event_id": "e",
        "event": "claim.requested",
        "audience": "buyer",
        "language": "ko",
        "claim_id": "c",
        "order_id": "o",
        "subject": "접수했습니다",
        "text": "고맙습니다",
        "to_address": "mina@example.com",
        "status": "queued",
        "attempts": 0,
        "next_at": MOMENT,
        "created_at": MOMENT,
    },
}
