"""What a command would do: decided by the same code as the command itself, and not stored."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from app.engine import Refused, advance, standing_of
from app.engine.model.commands import Command
from app.service import authority, refund_breakers
from app.service.callers import Caller
from app.service.claims import ClaimView, view
from app.service.decisions import facts_of
from app.service.errors import ForbiddenError, NotFoundError, RefusedError, StaleVersionError
from app.service.ids import new_id
from app.service.message_previews import ExpectedMessage, messages_to_buyer
from app.service.persistence import drafts_of, new_refunds
from app.store import claims
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The claim before the command, the claim after the command and all that the system does next, the events of it
    and the messages about them to the buyer. `today` is the day of the decision in the time zone of the policy."""

    before: ClaimView
    after: ClaimView
    events: tuple[str, ...]
    messages: tuple[ExpectedMessage, ...]
    today: date
    above: ForbiddenError | None = None
    """The command is above the authority of the caller: a second person must grant it."""


async def preview(
    tx: Tx, caller: Caller, claim_id: str, command: Command, now: datetime, *, if_version: int | None = None
) -> Preview:
    """The same as `claims.act`, but nothing is stored or counted. Raises NotFoundError, StaleVersionError,
    RefusedError, and ConflictError while a breaker of refunds would stop the command."""
    stored = await claims.load(tx, caller.merchant_id, claim_id)
    if stored is None or not caller.reaches(stored.claim.order_id):
        raise NotFoundError("claim", claim_id)
    version = stored.claim.version
    if if_version not in (None, version):
        raise StaleVersionError(resource="claim", id=claim_id, version=version, expected=if_version)
    facts = await facts_of(tx, caller.merchant_id, stored, now)
    progress = advance(stored.claim, command, facts, new_id)
    if isinstance(progress, Refused):
        raise RefusedError(progress.refusals)
    await refund_breakers.foresee(tx, caller.merchant_id, command, progress)
    above = await authority.foresee(tx, caller, command, progress)
    drafts = drafts_of(progress, standing_of(progress.claim, progress.facts), new_refunds(progress), stored.claim)
    moved = replace(stored, claim=progress.claim, order=progress.facts.order, updated_at=now)
    return Preview(
        before=view(stored, facts),
        after=view(moved, progress.facts),
        events=tuple([name for name, _ in drafts]),
        messages=tuple(await messages_to_buyer(tx, caller.merchant_id, drafts, progress.facts)),
        today=facts.calendar.local_day(now),
        above=above,
    )
