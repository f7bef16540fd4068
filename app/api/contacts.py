"""The log of contacts on a claim: questions, answers and notes."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app.api.context import IdempotencyKey, ReadsMessages, WritesMessages
from app.api.examples import ok
from app.api.messages import MessageListing
from app.api.paging import BY_ID, page
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.messages import AddClaimContactRequest, ContactPage
from app.json_text import dump
from app.service import contacts
from app.service.idempotency import Answer
from app.service.resources.contact import ContactBody, contact_body

router = APIRouter(
    prefix="/v1/claims/{claim_id}/contacts", tags=["messages"], responses=responses(401, 403, 413, 422, 429, 503)
)


ClaimId = Annotated[Name, Path(description="The claim's id.")]


@router.post(
    "",
    status_code=201,
    summary="Add a question, an answer or a note",
    response_model=ContactBody,
    responses={**ok("contact", 201), **responses(400, 404, 409, 415)},
)
async def add_claim_contact(
    claim_id: ClaimId, body: AddClaimContactRequest, ctx: WritesMessages, key: IdempotencyKey
) -> Response:
    """A question goes to the buyer and puts the claim on hold. The buyer's answer goes to you and releases the
    claim. A note, or a phone call that you note, is in no message and in no event."""
    new = body.new(ctx.actor(body.role, body.actor))

    return await ctx.once(
        key,
        lambda tx: contacts.add(tx, ctx.caller, claim_id, new, ctx.now),
        lambda contact: Answer(status=201, body=dump(contact_body(contact))),
    )


@router.get(
    "",
    summary="List the contacts of a claim",
    response_model=ContactPage,
    responses={**ok("contacts"), **responses(400, 404)},
)
async def list_claim_contacts(
    claim_id: ClaimId, ctx: ReadsMessages, listing: Annotated[MessageListing, Query()]
) -> Response:
    """The oldest contact comes first. Notes are included."""
    return await page(
        ctx,
        listing,
        BY_ID,
        lambda tx, limit, after: contacts.page(tx, ctx.caller, claim_id, limit=limit, after=after and after[0]),
        place=lambda contact: (contact.contact_id,),
        body=contact_body,
    )
