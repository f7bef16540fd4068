"""The route of a buyer's question: the shop's own answers, beside facts of the order."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.examples import ok
from app.api.language import language
from app.api.problem_examples import responses, responses_to_buyers
from app.api.schemas.common import Name
from app.buyer.answers import json
from app.buyer.context import ActsAsBuyer
from app.buyer.schemas.answers import FACTS_OF, BuyerAnswers, answers_body
from app.buyer.schemas.shop import shop_for_buyer
from app.records.faq_entry import FaqEntry
from app.records.shop import Shop
from app.service import faq_entries
from app.service.options import OrderOptions, read_options
from app.service.shops import shop_of_order
from app.service.transactions import Tx

router = APIRouter(
    prefix="/buyer/v1", tags=["buyer"], responses={**responses_to_buyers(401, 403, 429), **responses(413, 422, 503)}
)


@router.get(
    "/answers", summary="Find answers to your question", response_model=BuyerAnswers, responses=ok("answers_for_buyer")
)
async def search_answers_for_buyer(
    ctx: ActsAsBuyer, q: Annotated[Name, Query(description="The question, in your words.")]
) -> Response:
    """Return the entries of the shop's FAQ that answer the question in the language of the answer, the last days and
    the costs of this order, and how to ask the shop. Only texts of the shop are returned."""
    written_in = language.get()

    async def read(tx: Tx) -> tuple[Shop, OrderOptions, list[FaqEntry]]:
        shop, _ = await shop_of_order(tx, ctx.caller, ctx.order_id)
        options = await read_options(tx, ctx.caller, ctx.order_id, ctx.buyer, ctx.now, reasons=FACTS_OF)
        return shop, options, await faq_entries.list_entries(tx, ctx.caller, written_in)

    shop, options, entries = await ctx.read(read)
    matches = await faq_entries.find(entries, written_in, q)
    body = shop_for_buyer(shop, options.order, written_in)
    return json(answers_body(matches, options.lines, options.order.currency, body))
