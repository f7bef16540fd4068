"""Tools that change something ask first: without a confirm token they say what would happen, and do nothing."""

from typing import Annotated

from pydantic import Field

from app.agents.confirmations import call_of, shown_values
from app.agents.context import Agent, Side
from app.agents.tool import Call, Json, Own
from app.api.schemas.common import Name
from app.api.serializers import claim_body
from app.buyer.answers import claim_for_buyer
from app.engine.model.commands import Command
from app.service import agent_limits, claims, previews
from app.service.claims import ClaimView
from app.service.previews import Preview
from app.service.resources.claim import still_owed
from app.service.transactions import Tx

ClaimId = Annotated[Name, Field(description="The claim's id.")]
Token = Annotated[str, Field(max_length=200)]


class Confirmable(Own):
    confirm_token: Token | None = Field(
        default=None,
        description="Leave it out first: nothing is done, and the answer says what would happen, with a token for ten"
        " minutes. Then send the same arguments with the token.",
    )


class OnClaim(Confirmable):
    claim_id: ClaimId


class OnOffer(OnClaim):
    offer_id: Annotated[Name, Field(description="The offer's id.")]


RESULT: Json = {
    "type": "object",
    "properties": {
        "done": {"type": "boolean", "description": "False: nothing was changed. Confirm it, or leave it."},
        "claim": {"type": "object", "description": "If it is done: the claim, in the shape of `get_claim`."},
        "confirm_token": {"type": "string", "description": "If it is not done: send it with the same arguments."},
        "confirm_by": {"type": "string", "format": "date-time", "description": "When the token ends."},
        "would": {
            "type": "object",
            "description": "If it is not done: what the call would do. `claim` is the claim after the call, in the"
            " shape of `get_claim`, or `quote` is the answer of `quote_claim`.",
            "properties": {
                "claim": {"type": "object"},
                "quote": {"type": "object"},
                "events": {"type": "array", "items": {"type": "string"}},
                "amount": {"type": "integer", "description": "What an agent's limit counts, in minor units."},
                "currency": {"type": "string"},
                "second_person": {
                    "type": "boolean",
                    "description": "True: the call is above the authority of the key. Confirmed, it waits for a second"
                    " person of the shop.",
                },
                "messages": {
                    "type": "array",
                    "description": "What the buyer would read.",
                    "items": {
                        "type": "object",
                        "properties": {name: {"type": "string"} for name in ("event", "language", "subject", "text")},
                    },
                },
            },
        },
    },
    "required": ["done"],
}
"""The schema of what these tools answer."""


def claim_for(agent: Agent, view: ClaimView) -> Json:
    """The public claim, for a buyer's agent cut to what a buyer may see."""
    return claim_for_buyer(view) if agent.side is Side.BUYER else claim_body(view)


async def give_command(agent: Agent, call: Call, command: Command) -> Json:
    """Give a command to a claim, or say what the command would do."""
    bound = call_of(agent.caller, call.tool, call.sent)
    if call.own.confirm_token is None:
        return await _what_it_would_do(agent, call, command, bound)
    confirmed = agent.state.confirmations.read(call.own.confirm_token, bound)

    async def act(tx: Tx) -> Json:
        confirmed.refuse_expired(agent.system_now)
        expected = await _preview(tx, agent, call.own.claim_id, command, confirmed.version)
        confirmed.refuse_other(_shown(expected))
        view = await claims.act(tx, agent.caller, call.own.claim_id, command, agent.now, if_version=confirmed.version)
        if agent.side is Side.SELLER:
            amount = agent_limits.amount_of(command, expected.before, view)
            await agent_limits.count(tx, agent.caller, agent.state.limits, amount, expected)
        return {"done": True, "claim": claim_for(agent, view)}

    try:
        done: Json = await agent.once(confirmed.key, bound.hex(), act)
    except agent_limits.BegunByAnotherError:
        done = await agent.once(confirmed.key, bound.hex(), act)
    return done


async def _preview(tx: Tx, agent: Agent, claim_id: str, command: Command, version: int | None = None) -> Preview:
    """Raises ConflictError for a decision above the agent's limits, and what a command raises."""
    preview = await previews.preview(tx, agent.caller, claim_id, command, agent.now, if_version=version)
    if agent.side is Side.SELLER:
        await agent_limits.require(tx, agent.caller, agent.state.limits, command, preview)
    return preview


async def _what_it_would_do(agent: Agent, call: Call, command: Command, bound: bytes) -> Json:
    preview = await agent.read(lambda tx: _preview(tx, agent, call.own.claim_id, command))
    would = {
        "claim": claim_for(agent, preview.after),
        "events": preview.events,
        "amount": agent_limits.amount_of(command, preview.before, preview.after),
        "currency": preview.after.amounts.currency,
        "second_person": preview.above is not None,
        "messages": [
            {"event": each.event, "language": each.language, "subject": each.text.subject, "text": each.text.text}
            for each in preview.messages
        ],
    }
    return ask(agent, bound, _shown(preview), would)


def _shown(preview: Preview) -> bytes:
    """What a person has agreed to: the state and the amounts. They can change with the order, too."""
    after = preview.after
    values = [after.claim.state, after.amounts, still_owed(after.claim, after.amounts)]
    return shown_values(values, preview.before.claim.version)


def ask(agent: Agent, bound: bytes, shown: bytes, would: Json) -> Json:
    """The answer to a call without a confirm token. `shown` is what the token binds the call to."""
    token, ends_at = agent.state.confirmations.sign(bound, shown, agent.system_now)
    return {"done": False, "confirm_token": token, "confirm_by": ends_at, "would": would}
