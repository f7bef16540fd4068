"""Valid rows of the tables of files."""

from collections.abc import Mapping

from tests.store.refund_rows import MOMENT, Row

FILES: Mapping[str, Row] = {
    "claim_files": {
        "merchant_id": "m",
        "file_id": "f",
        "claim_id": "c",
        "line_id": "1",
        "status": "waiting",
        "media_type": "image/jpeg",
        "size": 10,
        "digest": "d",
        "caption": "broken",
        "role": "buyer",
        "author": "mina",
        "added_at": MOMENT,
        "wakes_at": MOMENT,
    },
    "file_leftovers": {"merchant_id": "m", "file_id": "f", "wakes_at": MOMENT},
}

BAD_FILES: list[tuple[str, str]] = [
    ("ck_claim_files_size", "UPDATE claim_files SET size = 0"),
    ("ck_claim_files_bytes_have_a_type", "UPDATE claim_files SET media_type = NULL"),
    ("ck_claim_files_erased", f"UPDATE claim_files SET erased_at = '{MOMENT}', caption = NULL"),
    ("ck_claim_files_erased", "UPDATE claim_files SET status = 'infected', caption = NULL, wakes_at = NULL"),
    (
        "ck_claim_files_erased_words",
        f"UPDATE claim_files SET status = 'erased', erased_at = '{MOMENT}', wakes_at = NULL",
    ),
    ("ck_claim_files_scanned_while_waiting", "UPDATE claim_files SET status = 'ready'"),
]
"""A rule, and SQL that breaks it."""
