"""Parcels with goods on their way back, and where they go."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.api.return_locations import return_location_body
from app.api.unannounced_parcels import return_match_body
from app.engine.model.vocabulary import Disposition
from app.records.disposition_change import DispositionChange, DispositionUnits
from app.records.return_location import ReturnLocation, ReturnLocationRule
from app.records.return_parcel import Destination, ParcelState, ParcelUnits, ReturnParcel, Way
from app.service.dispositions import Dispositions
from app.service.resources.disposition import dispositions_body
from app.service.resources.return_parcel import return_parcel_body
from app.service.return_search import CodeKind, ReturnMatch
from tests.examples import resources

_NOW = resources.NOW
_CLAIM = resources.claim_view.claim
RETURN_NUMBER = "7K4C2MXM"
SEOUL = ReturnLocation(
    location_id="seoul",
    name="서울 창고",
    address="서울 마포구 컵로 12, 머그 가게 반품 담당",
    postal_code="04001",
    phone="02-555-0142",
    hours={"ko": "평일 10:00~17:00"},
    is_default=True,
    updated_at=_NOW,
)
TOKYO = ReturnLocation(
    location_id="tokyo",
    name="도쿄 반품 센터",
    address="東京都江東区有明1-2-3 マグハウス返品係",
    postal_code="135-0063",
    is_default=False,
    updated_at=_NOW,
    rule=ReturnLocationRule(countries=frozenset({"JP"})),
)
ANNOUNCED = ReturnParcel(
    parcel_id="0198c1f6-1c2d-7e3f-8a4b-5c6d7e8f9012",
    claim_id=_CLAIM.claim_id,
    number=1,
    way=Way.OWN_POST,
    state=ParcelState.ANNOUNCED,
    carrier="cj",
    tracking_number="659876543210",
    lines=(ParcelUnits(line_id="1", quantity=1),),
    destination=Destination(
        location_id="seoul", address=SEOUL.address, postal_code=SEOUL.postal_code, phone=SEOUL.phone
    ),
    created_at=_NOW,
    state_at=_NOW,
)
ON_THE_WAY = replace(
    ANNOUNCED, state=ParcelState.ON_THE_WAY, state_at=_NOW + timedelta(hours=5), sent_at=_NOW + timedelta(hours=5)
)
_LATER = _NOW + timedelta(days=2)
_RECEIVED = replace(ON_THE_WAY, state=ParcelState.RECEIVED, state_at=_LATER, received_at=_LATER)
_NOBODYS = ReturnParcel(
    parcel_id="0198c1f7-1c2d-7e3f-8a4b-5c6d7e8f9012",
    state=ParcelState.RECEIVED,
    carrier="cj",
    tracking_number="659876543299",
    created_at=_NOW,
    state_at=_NOW,
    received_at=_NOW,
    note="흰 머그 1개, 주문 번호 없음",
)
_MATCHED = replace(
    _NOBODYS,
    claim_id=_CLAIM.claim_id,
    number=2,
    lines=ANNOUNCED.lines,
    matched_at=_LATER,
    matched_by="minji",
)
_FOUND = ReturnMatch(
    read_as=CodeKind.LABEL_CODE,
    claim=_CLAIM,
    return_number=RETURN_NUMBER,
    parcels=(ON_THE_WAY,),
    parcel=ON_THE_WAY,
)
_KEPT = (DispositionUnits(disposition=Disposition.REFURBISH, quantity=1),)
_CHANGE = DispositionChange(
    change_id="0198c1f8-1c2d-7e3f-8a4b-5c6d7e8f9012",
    line_id="1",
    units=_KEPT,
    reason="긁힌 자국을 닦으면 다시 팔 수 있음",
    changed_by="minji",
    changed_at=_LATER,
)
ANSWERS: Mapping[str, Any] = {
    "return_parcel": return_parcel_body(ANNOUNCED, RETURN_NUMBER),
    "return_parcels": {"data": [return_parcel_body(ON_THE_WAY, RETURN_NUMBER)]},
    "received_return_parcel": return_parcel_body(_RECEIVED, RETURN_NUMBER),
    "found_returns": {"data": [return_match_body(_FOUND)]},
    "unannounced_parcel": return_parcel_body(_NOBODYS, None),
    "unannounced_parcels": {"data": [return_parcel_body(_NOBODYS, None)], "next_cursor": None},
    "matched_parcel": return_parcel_body(_MATCHED, RETURN_NUMBER),
    "claim_dispositions": dispositions_body(Dispositions(lines={"1": _KEPT}, changes=(_CHANGE,))),
    "return_location": return_location_body(SEOUL),
    "return_locations": {"data": [return_location_body(SEOUL), return_location_body(TOKYO)]},
}
