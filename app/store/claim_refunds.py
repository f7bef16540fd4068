"""How many refunds of a claim are outstanding, with the provider, and waiting for the buyer's account: as columns."""

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, func, literal, literal_column, or_, select

from app.engine.model.refund import ENDED
from app.engine.model.refund_ends import CAN_BE_VOIDED, WITH_PROVIDER
from app.engine.model.turn import OWES_MONEY
from app.engine.model.vocabulary import RefundTo
from app.store.tables import claims, refund_accounts, refunds


def _count_of_refunds(condition: ColumnElement[bool]) -> ScalarSelect[int]:
    """The number of the claim's refunds that meet the condition."""
    of_claim = and_(refunds.c.merchant_id == claims.c.merchant_id, refunds.c.claim_id == claims.c.claim_id)
    return select(func.count()).select_from(refunds).where(of_claim, condition).correlate(claims).scalar_subquery()


_OUTSTANDING = _count_of_refunds(refunds.c.status.not_in([literal(status.value) for status in sorted(ENDED)]))
_IN_PROGRESS = _count_of_refunds(refunds.c.status.in_([literal(status.value) for status in sorted(WITH_PROVIDER)]))
_ASKED_FOR_AN_ACCOUNT = exists().where(
    refund_accounts.c.merchant_id == refunds.c.merchant_id,
    refund_accounts.c.claim_id == refunds.c.claim_id,
    refund_accounts.c.asked_at.is_not(None),
    or_(refund_accounts.c.named_at.is_(None), refund_accounts.c.asked_at > refund_accounts.c.named_at),
)
_WAITING = _count_of_refunds(
    and_(
        refunds.c.status.in_([literal(status.value) for status in sorted(CAN_BE_VOIDED)]),
        or_(refunds.c.refund_to == literal(RefundTo.ACCOUNT.value), refunds.c.failed_at.is_not(None)),
        _ASKED_FOR_AN_ACCOUNT,
    )
)
_OWES_MONEY = claims.c.state.in_([literal(state.value) for state in sorted({state for _, state in OWES_MONEY})])
COUNTS_OF_REFUNDS = (
    _OUTSTANDING.label("refunds_outstanding"),
    case((_OWES_MONEY, _IN_PROGRESS), else_=literal_column("0")).label("refunds_in_progress"),
    case((_OWES_MONEY, _WAITING), else_=literal_column("0")).label("refunds_waiting"),
)
