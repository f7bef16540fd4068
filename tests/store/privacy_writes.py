"""Writes about the erasure of buyers, and about root hashes, that the database refuses."""

from tests.store.rows import insert

BAD_PRIVACY = [
    ("ck_root_hashes_counts", insert("root_hashes", day_on="2026-06-09", leaves=-1)),
    ("ck_buyer_erasures_wakes_until_all_is_erased", "UPDATE buyer_erasures SET wakes_at = NULL"),
]
