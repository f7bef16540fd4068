"""The command that changes what a claim asks for, before its decision."""

from dataclasses import dataclass
from datetime import datetime

from app.engine.model.claim import Claim
from app.engine.model.commands import Command, Request, RequestedLine
from app.engine.model.vocabulary import Declared, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit(Command):
    """What the claim asks for from now on: all of it takes the place of what was asked. A line without a replacement
    keeps the replacement that the claim has for the line. The kind, the fault that the seller has set, and the consent
    to further offers stay. `relayed`: the shop passes on what the buyer has said, and `evidence` shows it."""

    reason: Reason
    lines: tuple[RequestedLine, ...]
    discovered_at: datetime | None = None
    conditions: frozenset[Declared] = frozenset()
    note: str | None = None
    amount: int | None = None
    relayed: bool = False
    evidence: tuple[str, ...] = ()


def request_of(claim: Claim, edit: Edit) -> Request:
    """The request that would open the claim as the edit makes it, with the instant of the claim's own request."""
    return Request(
        by=edit.by,
        claim_id=claim.claim_id,
        kind=claim.kind,
        reason=edit.reason,
        lines=edit.lines,
        requested_at=claim.submission.requested_at,
        discovered_at=edit.discovered_at,
        conditions=edit.conditions,
        note=edit.note,
        amount=edit.amount,
        split_from=claim.split_from,
    )
