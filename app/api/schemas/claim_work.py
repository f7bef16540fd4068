"""The body that changes the shop's own work on a claim."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StringConstraints

from app.api.schemas.common import Input, Instant, Name, with_words
from app.records.plain_text import one_line
from app.service.claim_work import WorkChange

MOST_TAGS = 20


def _normalised(tag: str) -> str:
    """One tag has one form: NFKC, lower case, one space between words."""
    return " ".join(unicodedata.normalize("NFKC", tag).casefold().split())


Tag = Annotated[
    str,
    AfterValidator(one_line),
    AfterValidator(with_words),
    AfterValidator(_normalised),
    StringConstraints(min_length=1, max_length=40),
]


class UpdateClaimWorkRequest(Input):
    """Fields that are left out stay as they are."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"seen": True, "tags": ["사이즈", "vip"]}]})

    assignee: Name | None = Field(default=None, description="The id of a person of the staff. Null: nobody.")
    snoozed_until_at: Instant | None = Field(
        default=None, description="Until then the claim is not in the queue. Null: the claim does not sleep."
    )
    tags: Annotated[list[Tag], Field(max_length=MOST_TAGS)] = Field(
        default=[], description="All tags of the claim. Case, width and spaces make no difference."
    )
    seen: StrictBool = Field(default=False, description="`true` marks the claim as seen by you, unless somebody has.")

    def change(self) -> WorkChange:
        return WorkChange(
            named=frozenset(self.model_fields_set - {"seen"}),
            assignee=self.assignee,
            snoozed_until_at=self.snoozed_until_at,
            tags=tuple(sorted(set(self.tags))),
            seen=self.seen,
        )
