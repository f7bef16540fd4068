"""A valid row of the table of what agents have decided."""

from collections.abc import Mapping

from tests.store.refund_rows import Row

AGENT_AMOUNTS: Mapping[str, Row] = {
    "agent_amounts": {
        "merchant_id": "m",
        "key_id": "k",
        "currency": "KRW",
        "decided_on": "2026-06-08",
        "amount": 100,
        "most": 100,
    },
}
