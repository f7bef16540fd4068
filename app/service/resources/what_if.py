"""What drafts would change for past claims, as JSON."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.engine.model.vocabulary import Kind
from app.engine.rules.past import NotReplayed
from app.engine.rules.replay import Replayed
from app.records.what_if import WhatIfMoment, WhatIfPage, WhatIfTotals


class WhatIfMomentBody(BaseModel):
    """How a request ends its first moment."""

    outcome: Replayed = Field(
        description="`approved` by itself, `offered` or `asked` by a rule, or left to a person: `approvable`,"
        " `refusable` or `unclear`."
    )
    rule_id: str | None = Field(description="The rule that decided. Null: none did.")
    refund: int = Field(description="What the buyer gets back, in minor units. 0 if the request can be refused.")
    goods_kept: bool = Field(description="Whether the buyer keeps the goods.")


class WhatIfChangeBody(BaseModel):
    """A claim that would have another first moment."""

    claim_id: str = Field(description="The claim.")
    kind: Kind = Field(description="What was requested.")
    requested_at: datetime = Field(description="When the buyer requested it.")
    currency: str = Field(description="The currency of the refunds.")
    before: WhatIfMomentBody = Field(description="As the policy and the rules are now.")
    after: WhatIfMomentBody = Field(description="Under the drafts.")


class WhatIfOutcomeBody(BaseModel):
    """How many claims have an outcome."""

    outcome: Replayed = Field(description="The outcome.")
    before: int = Field(description="As the policy and the rules are now.")
    after: int = Field(description="Under the drafts.")


class WhatIfRefundsBody(BaseModel):
    """The refunds of all claims that are approved or that the buyer has a right to."""

    currency: str = Field(description="The currency.")
    before: int = Field(description="As the policy and the rules are now, in minor units.")
    after: int = Field(description="Under the drafts, in minor units.")
    difference: int = Field(description="What the drafts would cost more. Below zero: less.")


class ClaimsNotReplayedBody(BaseModel):
    """Claims that cannot be decided again."""

    reason: NotReplayed = Field(description="Why not.")
    claims: int = Field(description="How many claims.")


class WhatIfBody(BaseModel):
    """What the drafts would change for the claims of one page. Sum the pages for the whole period."""

    claims: int = Field(description="The claims of the page.")
    replayed: int = Field(description="Those that were decided again.")
    not_replayed: list[ClaimsNotReplayedBody] = Field(description="The others, by reason.")
    outcomes: list[WhatIfOutcomeBody] = Field(description="One for each outcome.")
    refunds: list[WhatIfRefundsBody] = Field(description="One for each currency.")
    goods_kept_before: int = Field(description="Claims whose goods stay with the buyer, as the rules are now.")
    goods_kept_after: int = Field(description="The same under the drafts.")
    changes: list[WhatIfChangeBody] = Field(description="The claims that would change, by the time of their arrival.")
    next_cursor: str | None = Field(description="For the next page. Null: there is none.")


def what_if_body(page: WhatIfPage, next_cursor: str | None) -> dict[str, Any]:
    left_out = [{"reason": reason, "claims": count} for reason, count in page.not_replayed.items()]
    return {
        "claims": page.claims,
        "replayed": page.claims - sum(page.not_replayed.values()),
        "not_replayed": left_out,
        "outcomes": [
            {"outcome": each, "before": page.before.outcomes.get(each, 0), "after": page.after.outcomes.get(each, 0)}
            for each in Replayed
        ],
        "refunds": _refunds(page.before, page.after),
        "goods_kept_before": page.before.goods_kept,
        "goods_kept_after": page.after.goods_kept,
        "changes": [
            {
                "claim_id": change.claim_id,
                "kind": change.kind,
                "requested_at": change.requested_at,
                "currency": change.currency,
                "before": _moment(change.before),
                "after": _moment(change.after),
            }
            for change in page.changes
        ],
        "next_cursor": next_cursor,
    }


def _refunds(before: WhatIfTotals, after: WhatIfTotals) -> list[dict[str, Any]]:
    return [
        {
            "currency": currency,
            "before": before.refunds[currency],
            "after": after.refunds[currency],
            "difference": after.refunds[currency] - before.refunds[currency],
        }
        for currency in sorted(before.refunds)
    ]


def _moment(moment: WhatIfMoment) -> dict[str, Any]:
    return {name: getattr(moment, name) for name in WhatIfMomentBody.model_fields}
