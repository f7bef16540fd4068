"""The tools of a seller's agent: what its API key may read, and the decisions of a seller.

Each row of the API's table of commands that takes the scope `claims:decide` is a tool.
"""

from collections.abc import Callable
from typing import Any

from app.agents import resources
from app.agents.changes import RESULT, OnClaim, give_command
from app.agents.context import Agent, require
from app.agents.tool import Call, Json, Run, Tool, list_of, model_of
from app.api.commands import COMMANDS
from app.api.context import DecidesClaims
from app.api.schemas.claims import ClaimHistoryPage, QuoteBody
from app.api.schemas.commands import ApproveClaimRequest, ClaimRequest, CommandRequest
from app.api.schemas.offers import MakeOfferRequest
from app.api.schemas.options import OrderOptionsBody
from app.api.schemas.rejections import RejectClaimRequest
from app.api.serializers import quote_body
from app.engine.model.commands import Command
from app.engine.model.vocabulary import Role
from app.records.api_key import Scope
from app.service import claims
from app.service.ids import new_id
from app.service.resources.claim import ClaimBody
from app.service.resources.order import OrderBody

_ASKS_FIRST = (
    " Without `confirm_token` nothing is done, and the answer says what would happen and what the buyer would read."
)
_ENDS_OR_GIVES = frozenset({"approve_claim", "reject_claim", "inspect_goods", "expire_claim", "convert_claim"})
"""Decisions that cannot be taken back."""


async def _quote_claim(agent: Agent, call: Call) -> Json:
    by = agent.caller.acting_as(Role.BUYER, agent.actor.name)
    command = call.body.command(new_id(agent.now), by, agent.now)
    quote = await agent.read(lambda tx: claims.quote(tx, agent.caller, call.body.order_id, command, agent.now))
    return quote_body(quote)


def _approve(agent: Agent, body: ApproveClaimRequest) -> Command:
    if body.override is not None:
        require(agent, Scope.CLAIMS_OVERRIDE)
    return body.command(agent.actor)


def _reject(agent: Agent, body: RejectClaimRequest) -> Command:
    return body.command(agent.actor, lambda: new_id(agent.now))


def _offer(agent: Agent, body: MakeOfferRequest) -> Command:
    return body.command(new_id(agent.now), agent.actor)


def _of_row(agent: Agent, body: Any) -> Command:
    command: Command = body.command(agent.actor)
    return command


def _giving(command_of: Callable[[Agent, Any], Command]) -> Run:
    async def run(agent: Agent, call: Call) -> Json:
        return await give_command(agent, call, command_of(agent, call.body))

    return run


def _decision(
    name: str, title: str, description: str, body: type[CommandRequest], command_of: Callable[[Agent, Any], Command]
) -> Tool:
    return Tool(
        name=name,
        title=title,
        description=description + _ASKS_FIRST,
        run=_giving(command_of),
        own=OnClaim,
        body=body,
        result=RESULT,
        scope=Scope.CLAIMS_DECIDE,
        is_read_only=False,
        is_destructive=name in _ENDS_OR_GIVES,
    )


_READING = (
    Tool(
        name="list_claims",
        title="List claims",
        description="The newest claims first. `turn=seller` lists those that wait for the seller.",
        run=resources.list_claims,
        body=resources.Claims,
        result=list_of("Claims in the shape of `get_claim`."),
        scope=Scope.CLAIMS_READ,
    ),
    Tool(
        name="get_claim",
        title="Read a claim",
        description="The claim with its assessment, its amounts, its deadlines and the commands that it takes now, or"
        " every reason against a command with its article of law.",
        run=resources.get_claim,
        own=resources.OfClaim,
        result=model_of(ClaimBody),
        scope=Scope.CLAIMS_READ,
    ),
    Tool(
        name="list_claim_events",
        title="List the events of a claim",
        description="The history of the claim, the oldest event first: who did what, and when. At most 100 events.",
        run=resources.list_claim_events,
        own=resources.OfClaim,
        result=model_of(ClaimHistoryPage),
        scope=Scope.CLAIMS_READ,
    ),
    Tool(
        name="get_order",
        title="Read an order",
        description="The order with its lines, payments and parcels.",
        run=resources.get_order,
        own=resources.OfOrder,
        result=model_of(OrderBody),
        scope=Scope.ORDERS_READ,
    ),
    Tool(
        name="get_options",
        title="Read the options of an order",
        description="For each line and kind of claim: whether the buyer may request it now, until when, what comes back"
        " and what it costs, or every reason against it with its article of law.",
        run=resources.get_options,
        own=resources.OfOrder,
        body=resources.Options,
        result=model_of(OrderOptionsBody),
        scope=Scope.CLAIMS_READ,
    ),
    Tool(
        name="quote_claim",
        title="Quote a claim",
        description="The assessment and the amounts that a claim of the buyer would have. Nothing is stored.",
        run=_quote_claim,
        body=ClaimRequest,
        result=model_of(QuoteBody),
        scope=Scope.CLAIMS_WRITE,
        hidden=frozenset({"actor", "requester", "requested_at", "consents", "metadata"}),
    ),
    Tool(
        name="list_contacts",
        title="List questions and answers",
        description="The questions to the buyer and the buyer's answers, the oldest first. Without notes.",
        run=resources.list_contacts,
        own=resources.OfClaim,
        result=list_of("Questions and answers."),
        scope=Scope.MESSAGES_READ,
    ),
    Tool(
        name="list_refunds",
        title="List refunds",
        description="The refunds of a claim or an order: how much, to which payment, until when, and if it is paid.",
        run=resources.list_refunds,
        body=resources.Refunds,
        result=list_of("Refunds, the newest first."),
        scope=Scope.REFUNDS_READ,
    ),
)

SELLER_TOOLS = (
    *_READING,
    _decision(
        "approve_claim",
        "Approve a claim",
        "Approve the claim. A cancellation or a refund then owes money; any other claim waits for the goods. A claim to"
        " which the buyer is not entitled is refused with the article, unless `override` says why.",
        ApproveClaimRequest,
        _approve,
    ),
    _decision(
        "reject_claim",
        "Reject a claim",
        "Reject the claim, or some of its lines, on a ground that the facts or your evidence show. A claim to which the"
        " buyer is entitled cannot be rejected.",
        RejectClaimRequest,
        _reject,
    ),
    _decision(
        "make_offer",
        "Make an offer",
        "Offer the buyer an alternative. If the buyer declines the offer, the buyer keeps the same rights.",
        MakeOfferRequest,
        _offer,
    ),
    *(
        _decision(row.name, row.summary, row.description, row.body, _of_row)
        for row in COMMANDS
        if row.allowed is DecidesClaims
    ),
)
