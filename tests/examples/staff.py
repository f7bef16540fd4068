"""The staff of the examples: a person with an invitation and a session."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyotp

from app.api.staff_session import own_session
from app.records.staff import Staff, StaffInvitation, StaffRole, StaffSession
from app.service.resources.staff import staff_body, staff_invitation_body, staff_role_body, staff_session_body
from app.service.second_factors import address_of
from app.service.staff_invitations import LASTS, invitation_url
from app.service.staff_roles import BUILT_IN
from app.service.staff_sign_in import SESSION_LASTS
from tests.examples.resources import NOW

_MERCHANT = "0198b0a4-33c1-7d5e-8f10-2c4d6e8fa0b2"
_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_TOKEN = f"{_MERCHANT.replace('-', '')}_{'0' * 43}"
PERSON = Staff(
    merchant_id=_MERCHANT,
    staff_id="0198c3b1-4a10-7d22-9e33-5f6071829304",
    email="minji@mug.example",
    name="김민지",
    role="clerk",
    language="ko",
    created_at=NOW,
    totp_secret=_SECRET,
    totp_confirmed_at=NOW,
)
_INVITATION = StaffInvitation(
    merchant_id=_MERCHANT,
    invitation_id="0198c3a0-11aa-7b33-8c44-6d7e8f901234",
    email=PERSON.email,
    role=PERSON.role,
    language="ko",
    digest="",
    invited_by="대표",
    created_at=NOW - timedelta(hours=2),
    expires_at=NOW - timedelta(hours=2) + LASTS,
)
_SESSION = StaffSession(
    merchant_id=_MERCHANT,
    session_id="0198c3b2-5b21-7e33-8f44-607182930415",
    staff_id=PERSON.staff_id,
    digest="",
    ip_address="203.0.113.7",
    user_agent="Mozilla/5.0",
    created_at=NOW,
    seen_at=NOW + timedelta(minutes=12),
    ends_at=NOW + SESSION_LASTS,
)
_OWN_ROLE = StaffRole(
    role="night-shift", scopes=frozenset({"claims:read", "orders:read"}), created_at=NOW, updated_at=NOW
)
_BUILT_IN = StaffRole(role="clerk", scopes=BUILT_IN["clerk"])
_OWN = own_session(_SESSION, PERSON, BUILT_IN["clerk"])

ANSWERS: Mapping[str, Any] = {
    "staff": staff_body(PERSON),
    "staff_list": {"data": [staff_body(PERSON)]},
    "staff_invitation_with_token": {**staff_invitation_body(_INVITATION), "token": None, "url": None},
    "staff_password_link": {
        **staff_invitation_body(replace(_INVITATION, staff_id=PERSON.staff_id)),
        "token": f"rsi_{_TOKEN}",
        "url": invitation_url("https://recourse.example", f"rsi_{_TOKEN}"),
    },
    "staff_invitations": {
        "data": [staff_invitation_body(replace(_INVITATION, staff_id=PERSON.staff_id, accepted_at=NOW))]
    },
    "revoked_staff_invitation": staff_invitation_body(replace(_INVITATION, revoked_at=NOW)),
    "staff_role": staff_role_body(_OWN_ROLE),
    "staff_roles": {"data": [staff_role_body(_BUILT_IN), staff_role_body(_OWN_ROLE)]},
    "staff_sessions": {"data": [staff_session_body(_SESSION)]},
    "ended_staff_session": staff_session_body(replace(_SESSION, ended_at=NOW + timedelta(hours=1))),
    "own_session": _OWN,
    "own_session_with_token": {**_OWN, "token": f"rs_{_TOKEN}"},
    "totp_secret": {
        "secret": pyotp.TOTP(_SECRET).secret,
        "url": address_of(PERSON, _SECRET, issuer="머그 가게"),
    },
    "recovery_codes": {"codes": ["mzxw-6ytb-oi2d-4ljk", "ge3d-sojq-gy4t-ynzx"]},
}
