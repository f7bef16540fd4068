"""The `data` of the event of a rule."""

from pydantic import Field

from app.service.events.schemas import HistoryEventData
from app.service.resources.claim_parts import ActorBody
from app.service.resources.rules import AppliedRuleBody


class RuleEventData(HistoryEventData):
    """A rule of the seller fitted a new claim, in the claim's history. A step of the claim has an event of its own."""

    by: ActorBody = Field(description="The rules. `key` has the rule and the version.")
    rule: AppliedRuleBody = Field(description="The rule, why it fitted, and what came of it.")
