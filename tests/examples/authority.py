"""A limit of authority of the examples, and a command that waits for a second person."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app import json_text
from app.engine.model.claim import Actor
from app.engine.model.commands import Approve
from app.engine.model.vocabulary import Role
from app.records.authority import ANY, Approval, ApprovalStatus, AuthorityLimit, HolderKind, LimitReach
from app.service.resources.authority import approval_body, authority_limit_body
from tests.examples import staff
from tests.examples.resources import NOW, claim_view

_LIMIT = AuthorityLimit(
    merchant_id=staff.PERSON.merchant_id,
    limit_id="0198c3c0-6c32-7f44-9a55-718293041526",
    holder_kind=HolderKind.ROLE,
    holder="clerk",
    command=ANY,
    claim_kind=ANY,
    currency="KRW",
    per_decision=50_000,
    per_day=None,
    created_at=NOW,
    updated_at=NOW,
)
_BY = Actor(role=Role.SELLER, name=staff.PERSON.name, key=f"staff {staff.PERSON.staff_id}")
_APPROVAL = Approval(
    merchant_id=staff.PERSON.merchant_id,
    approval_id="0198c3c1-7d43-7a55-8b66-829304152637",
    claim_id=claim_view.claim.claim_id,
    command="approve",
    document=json_text.dump(Approve(by=_BY)),
    amount=62_000,
    currency="KRW",
    reach=LimitReach.DECISION,
    allowed=50_000,
    asked_kind=HolderKind.STAFF,
    asked_by=staff.PERSON.staff_id,
    asked_name=staff.PERSON.name,
    asked_at=NOW,
)
_DECIDED = replace(
    _APPROVAL,
    status=ApprovalStatus.GRANTED,
    decided_by="0198c3b9-1b10-7c22-9d33-4e5f60718293",
    decided_name="이수진",
    decided_at=NOW + timedelta(minutes=5),
)

ANSWERS: Mapping[str, Any] = {
    "authority_limit": authority_limit_body(_LIMIT),
    "authority_limits": {"data": [authority_limit_body(_LIMIT)]},
    "approval": approval_body(_APPROVAL),
    "approvals": {"data": [approval_body(_APPROVAL)]},
    "granted_approval": approval_body(_DECIDED),
    "refused_approval": approval_body(
        replace(_DECIDED, status=ApprovalStatus.REFUSED, note="사진을 먼저 확인해 주세요.")
    ),
}
