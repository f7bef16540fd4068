"""What a page says of the files that a buyer may add to a claim. The service checks each file again."""

from collections.abc import Sequence
from typing import Any

from app.buyer.pages.visit import Visit
from app.files.kinds import KINDS
from app.records.claim_file import ClaimFile
from app.service.files import OF_BUYER

MOST_AT_ONCE = 5
"""How many files a form can have."""


def limits_of_files(seen: Visit, files: Sequence[tuple[ClaimFile, str | None]]) -> dict[str, Any]:
    """How many files the buyer may send at once, and bytes: of a video, of another file, and of all together. `files`
    are those of the claim."""
    held = sum(file.has_bytes for file, _ in files)
    at_most = min(OF_BUYER.files, seen.app_state.files.limits.files)
    return {
        "most_files": max(min(MOST_AT_ONCE, at_most - held), 0),
        "video_bytes": KINDS["video/mp4"].bytes_max,
        "other_bytes": KINDS["image/jpeg"].bytes_max,
        "all_bytes": seen.app_state.max_upload_bytes,
    }
