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
    ("ck_authority_limits_holder_kind", insert("authority_limits", limit_id="l2", holder_kind="buyer")),
    ("ck_authority_limits_limits_something", "UPDATE authority_limits SET per_day = NULL"),
    ("ck_authority_limits_amounts", "UPDATE authority_limits SET per_decision = -1"),
    ("ck_authority_limits_amounts", "UPDATE authority_limits SET per_day = -1"),
    ("ck_authority_uses_within_limit", "UPDATE authority_uses SET amount = 101"),
    ("ck_authority_uses_within_limit", "UPDATE authority_uses SET amount = -1"),
    ("ck_approvals_status", "UPDATE approvals SET status = 'lost', decided_by = 'x'"),
    ("ck_approvals_decided_by_somebody", "UPDATE approvals SET status = 'granted'"),
    ("ck_refund_breakers_limits", "UPDATE refund_breakers SET amount_per_day = -1"),
    ("ck_refund_breaker_hours_sums", "UPDATE refund_breaker_hours SET amount = -1"),
    ("ck_refund_breaker_openings_per", "UPDATE refund_breaker_openings SET per = 'week'"),
    ("ck_refund_breaker_openings_measure", "UPDATE refund_breaker_openings SET measure = 'weight'"),
    ("ck_refund_breaker_openings_closed_when", "UPDATE refund_breaker_openings SET closed_by = 'owner'"),
    ("ck_approvals_by_a_second_person", "UPDATE approvals SET status = 'granted', decided_by = 's'"),
]
STAFF_TWICE: list[tuple[str, str, str]] = [
    ("an address is of one person", "uq_staff_merchant_id_email", insert("staff", staff_id="s2")),
    ("a holder has a limit once", "uq_authority_limits_scope", insert("authority_limits", limit_id="l2")),
    (
        "a breaker has one opening at a time",
        "uq_refund_breaker_openings_open",
        insert("refund_breaker_openings", opening_id="b2"),
    ),
    ("a command has one open approval", "uq_approvals_open", insert("approvals", approval_id="a2")),
    ("a code of an authenticator is used once", "pk_staff_totp_uses", insert("staff_totp_uses")),
    ("a recovery code is there once", "pk_staff_recovery_codes", insert("staff_recovery_codes")),
]
