"""A buyer's agent asks for a claim: first it is shown the quote, and then it opens the claim that was quoted."""

from pydantic import Field, StrictBool

from app.agents.changes import Confirmable, ask
from app.agents.confirmations import call_of, shown_values
from app.agents.context import Agent
from app.agents.tool import Call, Json
from app.api.schemas.claims import QuoteBody
from app.api.serializers import quote_body
from app.buyer.answers import claim_for_buyer
from app.buyer.shapes import body_for_buyer
from app.engine.model.assessment import Assessment, Verdict
from app.engine.model.breakdown import RefundBreakdown
from app.engine.model.claim import Claim
from app.engine.model.commands import Request
from app.engine.model.vocabulary import Reason
from app.service import claims
from app.service.ids import new_id
from app.service.resources.claim import still_owed
from app.service.transactions import Tx


class RequestArguments(Confirmable):
    ask_anyway: StrictBool = Field(
        default=False,
        description="Ask although the buyer is not entitled to the claim: the seller then decides. Only if the buyer"
        " wants that after reading why not.",
    )


class NotEntitledError(Exception):
    """The buyer is not entitled to what an agent asks for, and the buyer has not said to ask all the same."""

    def __init__(self, assessment: Assessment, line_ids: tuple[str, ...], reason: Reason) -> None:
        super().__init__(assessment.grounds)
        self.assessment = assessment
        self.line_ids = line_ids
        self.reason = reason


async def quote_claim(agent: Agent, call: Call) -> Json:
    command = _request(agent, call)
    quote = await agent.read(lambda tx: claims.quote(tx, agent.caller, agent.order_id, command, agent.now))
    body: Json = body_for_buyer(QuoteBody, quote_body(quote))
    return body


async def request_claim(agent: Agent, call: Call) -> Json:
    command, bound = _request(agent, call), call_of(agent.caller, call.tool, call.sent)
    if call.own.confirm_token is None:
        return await _quoted(agent, call, command, bound)
    confirmed = agent.state.confirmations.read(call.own.confirm_token, bound)

    async def open_claim(tx: Tx) -> Json:
        confirmed.refuse_expired(agent.system_now)
        view = await claims.request(tx, agent.caller, agent.order_id, command, agent.now)
        confirmed.refuse_other(_shown(view.claim, view.assessment, view.amounts))
        return {"done": True, "claim": claim_for_buyer(view)}

    opened: Json = await agent.once(confirmed.key, bound.hex(), open_claim)
    return opened


async def _quoted(agent: Agent, call: Call, command: Request, bound: bytes) -> Json:
    """Raises NotEntitledError."""
    quote = await agent.read(lambda tx: claims.quote(tx, agent.caller, agent.order_id, command, agent.now))
    standing = quote.standing
    if standing.assessment.verdict is Verdict.INELIGIBLE and not call.own.ask_anyway:
        line_ids = tuple([line.line_id for line in command.lines])
        raise NotEntitledError(standing.assessment, line_ids, command.reason)
    would = {
        "quote": body_for_buyer(QuoteBody, quote_body(quote)),
        "events": ["claim.requested", *quote.following],
        "amount": standing.amounts.total,
        "currency": standing.amounts.currency,
        "messages": [],
    }
    return ask(agent, bound, _shown(quote.claim, standing.assessment, standing.amounts), would)


def _request(agent: Agent, call: Call) -> Request:
    command: Request = call.body.command(new_id(agent.now), agent.actor, agent.now)
    return command


def _shown(claim: Claim, assessment: Assessment, amounts: RefundBreakdown) -> bytes:
    """What the buyer has agreed to. The deadlines move with the time of the request."""
    return shown_values([claim.kind, assessment.verdict, assessment.findings, amounts, still_owed(claim, amounts)])
