"""The answer of each command, made by the engine from the request that the OpenAPI document shows for the command."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from app.api.schemas.commands import (
    ApproveClaimRequest,
    ConfirmClaimPaymentRequest,
    ExpireClaimRequest,
    HoldClaimRequest,
    ReclassifyClaimRequest,
    ReleaseClaimRequest,
    RetractClaimRequest,
)
from app.api.schemas.common import Input
from app.api.schemas.edits import EditClaimRequest
from app.api.schemas.goods import (
    CompleteClaimRepairRequest,
    ConfirmClaimDeliveryRequest,
    ConvertClaimRequest,
    DispatchGoodsRequest,
    InspectGoodsRequest,
    ReceiveGoodsRequest,
    ReshipGoodsRequest,
)
from app.api.schemas.offers import AcceptOfferRequest, DeclineOfferRequest, MakeOfferRequest
from app.api.schemas.rejections import RejectClaimRequest
from app.api.serializers import claim_body
from app.engine import Progress, advance
from app.engine.model.claim import Replacement
from app.engine.model.commands import AcceptOffer, Command, Request, RequestedLine
from app.engine.model.vocabulary import Kind, Reason
from app.records.claim import StoredClaim
from app.records.claim_event import GENESIS
from app.service.claims import view
from app.service.ids import new_id
from tests.examples.resources import BUYER, CLAIM_ID, FACTS, NOW, SELLER

_OFFER_ID = "0198c1f2-8312-7e0f-9c44-1b2a3c4d5e6f"
_OTHER_OFFER_ID = "0198c1f2-8312-7e0f-9c44-1b2a3c4d5e70"
_BLUE = Replacement(sku="MUG-BLUE", title="머그컵 파랑")
_LONG_AFTER = timedelta(days=60)


_BODIES: Mapping[str, type[Input]] = {
    "approve_claim": ApproveClaimRequest,
    "reject_claim": RejectClaimRequest,
    "edit_claim": EditClaimRequest,
    "retract_claim": RetractClaimRequest,
    "hold_claim": HoldClaimRequest,
    "release_claim": ReleaseClaimRequest,
    "reclassify_claim": ReclassifyClaimRequest,
    "make_offer": MakeOfferRequest,
    "accept_offer": AcceptOfferRequest,
    "decline_offer": DeclineOfferRequest,
    "dispatch_goods": DispatchGoodsRequest,
    "receive_goods": ReceiveGoodsRequest,
    "inspect_goods": InspectGoodsRequest,
    "complete_claim_repair": CompleteClaimRepairRequest,
    "reship_goods": ReshipGoodsRequest,
    "confirm_claim_delivery": ConfirmClaimDeliveryRequest,
    "confirm_claim_payment": ConfirmClaimPaymentRequest,
    "convert_claim": ConvertClaimRequest,
    "expire_claim": ExpireClaimRequest,
}
_BUYERS = frozenset({"edit_claim", "retract_claim", "accept_offer", "decline_offer", "dispatch_goods"})


def _command(name: str) -> Command:
    """The command of the request that the OpenAPI document shows."""
    model, by = _BODIES[name], BUYER if name in _BUYERS else SELLER
    config: Any = model.model_config["json_schema_extra"]
    body: Any = model.model_validate(config["examples"][0])
    if isinstance(body, MakeOfferRequest | DeclineOfferRequest):
        return body.command(_OFFER_ID, by)
    if isinstance(body, RejectClaimRequest):
        ids = iter((_OFFER_ID, _OTHER_OFFER_ID))
        return body.command(by, lambda: next(ids))
    if isinstance(body, AcceptOfferRequest):
        return AcceptOffer(by=by, offer_id=_OFFER_ID)
    command: Command = body.command(by)
    return command


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    """The request of a claim, the commands before the shown command, and the wait before the shown command."""

    before: tuple[str, ...] = ()
    kind: Kind = Kind.RETURN
    reason: Reason = Reason.CHANGE_OF_MIND
    replacement: Replacement | None = None
    wait: timedelta = timedelta(0)


_BACK = ("approve_claim", "dispatch_goods", "receive_goods")
_SWAP = _Story(before=(*_BACK, "inspect_goods"), kind=Kind.EXCHANGE, reason=Reason.DEFECTIVE, replacement=_BLUE)
STORIES: Mapping[str, _Story] = {
    **dict.fromkeys(
        ("approve_claim", "edit_claim", "retract_claim", "hold_claim", "reclassify_claim", "make_offer"), _Story()
    ),
    "reject_claim": _Story(kind=Kind.CANCEL),
    "release_claim": _Story(before=("hold_claim",)),
    **dict.fromkeys(("accept_offer", "decline_offer"), _Story(before=("make_offer",))),
    "dispatch_goods": _Story(before=_BACK[:1]),
    "receive_goods": _Story(before=_BACK[:2]),
    "inspect_goods": _Story(before=_BACK),
    "expire_claim": _Story(before=_BACK[:2], wait=_LONG_AFTER),
    **dict.fromkeys(("reship_goods", "convert_claim"), _SWAP),
    "complete_claim_repair": replace(_SWAP, kind=Kind.REPAIR, replacement=None),
    "confirm_claim_delivery": replace(_SWAP, before=(*_SWAP.before, "reship_goods")),
    "confirm_claim_payment": replace(_SWAP, replacement=replace(_BLUE, unit_price=13_000)),
}


def after(command: str) -> dict[str, Any]:
    """The claim in the answer of the command."""
    story = STORIES[command]
    request = Request(
        by=BUYER,
        claim_id=CLAIM_ID,
        kind=story.kind,
        reason=story.reason,
        lines=(RequestedLine(line_id="1", quantity=1, replacement=story.replacement),),
        requested_at=NOW,
    )
    progress = _progress(advance(None, request, FACTS, new_id))
    for name in (*story.before, command):
        facts = replace(progress.facts, now=progress.facts.now + timedelta(hours=1))
        if name == command:
            facts = replace(facts, now=facts.now + story.wait)
        progress = _progress(advance(progress.claim, _command(name), facts, new_id))
    stored = StoredClaim(
        claim=progress.claim,
        order=progress.facts.order,
        created_at=NOW,
        updated_at=progress.facts.now,
        events=0,
        head=GENESIS,
        refunds_outstanding=progress.facts.refunds_outstanding,
    )
    return claim_body(view(stored, progress.facts))


def _progress(answer: object) -> Progress:
    if not isinstance(answer, Progress):
        raise TypeError(f"the examples must be a sequence of commands that the engine accepts, not {answer}")
    return answer
