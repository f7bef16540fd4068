"""Writes about surveys that the database refuses."""

from tests.store.rows import insert

BAD_SURVEYS: list[tuple[str, str]] = [
    ("ck_surveys_score", insert("surveys", claim_id="c2", score="best")),
    ("ck_surveys_asked_after_a_rejection", insert("surveys", claim_id="c2", reason_understood=False)),
    ("ck_surveys_asked_after_a_rejection", insert("surveys", claim_id="c2", alternative_found=True)),
]
ANSWERED_TWICE = ("a claim is surveyed once", "pk_surveys", insert("surveys", score="bad"))
OF_NOTHING: list[tuple[str, str]] = [
    ("a survey of no claim", insert("surveys", claim_id="none")),
    ("a survey of no order", insert("surveys", claim_id="c2", order_id="none")),
]
