"""What each command answers with, as the engine says it: the answer to the request that is shown beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.api.examples import BUYER, CLAIM_ID, FACTS, NOW, SELLER
from app.api.schemas.commands import (
    AcceptOfferRequest,
    ApproveClaimRequest,
    ConfirmClaimPaymentRequest,
    ConvertClaimRequest,
    DeclineOfferRequest,
    ExpireClaimRequest,
    HoldClaimRequest,
    MakeOfferRequest,
    ReclassifyClaimRequest,
    RejectClaimRequest,
    ReleaseClaimRequest,
    RetractClaimRequest,
)
from app.api.schemas.common import Input
from app.api.schemas.goods import (
    ConfirmClaimDeliveryRequest,
    DispatchGoodsRequest,
    InspectGoodsRequest,
    ReceiveGoodsRequest,
    ReshipGoodsRequest,
)
from app.api.serializers import claim_body
from app.engine.advance import Progress, advance
from app.engine.model.claim import Replacement
from app.engine.model.commands import AcceptOffer, Command, Request, RequestedLine
from app.engine.model.fast_values import replace
from app.engine.model.vocabulary import Kind, Reason
from app.records.claim import StoredClaim
from app.records.claim_event import GENESIS
from app.service.claims import view
from app.service.ids import new_id

_OFFER_ID = "0198c1f2-8312-7e0f-9c44-1b2a3c4d5e6f"
_BLUE = Replacement(sku="MUG-BLUE", title="머그컵 파랑")
_LONG_AFTER = timedelta(days=60)


_BODIES: Mapping[str, type[Input]] = {
    "approve": ApproveClaimRequest,
    "reject": RejectClaimRequest,
    "retract": RetractClaimRequest,
    "hold": HoldClaimRequest,
    "release": ReleaseClaimRequest,
    "reclassify": ReclassifyClaimRequest,
    "offers": MakeOfferRequest,
    "accept": AcceptOfferRequest,
    "decline": DeclineOfferRequest,
    "dispatch": DispatchGoodsRequest,
    "receive": ReceiveGoodsRequest,
    "inspect": InspectGoodsRequest,
    "reship": ReshipGoodsRequest,
    "confirm-delivery": ConfirmClaimDeliveryRequest,
    "confirm-payment": ConfirmClaimPaymentRequest,
    "convert": ConvertClaimRequest,
    "expire": ExpireClaimRequest,
}
_BUYERS = frozenset({"retract", "accept", "decline", "dispatch"})


def _command(name: str) -> Command:
    """What the request that is shown says."""
    model, by = _BODIES[name], BUYER if name in _BUYERS else SELLER
    shown: Any = model.model_config["json_schema_extra"]
    body: Any = model.model_validate(shown["examples"][0])
    if isinstance(body, MakeOfferRequest | DeclineOfferRequest):
        return body.command(_OFFER_ID, by)
    if isinstance(body, AcceptOfferRequest):
        return AcceptOffer(by=by, offer_id=_OFFER_ID)
    command: Command = body.command(by)
    return command


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    """What is asked, and what happens before the command is given, and for how long nothing does."""

    before: tuple[str, ...] = ()
    kind: Kind = Kind.RETURN
    reason: Reason = Reason.CHANGE_OF_MIND
    replacement: Replacement | None = None
    wait: timedelta = timedelta(0)


_BACK = ("approve", "dispatch", "receive")
_SWAP = _Story(before=(*_BACK, "inspect"), kind=Kind.EXCHANGE, reason=Reason.DEFECTIVE, replacement=_BLUE)
_STORIES: Mapping[str, _Story] = {
    **dict.fromkeys(("approve", "retract", "hold", "reclassify", "offers"), _Story()),
    "reject": _Story(kind=Kind.CANCEL),
    "release": _Story(before=("hold",)),
    **dict.fromkeys(("accept", "decline"), _Story(before=("offers",))),
    "dispatch": _Story(before=_BACK[:1]),
    "receive": _Story(before=_BACK[:2]),
    "inspect": _Story(before=_BACK),
    "expire": _Story(before=_BACK[:2], wait=_LONG_AFTER),
    **dict.fromkeys(("reship", "convert"), _SWAP),
    "confirm-delivery": replace(_SWAP, before=(*_SWAP.before, "reship")),
    "confirm-payment": replace(_SWAP, replacement=replace(_BLUE, unit_price=13_000)),
}


def after(command: str) -> dict[str, Any]:
    """The claim that the command answers with."""
    story = _STORIES[command]
    asked = Request(
        by=BUYER,
        claim_id=CLAIM_ID,
        kind=story.kind,
        reason=story.reason,
        lines=(RequestedLine(line_id="1", quantity=1, replacement=story.replacement),),
        requested_at=NOW,
    )
    progress = _progress(advance(None, asked, FACTS, new_id))
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
        raise TypeError(f"the examples must be a story that can happen, not {answer}")
    return answer
