"""A valid row of each table of goods on their way back, and changes that break a constraint."""

from collections.abc import Mapping

from tests.store.refund_rows import MOMENT, Row

RETURNS: Mapping[str, Row] = {
    "return_numbers": {"merchant_id": "m", "claim_id": "c", "return_number": "7K4C2MXM"},
    "return_parcels": {
        "merchant_id": "m",
        "parcel_id": "p",
        "claim_id": "c",
        "number": 1,
        "way": "own_post",
        "state": "on_the_way",
        "carrier": "cj",
        "tracking_number": "1",
        "lines": "[]",
        "destination": None,
        "created_at": MOMENT,
        "state_at": MOMENT,
        "sent_at": MOMENT,
        "received_at": None,
        "matched_at": None,
        "matched_by": None,
        "note": None,
    },
    "return_locations": {
        "merchant_id": "m",
        "location_id": "seoul",
        "name": "Seoul",
        "is_default": True,
        "position": 0,
        "details": "{}",
        "rule": "{}",
        "updated_at": MOMENT,
    },
    "disposition_changes": {
        "merchant_id": "m",
        "claim_id": "c",
        "change_id": "d",
        "line_id": "1",
        "units": "[]",
        "reason": "sold as used",
        "changed_by": "minji",
        "changed_at": MOMENT,
    },
}
BAD_RETURNS = [
    ("ck_return_parcels_number_in_its_claim", "UPDATE return_parcels SET number = NULL"),
    ("ck_return_parcels_came_or_was_announced", "UPDATE return_parcels SET claim_id = NULL, number = NULL"),
    ("ck_return_parcels_received_at_an_instant", "UPDATE return_parcels SET state = 'received'"),
    ("ck_return_parcels_matched_by_somebody", "UPDATE return_parcels SET matched_by = 'minji'"),
    ("ck_return_parcels_number_of_a_carrier", "UPDATE return_parcels SET carrier = NULL"),
]
