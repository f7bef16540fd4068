"""A refusal as the answer that an agent can act on: the problem of the API, and what is possible instead."""

from typing import Any

from app.agents.context import Agent, Side
from app.agents.requests import NotEntitledError
from app.agents.tool import Call, Json
from app.api.language import language
from app.api.options import options_body
from app.api.problems import problem_of
from app.api.refusals import action_body
from app.api.schemas.options import OrderOptionsBody
from app.buyer.answers import COMMANDS
from app.buyer.shapes import body_for_buyer
from app.engine.model.assessment import Assessment, Finding
from app.engine.model.vocabulary import Ground, Reason
from app.messages.sentences import names
from app.service import claims
from app.service.errors import ConflictError, NotFoundError, ServiceError
from app.service.options import read_options


async def refused_command(agent: Agent, error: ServiceError, claim_id: str) -> Json:
    """The refusal of a command, with the commands that the claim takes now."""
    try:
        view = await agent.read(lambda tx: claims.read(tx, agent.caller, claim_id, agent.now))
    except NotFoundError:
        return problem_of(error)
    own = COMMANDS if agent.side is Side.BUYER else None
    possible = [each for each in view.actions if each.allowed and (own is None or each.command in own)]
    return {**problem_of(error), "actions": [action_body(action) for action in possible]}


async def refused_request(agent: Agent, error: ServiceError, call: Call) -> Json:
    """The refusal of a request by the engine, with what the buyer may request instead."""
    line_ids = tuple([line.line_id for line in call.body.lines])
    return {**problem_of(error), "options": await _possible(agent, line_ids, call.body.reason)}


async def not_entitled(agent: Agent, error: NotEntitledError) -> Json:
    """Why the buyer is not entitled, with the article of each ground, and what the buyer may request instead."""
    problem = problem_of(ConflictError("not_entitled"))
    refusals = _refusals(error.assessment)
    return {**problem, "refusals": refusals, "options": await _possible(agent, error.line_ids, error.reason)}


def _refusals(assessment: Assessment) -> list[Json]:
    """The findings in the shape of refusals of the engine."""
    written = names(language.get())["ground"]
    return [
        {
            "code": finding.ground,
            "detail": written[finding.ground],
            "params": _params(finding, assessment),
            "citation": finding.citation,
            "field": None,
        }
        for finding in assessment.findings
    ]


def _params(finding: Finding, assessment: Assessment) -> Json:
    of_lines = {"line_ids": finding.line_ids}
    window = assessment.window
    if finding.ground is not Ground.WINDOW_CLOSED or window is None or window.ends_on is None:
        return of_lines
    return {**of_lines, "ends_on": window.ends_on}


async def _possible(agent: Agent, line_ids: tuple[str, ...], reason: Reason) -> list[Json]:
    """The kinds of claims that the buyer may request for these lines and this reason. `get_options` has the rest."""
    try:
        found = await agent.read(
            lambda tx: read_options(
                tx, agent.caller, agent.order_id, agent.actor, agent.now, line_ids=line_ids, reasons=[reason]
            )
        )
    except NotFoundError:
        return []
    body: Any = body_for_buyer(OrderOptionsBody, options_body(found))
    return [
        {"line_id": line["line_id"], "kind": option["kind"], "quantity": option["quantity"]}
        for line in body["lines"]
        for option in line["options"]
        if option["possible"]
    ]
