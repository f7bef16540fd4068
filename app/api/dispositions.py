"""The routes of dispositions after the inspection."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from app.api.claims import ClaimId
from app.api.context import DecidesClaims, IdempotencyKey, ReadsClaims
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.commands import CommandRequest, example
from app.api.schemas.common import Input, MessageToBuyer, Name, Quantity, named_once
from app.engine.model.vocabulary import Disposition, Role
from app.json_text import dump
from app.records.disposition_change import DispositionUnits
from app.service import dispositions
from app.service.dispositions import NewDisposition
from app.service.idempotency import Answer
from app.service.resources.disposition import ClaimDispositionsBody, dispositions_body

router = APIRouter(
    prefix="/v1/claims/{claim_id}/dispositions",
    tags=["returns"],
    responses=responses(401, 403, 404, 413, 422, 429, 503),
)
_ALL = ok("claim_dispositions")


class DispositionUnitsInput(Input):
    """Units with one disposition."""

    disposition: Disposition = Field(description="What becomes of the units.")
    quantity: Quantity = Field(description="The number of units.")


class SetDispositionRequest(CommandRequest):
    """What becomes of the kept units of a line."""

    model_config = example(
        line_id="1", units=[{"disposition": "refurbish", "quantity": 1}], reason="긁힌 자국을 닦으면 다시 팔 수 있음"
    )

    line_id: Name = Field(description="A line of the claim.")
    units: Annotated[list[DispositionUnitsInput], Field(min_length=1, max_length=20), named_once("disposition")] = (
        Field(description="All units of the line that the shop keeps.")
    )
    reason: Annotated[MessageToBuyer, Field(min_length=1, max_length=1000)] = Field(
        description="Why, for your own records. The buyer does not see the reason."
    )

    def new(self) -> NewDisposition:
        units = tuple(DispositionUnits(disposition=each.disposition, quantity=each.quantity) for each in self.units)
        return NewDisposition(line_id=self.line_id, units=units, reason=self.reason)


@router.get(
    "",
    summary="Read the dispositions of a claim",
    response_model=ClaimDispositionsBody,
    responses=_ALL,
)
async def get_claim_dispositions(claim_id: ClaimId, ctx: ReadsClaims) -> Response:
    """What becomes of the units that the shop keeps, and who changed that since the inspection."""
    found = await ctx.read(lambda tx: dispositions.read(tx, ctx.caller, claim_id))
    return Response(dump(dispositions_body(found)), media_type="application/json")


@router.post(
    "",
    summary="Change a disposition",
    response_model=ClaimDispositionsBody,
    responses={**_ALL, **responses(400, 409, 415)},
)
async def set_disposition(
    claim_id: ClaimId, body: SetDispositionRequest, ctx: DecidesClaims, key: IdempotencyKey
) -> Response:
    """After the inspection, also of a claim that has ended. The amounts and the refunds of the claim do not change."""
    by = ctx.actor(Role.SELLER, body.actor)
    return await ctx.once(
        key,
        lambda tx: dispositions.change(tx, ctx.caller, claim_id, body.new(), by, ctx.now),
        lambda found: Answer(status=200, body=dump(dispositions_body(found))),
    )
