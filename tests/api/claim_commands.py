"""Every command of a claim: the steps before it, and a body that it accepts."""

from collections.abc import Mapping

from tests.api import walks
from tests.api.walks import ONE, SORRY, Body, Step

OFFER: Body = {"alternative": "store_credit", "message": "어떠세요?", "amount": 13000}
OFFERED: Step = ("offers", OFFER)
BACK = (walks.APPROVE, walks.RECEIVE)
ACCEPTED = (*BACK, walks.INSPECT)
INCOMPLETE: Step = ("receive", {"lines": [{**ONE, "condition": "incomplete"}]})
LESS_A_PART: Step = (
    "inspect",
    {"lines": [{"line_id": "1", "accepted": 1, "deductions": [{"reason": "missing_parts", "amount": 500}]}]},
)
REJECTION: Body = {
    "ground": "duplicate",
    "message": SORRY,
    "evidence": ["ticket-7"],
    "line_ids": ["1"],
    "offers": [{"alternative": "discount_coupon", "amount": 1000, "expires_at": "2026-06-20T00:00:00Z"}],
    "keep_offers": [],
}
EDITED: Body = {"reason": "wrong_item", "lines": [ONE], "note": "다른 색이 왔어요."}
COMMANDS: Mapping[str, tuple[str, tuple[Step, ...], Body]] = {
    "approve": ("return", (), {"actor": "minji"}),
    "reject": ("return", (), REJECTION),
    "edit": ("return", (), EDITED),
    "retract": ("return", (), {"note": "마음이 바뀌었어요."}),
    "hold": ("return", (), {"reason": "seller_check"}),
    "release": ("return", (walks.HOLD,), {}),
    "reclassify": ("return", (), {"reason": "wrong_item"}),
    "offers": ("return", (), OFFER),
    "offers/{offer_id}/accept": ("return", (OFFERED,), {}),
    "offers/{offer_id}/decline": ("return", (OFFERED,), {}),
    "dispatch": ("return", (walks.APPROVE,), {"tracking": walks.PARCEL}),
    "receive": ("return", (walks.APPROVE,), {"lines": [ONE]}),
    "inspect": ("return", BACK, {"lines": [{"line_id": "1", "accepted": 1}]}),
    "complete-repair": ("repair", ACCEPTED, {"actor": "workshop"}),
    "reship": ("exchange", ACCEPTED, {"tracking": walks.PARCEL}),
    "confirm-payment": (
        "exchange",
        (walks.APPROVE, INCOMPLETE, LESS_A_PART),
        {"payment_id": "extra-1", "method": "bank_transfer", "amount": 500},
    ),
    "convert": ("exchange", (), {"because": "refused", "note": "품절되었습니다."}),
    "expire": ("return", (walks.APPROVE, walks.DISPATCH, walks.WAIT), {"evidence": ["carrier-trace-1"]}),
    "confirm-delivery": ("exchange", (*ACCEPTED, walks.RESHIP), {}),
}
