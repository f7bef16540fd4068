"""The body of a trial of drafts on past claims."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from app.api.schemas.common import Input, Instant, named_once
from app.api.schemas.policies import CheckPolicyRequest
from app.api.schemas.rules import MOST_RULES, RuleInput

MOST_CLAIMS = 500
"""A page is answered within the time of a request."""


class CheckWhatIfRequest(Input):
    """A draft of rules, of a policy, or of both, and the period of the claims."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rules": [{"rule_id": "all", "name": "모두 승인", "action": "approve"}],
                    "requested_from": "2025-12-01T00:00:00+09:00",
                    "requested_before": "2026-12-01T00:00:00+09:00",
                }
            ]
        }
    )

    rules: Annotated[list[RuleInput], Field(max_length=MOST_RULES), named_once("rule_id")] | None = Field(
        default=None, description="The draft of the rules. The default is the rules in force."
    )
    policy: CheckPolicyRequest | None = Field(
        default=None, description="Terms that would judge every claim. The default is the policy of each order."
    )
    requested_from: Instant = Field(description="Claims that were requested from this instant on.")
    requested_before: Instant = Field(description="Claims that were requested before this instant.")
    limit: Annotated[StrictInt, Field(ge=1, le=MOST_CLAIMS)] = Field(default=200, description="Claims of a page.")
    cursor: Annotated[str, Field(max_length=400)] | None = Field(
        default=None, description="`next_cursor` of the page before."
    )

    @model_validator(mode="after")
    def _tries_something(self) -> Self:
        if self.rules is None and self.policy is None:
            raise PydanticCustomError("tries_nothing", "must have rules, policy or both")
        if self.requested_from >= self.requested_before:
            raise PydanticCustomError("empty_period", "must have requested_from before requested_before")
        return self
