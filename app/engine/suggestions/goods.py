"""What the seller does with goods that come back, are repaired or are sent."""

from collections.abc import Iterator

from app.engine.model.claim import Claim, ClaimLine, Replacement
from app.engine.model.commands import (
    CompleteRepair,
    ConfirmDelivery,
    Inspect,
    InspectedLine,
    NewReplacement,
    Receive,
    ReceivedLine,
    Reclassify,
    Reship,
)
from app.engine.model.copies import replace
from app.engine.model.vocabulary import Condition, Disposition, Fault, Ground, Kind, State
from app.engine.policy.facts import Facts
from app.engine.suggestions.answers import as_return, ask
from app.engine.suggestions.drafts import SOME_PARCEL, STAND_IN, SUGGESTED_BY, Draft, SuggestedStep, SuggestionReason
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.guards.decisions import grounds_of_goods


def goods_steps(claim: Claim, facts: Facts) -> Iterator[Draft]:
    match claim.state:
        case State.COLLECTING:
            yield _receive(claim, facts)
        case State.RECEIVED:
            yield from _inspect(claim, facts)
        case State.ACCEPTED if claim.kind is Kind.REPAIR:
            yield Draft(
                step=SuggestedStep.COMPLETE_REPAIR,
                command=CompleteRepair(by=SUGGESTED_BY),
                why=SuggestionReason.REPAIR_TO_DO,
            )
        case State.ACCEPTED:
            yield _reship(SuggestionReason.REPLACEMENT_TO_SEND)
            yield as_return(SuggestionReason.REPLACEMENT_UNSELLABLE)
            yield _another_replacement(claim)
        case State.REPAIRED:
            yield _reship(SuggestionReason.REPAIRED_TO_SEND)
        case State.RESHIPPING:
            arrived = ConfirmDelivery(by=SUGGESTED_BY)
            yield Draft(step=SuggestedStep.CONFIRM_DELIVERY, command=arrived, why=SuggestionReason.PARCEL_UNDER_WAY)
        case _:
            pass


def _receive(claim: Claim, facts: Facts) -> Draft:
    """All units that are still to come. Their conditions are what the warehouse finds."""
    lines = tuple(
        ReceivedLine(line_id=line.line_id, quantity=line.quantity - line.received)
        for line in claim.lines
        if line.quantity > line.received and _comes_back(line, facts)
    )
    return Draft(
        step=SuggestedStep.RECEIVE, command=Receive(by=SUGGESTED_BY, lines=lines), why=SuggestionReason.GOODS_UNDER_WAY
    )


def _inspect(claim: Claim, facts: Facts) -> Iterator[Draft]:
    """Accept what came back, unless a condition can be a ground to send goods back: then a person decides."""
    if claim.fault is Fault.UNDECIDED:
        yield ask(SuggestionReason.FAULT_UNDECIDED)
    ground = _ground_of_goods(claim, facts)
    if ground is not None:
        yield ask(SuggestionReason.GOODS_SHOW_GROUND, ground=ground, citation=facts.policy.rejection.citation)
    lines = tuple(
        InspectedLine(line_id=line.line_id, accepted=line.received, disposition=_disposition(line))
        for line in claim.lines
        if line.received
    )
    yield Draft(
        step=SuggestedStep.INSPECT,
        command=Inspect(by=SUGGESTED_BY, lines=lines),
        why=SuggestionReason.GOODS_AS_EXPECTED,
    )


def _ground_of_goods(claim: Claim, facts: Facts) -> Ground | None:
    """The first ground that the condition of some units shows."""
    context = DecisionContext(claim, claim, None, facts)
    none_refused = {line.line_id: 0 for line in claim.lines}
    for line in claim.lines:
        for receipt in line.receipts:
            refused = none_refused | {line.line_id: receipt.quantity}
            for ground in grounds_of_goods(context, refused):
                return ground
    return None


def _disposition(line: ClaimLine) -> Disposition:
    as_sold = all(receipt.condition is Condition.AS_SOLD for receipt in line.receipts)
    return Disposition.RESTOCK if as_sold else Disposition.KEEP


def _comes_back(line: ClaimLine, facts: Facts) -> bool:
    bought = facts.order.line(line.line_id)
    return bought is None or bought.comes_back


def _another_replacement(claim: Claim) -> Draft:
    """Other goods at the price that is settled already."""
    named = tuple(
        NewReplacement(line_id=line.line_id, replacement=_stand_in_of(line.replacement)) for line in claim.lines
    )
    command = Reclassify(by=SUGGESTED_BY, reason=claim.reason, fault=claim.fault, replacements=named)
    return Draft(
        step=SuggestedStep.RECLASSIFY,
        command=command,
        why=SuggestionReason.REPLACEMENT_UNSELLABLE,
        needs=("replacements",),
    )


def _stand_in_of(replacement: Replacement | None) -> Replacement:
    return replace(replacement, sku=STAND_IN, sellable=True) if replacement else Replacement(sku=STAND_IN)


def _reship(why: SuggestionReason) -> Draft:
    return Draft(
        step=SuggestedStep.RESHIP, command=Reship(by=SUGGESTED_BY, tracking=SOME_PARCEL), why=why, needs=("tracking",)
    )
