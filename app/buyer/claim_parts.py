"""The routes beside a buyer's claim: questions of the seller, money that comes back, and money that is owed."""

from fastapi import APIRouter, Response

from app.api.context import IdempotencyKey
from app.api.examples import ok
from app.api.problem_examples import responses, responses_to_buyers
from app.api.schemas.refund_accounts import PutRefundAccountRequest
from app.api.serializers import claim_body
from app.buyer.answers import json, listed
from app.buyer.claims import ClaimId
from app.buyer.context import ActsAsBuyer
from app.buyer.schemas.claims import AnswerQuestionForBuyerRequest, BuyerDebtBody, owed_body
from app.buyer.schemas.shop import BuyerWayToPay
from app.buyer.shapes import body_for_buyer, for_buyer, list_for_buyer
from app.json_text import dump
from app.records.sorting import PageQuery, Sort
from app.service import claims, contacts, refund_accounts, refunds
from app.service.idempotency import Answer
from app.service.resources.contact import ContactBody, contact_body
from app.service.resources.refund import RefundBody, refund_body
from app.service.resources.refund_account import RefundAccountBody, refund_account_body
from app.service.shops import shop_of_order

router = APIRouter(
    prefix="/buyer/v1", tags=["buyer"], responses={**responses_to_buyers(401, 403, 429), **responses(413, 422, 503)}
)

MOST_REFUNDS = 100
_ACCOUNT = ok("refund_account")


@router.get(
    "/claims/{claim_id}/contacts",
    summary="List questions and answers",
    response_model=list_for_buyer("ContactForBuyerList", ContactBody, "Questions and answers, the oldest first."),
    responses={**ok("contacts_for_buyer"), **responses(404)},
)
async def list_contacts_for_buyer(claim_id: ClaimId, ctx: ActsAsBuyer) -> Response:
    """Return the questions of the seller and your answers."""
    found = await ctx.read(lambda tx: contacts.conversation(tx, ctx.caller, claim_id))
    return listed(body_for_buyer(ContactBody, contact_body(contact)) for contact in found)


@router.post(
    "/claims/{claim_id}/contacts",
    status_code=201,
    summary="Answer a question of the seller",
    response_model=for_buyer(ContactBody),
    responses={**ok("contact_for_buyer", 201), **responses(400, 404, 409, 415)},
)
async def add_answer_for_buyer(
    claim_id: ClaimId, body: AnswerQuestionForBuyerRequest, ctx: ActsAsBuyer, key: IdempotencyKey
) -> Response:
    """The answer goes to the seller, and the claim goes on."""
    new = body.new(ctx.buyer)
    return await ctx.once(
        key,
        lambda tx: contacts.add(tx, ctx.caller, claim_id, new, ctx.now),
        lambda contact: Answer(status=201, body=dump(body_for_buyer(ContactBody, contact_body(contact)))),
    )


@router.get(
    "/claims/{claim_id}/payment",
    summary="Read what you owe",
    response_model=BuyerDebtBody,
    responses={**ok("buyer_debt"), **responses(404)},
)
async def get_payment_for_buyer(claim_id: ClaimId, ctx: ActsAsBuyer) -> Response:
    """Return what you owe on the claim and how to pay it. The seller confirms the payment."""
    view = await ctx.read(lambda tx: claims.read(tx, ctx.caller, claim_id, ctx.now))
    shop, order = await ctx.read(lambda tx: shop_of_order(tx, ctx.caller, ctx.order_id))
    way = shop.profile.way_to_pay(order.currency)
    shown = BuyerWayToPay(account=way.account, url=way.url) if way else None
    return json(owed_body(claim_body(view), is_due=view.claim.still_owed > 0, way=shown))


@router.put(
    "/claims/{claim_id}/refund-account",
    summary="Set the account for your refund",
    response_model=RefundAccountBody,
    responses={**_ACCOUNT, **responses(400, 404, 409, 415)},
)
async def put_refund_account_for_buyer(
    claim_id: ClaimId, body: PutRefundAccountRequest, ctx: ActsAsBuyer
) -> Response:  # fmt: skip
    """Only for money that cannot go back to its payment, or whose refund has failed. The number is stored encrypted,
    and a new account replaces the stored one."""
    encryption = ctx.app_state.encryption
    return await ctx.write(
        lambda tx: refund_accounts.put(tx, ctx.caller, claim_id, body.account(), ctx.now, encryption=encryption),
        lambda account: Answer(status=200, body=dump(refund_account_body(account))),
    )


@router.get(
    "/claims/{claim_id}/refund-account",
    summary="Read the account for your refund",
    response_model=RefundAccountBody,
    responses={**_ACCOUNT, **responses(404)},
)
async def get_refund_account_for_buyer(claim_id: ClaimId, ctx: ActsAsBuyer) -> Response:
    """Return the account with a masked number, and when you were asked for it."""
    account = await ctx.read(lambda tx: refund_accounts.read(tx, ctx.caller, claim_id))
    return json(refund_account_body(account))


@router.get(
    "/refunds",
    summary="List your refunds",
    response_model=list_for_buyer("RefundForBuyerList", RefundBody, "The newest 100 refunds, the newest first."),
    responses=ok("refunds_for_buyer"),
)
async def list_refunds_for_buyer(ctx: ActsAsBuyer) -> Response:
    """Return the refunds of the order: how much, to which payment, until when, and whether it is paid."""
    query = PageQuery(sort=Sort.LAST_CREATED, limit=MOST_REFUNDS)
    page = await ctx.read(lambda tx: refunds.page(tx, ctx.caller, query, order_id=ctx.order_id))
    return listed(body_for_buyer(RefundBody, refund_body(stored, ctx.now)) for stored in page.rows)
