"""Files of the claim of the examples: a photo, the photo after its erasure, and a file at a marketplace."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.records.claim_file import ClaimFile, FileStatus

_NOW = datetime.fromisoformat("2026-06-10T10:00:00+09:00")
PHOTO = ClaimFile(
    file_id="0198c1f5-1c2d-7e3f-8a4b-5c6d7e8f9012",
    claim_id="0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b",
    line_id="1",
    status=FileStatus.READY,
    media_type="image/jpeg",
    size=184_322,
    digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    source_url=None,
    caption="손잡이가 깨졌어요",
    role="buyer",
    author="buyer-7",
    added_at=_NOW,
)
LINK = "/files/AZiwpDPBfV6PECxNboj6sgGYwfUcLX4_iktcbX6PkBIAaijNWLq3cQ"
LINK_ENDS_AT = _NOW + timedelta(minutes=10)
ERASED = replace(
    PHOTO,
    status=FileStatus.ERASED,
    caption=None,
    erased_at=_NOW + timedelta(days=90),
    erased_role="seller",
    erased_by="minji",
)
AT_MARKETPLACE = replace(
    PHOTO,
    media_type=None,
    size=None,
    digest="bdbf7f56ec5b7ee1dd50ca47c4bf9b9a51b7cbd09a2e0a3ff6f2a6c0d4b2b91e",
    source_url="https://images.marketplace.example/claims/118/1.jpg",
    caption=None,
)
