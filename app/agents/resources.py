"""The tools of both sides that read: an order, its options, its claims and refunds."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.agents.changes import ClaimId, claim_for
from app.agents.context import Agent, Side
from app.agents.tool import Call, Json, Own
from app.api.options import options_body
from app.api.schemas.common import Name
from app.api.schemas.options import OrderOptionsBody
from app.api.schemas.search import Search
from app.api.serializers import event_body, order_body
from app.buyer.shapes import body_for_buyer
from app.engine.model.parties import Party
from app.engine.model.vocabulary import Kind, Reason, Role, State
from app.records.claim import ClaimFilter
from app.records.sorting import PageQuery, Sort
from app.service import claims, contacts, orders, refunds
from app.service.options import MOST_LINES, read_options
from app.service.resources.contact import ContactBody, contact_body
from app.service.resources.order import OrderBody
from app.service.resources.refund import RefundBody, refund_body

MOST_ROWS = 100

OrderId = Annotated[Name, Field(description="The shop's id of the order.")]


class OfClaim(Own):
    claim_id: ClaimId


class OfOrder(Own):
    order_id: OrderId


class Options(BaseModel):
    """Which options to read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line_ids: list[Name] = Field(default=[], max_length=MOST_LINES, description="Only these lines. None is every line.")
    reasons: list[Reason] = Field(
        default=[], max_length=len(Reason), description="Only these reasons, which is faster. None is every reason."
    )


class Claims(BaseModel):
    """Which claims to list. A claim must match all of the filters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: State | None = None
    kind: Kind | None = None
    order_id: Name | None = None
    q: Search | None = None
    turn: Party | None = Field(default=None, description="Who must act next.")
    held: bool | None = None
    overdue: bool | None = Field(default=None, description="Past the next deadline of the claim.")
    limit: int = Field(default=10, ge=1, le=MOST_ROWS)
    after: Name | None = Field(default=None, description="The last `claim_id` of the page before.")


class Refunds(BaseModel):
    """Which refunds to list. One of the two is enough."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    claim_id: Name | None = None
    order_id: Name | None = None


def _cut(agent: Agent, model: type[BaseModel], body: Json) -> Any:
    return body_for_buyer(model, body) if agent.side is Side.BUYER else body


def _rows(agent: Agent, model: type[BaseModel], bodies: Iterable[Json]) -> Json:
    return {"data": [_cut(agent, model, body) for body in bodies]}


def _order_of(agent: Agent, call: Call) -> str:
    """A buyer's agent has one order, and names none."""
    order_id: str = agent.order_id if agent.side is Side.BUYER else call.own.order_id
    return order_id


async def get_order(agent: Agent, call: Call) -> Json:
    view = await agent.read(lambda tx: orders.read(tx, agent.caller, _order_of(agent, call)))
    order: Json = _cut(agent, OrderBody, order_body(view))
    return order


async def get_options(agent: Agent, call: Call) -> Json:
    by = agent.caller.acting_as(Role.BUYER, None)
    found = await agent.read(
        lambda tx: read_options(
            tx,
            agent.caller,
            _order_of(agent, call),
            by,
            agent.now,
            line_ids=call.body.line_ids,
            reasons=call.body.reasons,
        )
    )
    options: Json = _cut(agent, OrderOptionsBody, options_body(found))
    return options


async def get_claim(agent: Agent, call: Call) -> Json:
    view = await agent.read(lambda tx: claims.read(tx, agent.caller, call.own.claim_id, agent.now))
    return claim_for(agent, view)


async def list_claims(agent: Agent, call: Call) -> Json:
    """The newest claim comes first."""
    asked: Claims = call.body
    same = {name: getattr(asked, name) for name in ("state", "kind", "order_id", "q", "turn", "held", "overdue")}
    query = PageQuery(sort=Sort.LAST_CREATED, limit=asked.limit, after=(asked.after,) if asked.after else None)
    where = ClaimFilter(**same, now=agent.now)
    page = await agent.read(lambda tx: claims.page(tx, agent.caller, query, where, agent.now))
    return {"data": [claim_for(agent, view) for view in page.rows]}


async def list_own_claims(agent: Agent, _: Call) -> Json:
    query = PageQuery(sort=Sort.LAST_CREATED, limit=MOST_ROWS)
    where = ClaimFilter(order_id=agent.order_id)
    page = await agent.read(lambda tx: claims.page(tx, agent.caller, query, where, agent.now))
    return {"data": [claim_for(agent, view) for view in page.rows]}


async def list_claim_events(agent: Agent, call: Call) -> Json:
    events = await agent.read(lambda tx: claims.history(tx, agent.caller, call.own.claim_id, limit=MOST_ROWS, after=0))
    return {"data": [event_body(event) for event in events], "next_cursor": None}


async def list_contacts(agent: Agent, call: Call) -> Json:
    """Without the notes of the shop."""
    found = await agent.read(lambda tx: contacts.conversation(tx, agent.caller, call.own.claim_id))
    return _rows(agent, ContactBody, (contact_body(contact) for contact in found))


async def list_refunds(agent: Agent, call: Call) -> Json:
    query = PageQuery(sort=Sort.LAST_CREATED, limit=MOST_ROWS)
    of_order = {"order_id": agent.order_id} if agent.side is Side.BUYER else call.body.model_dump(exclude_none=True)
    page = await agent.read(lambda tx: refunds.page(tx, agent.caller, query, **of_order))
    return _rows(agent, RefundBody, (refund_body(stored, agent.now) for stored in page.rows))
