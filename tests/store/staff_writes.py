"""Writes about staff that the database refuses."""

from tests.store.refund_rows import MOMENT
from tests.store.rows import insert

BAD_STAFF: list[tuple[str, str]] = [
    ("ck_staff_email_in_lower_case", insert("staff", staff_id="s2", email="Owner@mug.example")),
    ("ck_staff_confirmed_secret", f"UPDATE staff SET totp_confirmed_at = '{MOMENT}'"),
    ("ck_staff_roles_not_built_in", insert("staff_roles", role="owner")),
    ("ck_staff_invitations_accepted_by_somebody", f"UPDATE staff_invitations SET accepted_at = '{MOMENT}'"),
    (
        "ck_staff_invitations_one_end",
        f"UPDATE staff_invitations SET accepted_at = '{MOMENT}', staff_id = 's', revoked_at = '{MOMENT}'",
    ),
]
STAFF_TWICE: list[tuple[str, str, str]] = [
    ("an address is of one person", "uq_staff_merchant_id_email", insert("staff", staff_id="s2")),
    ("a code of an authenticator is used once", "pk_staff_totp_uses", insert("staff_totp_uses")),
    ("a recovery code is there once", "pk_staff_recovery_codes", insert("staff_recovery_codes")),
]
