"""The data of a buyer in the examples: held, on legal hold, and erased in part."""

from dataclasses import replace
from datetime import UTC, date, datetime

from app.presets.retention import retention_rule
from app.records.privacy import BuyerErasure, DataGroup, HeldData, KeptGroup, LegalHold
from app.records.root_hash import FIRST, RootHash, head_leaf, root_of

_NOW = datetime.fromisoformat("2026-06-15T10:00:00+09:00")
_DISPUTE_UNTIL = datetime.fromisoformat("2029-06-14T20:15:00+09:00")
_CONTRACT_UNTIL = datetime.fromisoformat("2031-06-14T20:15:00+09:00")
ERASED = HeldData(
    order_id="2026060512345",
    groups=(
        KeptGroup(group=DataGroup.UNNEEDED, until_at=_NOW, erased_at=_NOW),
        KeptGroup(group=DataGroup.DISPUTE, until_at=_DISPUTE_UNTIL, rule=retention_rule("KR", DataGroup.DISPUTE)),
        KeptGroup(group=DataGroup.CONTRACT, until_at=_CONTRACT_UNTIL, rule=retention_rule("KR", DataGroup.CONTRACT)),
    ),
    erasure=BuyerErasure(
        order_id="2026060512345",
        asked_at=_NOW,
        asked_by="storefront",
        wakes_at=_DISPUTE_UNTIL,
        unneeded_erased_at=_NOW,
    ),
)
ON_HOLD = replace(
    ERASED,
    groups=tuple(replace(group, erased_at=None) for group in ERASED.groups),
    hold=LegalHold(order_id="2026060512345", reason="소송 2026가단1234, 법무팀 요청", set_by="김민지", set_at=_NOW),
    erasure=None,
)
ROOT = RootHash(
    merchant_id="0198b0a4-33c1-7d5e-8f10-2c4d6e8fa0b2",
    day_on=date(2026, 6, 14),
    position=1842,
    entries_until_at=datetime(2026, 6, 15, tzinfo=UTC),
    leaves=1,
    previous=FIRST,
    root=root_of(FIRST, [head_leaf("0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b", "1" * 64)]),
    made_at=datetime(2026, 6, 15, 0, 12, 30, tzinfo=UTC),
)
