"""One command for many claims, and the result for each."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool

from app.api.schemas.commands import (
    ApproveClaimRequest,
    CommandRequest,
    ExpireClaimRequest,
    HoldClaimRequest,
    ReleaseClaimRequest,
)
from app.api.schemas.common import Input, Name
from app.api.schemas.goods import CompleteClaimRepairRequest, ConfirmClaimDeliveryRequest, ConvertClaimRequest
from app.api.schemas.rejections import RejectClaimRequest
from app.engine.model.parties import Party
from app.engine.model.vocabulary import State
from app.service.resources.refusal import RefusalBody

MOST_CLAIMS = 200
"""A request for so many claims is answered within its time. A client with more claims sends several requests."""


class BulkCommand(StrEnum):
    """The commands whose body fits any claim."""

    APPROVE = "approve"
    REJECT = "reject"
    HOLD = "hold"
    RELEASE = "release"
    CONVERT = "convert"
    COMPLETE_REPAIR = "complete_repair"
    CONFIRM_DELIVERY = "confirm_delivery"
    EXPIRE = "expire"


BODIES: Mapping[BulkCommand, type[CommandRequest]] = {
    BulkCommand.APPROVE: ApproveClaimRequest,
    BulkCommand.REJECT: RejectClaimRequest,
    BulkCommand.HOLD: HoldClaimRequest,
    BulkCommand.RELEASE: ReleaseClaimRequest,
    BulkCommand.CONVERT: ConvertClaimRequest,
    BulkCommand.COMPLETE_REPAIR: CompleteClaimRepairRequest,
    BulkCommand.CONFIRM_DELIVERY: ConfirmClaimDeliveryRequest,
    BulkCommand.EXPIRE: ExpireClaimRequest,
}


def each_once(ids: list[str]) -> list[str]:
    if len(set(ids)) < len(ids):
        raise ValueError("each id must be named once")
    return ids


class DecideClaimsRequest(Input):
    """One command for several claims."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"command": "approve", "claim_ids": ["0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b"], "dry_run": True}]
        }
    )

    command: BulkCommand = Field(description="The command.")
    body: dict[str, Any] = Field(default={}, description="The body that the command has for one claim.")
    claim_ids: Annotated[
        list[Name],
        Field(min_length=1, max_length=MOST_CLAIMS, description="The claims, each once."),
        AfterValidator(each_once),
    ]
    dry_run: StrictBool = Field(
        default=False, description="`true`: say what the command would do with each claim, and change nothing."
    )


class BulkOutcome(StrEnum):
    """What became of the command for one claim or one order."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_FOUND = "not_found"


class BulkResultBody(BaseModel):
    """The result for one claim."""

    claim_id: str = Field(description="The claim.")
    outcome: BulkOutcome = Field(description="Whether the claim took the command, or would take the command.")
    state: State | None = Field(description="The state after the command. Null if the command was not accepted.")
    turn: Party | None = Field(description="Who must act then. Null: nobody, or the command was not accepted.")
    refund: int | None = Field(description="What the buyer gets back then, in minor units.")
    code: str | None = Field(description="Why not, for programs.")
    detail: str | None = Field(description="Why not, in a sentence for people.")
    refusals: list[RefusalBody] = Field(description="The engine's reasons.")


class BulkResultsBody(BaseModel):
    """The results in the order of the request."""

    dry_run: bool = Field(description="Whether nothing was changed.")
    accepted: int = Field(description="How many claims took the command.")
    refused: int = Field(description="How many claims refused the command.")
    not_found: int = Field(description="How many ids have no claim.")
    results: list[BulkResultBody] = Field(description="One for each claim, in the order of the request.")
