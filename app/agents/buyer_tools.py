"""The tools of a buyer's agent. They reach one order, and do what the buyer may do."""

from typing import Any

from pydantic import BaseModel

from app.agents import resources
from app.agents.changes import RESULT, OnClaim, OnOffer, give_command
from app.agents.context import Agent
from app.agents.requests import RequestArguments, quote_claim, request_claim
from app.agents.tool import Call, Json, Tool, list_of, model_of
from app.api.schemas.claims import QuoteBody
from app.api.schemas.options import OrderOptionsBody
from app.api.serializers import quote_body
from app.buyer.schemas.claims import (
    AcceptOfferForBuyerRequest,
    AnswerQuestionForBuyerRequest,
    DeclineOfferForBuyerRequest,
    DispatchGoodsForBuyerRequest,
    OpenClaimForBuyerRequest,
    RetractClaimForBuyerRequest,
)
from app.buyer.schemas.edits import EditClaimForBuyerRequest
from app.buyer.shapes import body_for_buyer, for_buyer
from app.engine.model.commands import AcceptOffer
from app.records.contact import ContactKind
from app.service import claims, contacts
from app.service.idempotency import fingerprint
from app.service.resources.claim import ClaimBody
from app.service.resources.contact import ContactBody, contact_body
from app.service.resources.order import OrderBody
from app.service.transactions import Tx

_ASKS_FIRST = " Without `confirm_token` nothing is done, and the answer says what would happen."


async def _quote_edit(agent: Agent, call: Call) -> Json:
    command = call.body.command(agent.actor)
    quote = await agent.read(lambda tx: claims.quote_edit(tx, agent.caller, call.own.claim_id, command, agent.now))
    body: Json = body_for_buyer(QuoteBody, quote_body(quote))
    return body


async def _give(agent: Agent, call: Call) -> Json:
    return await give_command(agent, call, call.body.command(agent.actor))


async def _accept_offer(agent: Agent, call: Call) -> Json:
    return await give_command(agent, call, AcceptOffer(by=agent.actor, offer_id=call.own.offer_id))


async def _decline_offer(agent: Agent, call: Call) -> Json:
    return await give_command(agent, call, call.body.command(call.own.offer_id, agent.actor))


async def _answer_question(agent: Agent, call: Call) -> Json:
    """The same answer to the same question is stored once."""
    new = call.body.new(agent.actor)
    asked = await agent.read(lambda tx: contacts.conversation(tx, agent.caller, call.own.claim_id))
    questions = [each.contact_id for each in asked if each.kind is ContactKind.QUESTION]
    place = questions[-1] if questions else ""
    print_ = fingerprint(call.own.claim_id.encode(), place.encode(), new.text.encode())

    async def add(tx: Tx) -> Json:
        contact = await contacts.add(tx, agent.caller, call.own.claim_id, new, agent.now)
        body: Json = body_for_buyer(ContactBody, contact_body(contact))
        return body

    stored: Json = await agent.once(print_, print_, add)
    return stored


def _command(name: str, title: str, description: str, body: type[BaseModel], **more: Any) -> Tool:
    options = {"run": _give, "own": OnClaim, "is_read_only": False, **more}
    return Tool(name=name, title=title, description=description + _ASKS_FIRST, body=body, result=RESULT, **options)


BUYER_TOOLS = (
    Tool(
        name="get_order",
        title="Read the order",
        description="The buyer's order with its lines, payments and parcels.",
        run=resources.get_order,
        result=model_of(for_buyer(OrderBody)),
    ),
    Tool(
        name="get_options",
        title="Read the options of the order",
        description="For each line and kind of claim: whether the buyer may request it now, until when, what comes back"
        " and what it costs, or every reason against it with its article of law.",
        run=resources.get_options,
        body=resources.Options,
        result=model_of(for_buyer(OrderOptionsBody)),
    ),
    Tool(
        name="quote_claim",
        title="Quote a claim",
        description="The assessment and the amounts that a claim would have. Nothing is stored.",
        run=quote_claim,
        body=OpenClaimForBuyerRequest,
        result=model_of(for_buyer(QuoteBody)),
    ),
    Tool(
        name="request_claim",
        title="Request a claim",
        description="Request a cancellation, a return, an exchange, a repair or a refund. Without `confirm_token`"
        " nothing is done, and the answer has the quote. Show the quote to the buyer before you confirm it.",
        run=request_claim,
        own=RequestArguments,
        body=OpenClaimForBuyerRequest,
        result=RESULT,
        is_read_only=False,
    ),
    Tool(
        name="list_claims",
        title="List the claims of the order",
        description="The claims of the order, the newest first, each with the commands that the buyer may give.",
        run=resources.list_own_claims,
        result=list_of("Claims in the shape of `get_claim`."),
    ),
    Tool(
        name="get_claim",
        title="Read a claim",
        description="The claim with its assessment, its amounts, its deadlines and the commands that it takes now.",
        run=resources.get_claim,
        own=resources.OfClaim,
        result=model_of(for_buyer(ClaimBody)),
    ),
    Tool(
        name="quote_edit",
        title="Quote an edit of a claim",
        description="The assessment and the amounts that the claim would have after the edit. Nothing is stored.",
        run=_quote_edit,
        own=resources.OfClaim,
        body=EditClaimForBuyerRequest,
        result=model_of(for_buyer(QuoteBody)),
    ),
    _command(
        "edit_claim",
        "Edit a claim",
        "Change what the buyer asks for. Possible until the decision. The claim is judged anew.",
        EditClaimForBuyerRequest,
    ),
    _command(
        "retract_claim",
        "Retract a claim",
        "Take the claim back. Possible until the goods are received.",
        RetractClaimForBuyerRequest,
        is_destructive=True,
    ),
    _command(
        "dispatch_goods",
        "Report that the goods were sent back",
        "The buyer has sent the goods back. A tracking number shows that.",
        DispatchGoodsForBuyerRequest,
    ),
    _command(
        "accept_offer",
        "Accept an offer",
        "The buyer takes the alternative that the seller offers. The claim continues with it, or ends with it.",
        AcceptOfferForBuyerRequest,
        own=OnOffer,
        run=_accept_offer,
        is_destructive=True,
    ),
    _command(
        "decline_offer",
        "Decline an offer",
        "The buyer does not take the alternative. The claim does not change.",
        DeclineOfferForBuyerRequest,
        own=OnOffer,
        run=_decline_offer,
    ),
    Tool(
        name="list_contacts",
        title="List questions and answers",
        description="The questions of the seller and the answers of the buyer, the oldest first.",
        run=resources.list_contacts,
        own=resources.OfClaim,
        result=list_of("Questions and answers."),
    ),
    Tool(
        name="answer_question",
        title="Answer a question of the seller",
        description="The answer goes to the seller at once, and the claim goes on. Send the words of the buyer.",
        run=_answer_question,
        own=resources.OfClaim,
        body=AnswerQuestionForBuyerRequest,
        result=model_of(for_buyer(ContactBody)),
        is_read_only=False,
    ),
    Tool(
        name="list_refunds",
        title="List the refunds of the order",
        description="How much comes back, to which payment, until when, and whether it is paid.",
        run=resources.list_refunds,
        result=list_of("Refunds, the newest first."),
    ),
)
"""In the order in which an agent usually needs them."""
