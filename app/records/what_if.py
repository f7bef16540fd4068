"""What drafts would change for past claims, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.engine.model.vocabulary import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfMoment:
    """How a request ends its first moment: the outcome, the rule that decided, and the refund in minor units."""

    outcome: str
    rule_id: str | None
    refund: int
    goods_kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfChange:
    """A claim that would have another first moment."""

    claim_id: str
    kind: Kind
    requested_at: datetime
    currency: str
    before: WhatIfMoment
    after: WhatIfMoment


@dataclass(slots=True, kw_only=True)
class WhatIfTotals:
    """The claims by outcome, and their refunds by currency."""

    outcomes: dict[str, int] = field(default_factory=dict)
    refunds: dict[str, int] = field(default_factory=dict)
    goods_kept: int = 0

    def add(self, moment: WhatIfMoment, currency: str) -> None:
        self.outcomes[moment.outcome] = self.outcomes.get(moment.outcome, 0) + 1
        self.refunds[currency] = self.refunds.get(currency, 0) + moment.refund
        self.goods_kept += moment.goods_kept


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfPage:
    """The result for one page of claims. `last` is the id of the page's last claim if more may follow."""

    claims: int
    before: WhatIfTotals
    after: WhatIfTotals
    not_replayed: Mapping[str, int]
    changes: tuple[WhatIfChange, ...]
    last: str | None
