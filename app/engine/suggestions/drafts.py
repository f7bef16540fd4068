"""What a suggestion is made of: the step, the reason for the step, and a draft of the command."""

from app.engine.model.claim import Actor, Tracking
from app.engine.model.commands import Command
from app.engine.model.values import value
from app.engine.model.vocabulary import Ground, Role, Word


class SuggestedStep(Word):
    """What the seller's side does next. All but two are commands. `ask` sends the buyer a question, which holds the
    claim. `pay` pays the refunds of the claim and reports them."""

    APPROVE = "approve"
    REJECT = "reject"
    CONVERT = "convert"
    RECLASSIFY = "reclassify"
    ASK = "ask"
    HOLD = "hold"
    RELEASE = "release"
    RECEIVE = "receive"
    INSPECT = "inspect"
    COMPLETE_REPAIR = "complete_repair"
    RESHIP = "reship"
    CONFIRM_DELIVERY = "confirm_delivery"
    PAY = "pay"


class SuggestionReason(Word):
    """Why this step comes next."""

    ENTITLED = "entitled"
    NOT_ENTITLED = "not_entitled"
    GOODS_HAVE_LEFT = "goods_have_left"
    FAULT_UNDECIDED = "fault_undecided"
    FAULT_ANSWERED = "fault_answered"
    DISCOVERY_UNSTATED = "discovery_unstated"
    NOT_DELIVERED = "not_delivered"
    PROOF_NEEDED = "proof_needed"
    REMEDY_NOT_OPEN = "remedy_not_open"
    NO_RULE = "no_rule"
    NO_RIGHT = "no_right"
    GIVEN = "given"
    REPLACEMENT_UNNAMED = "replacement_unnamed"
    REPLACEMENT_UNSELLABLE = "replacement_unsellable"
    SELLER_HOLDS = "seller_holds"
    GOODS_UNDER_WAY = "goods_under_way"
    GOODS_AS_EXPECTED = "goods_as_expected"
    GOODS_SHOW_GROUND = "goods_show_ground"
    REPAIR_TO_DO = "repair_to_do"
    REPLACEMENT_TO_SEND = "replacement_to_send"
    REPAIRED_TO_SEND = "repaired_to_send"
    PARCEL_UNDER_WAY = "parcel_under_way"
    MONEY_OWED = "money_owed"


@value
class Draft:
    """A step that may come next. `needs` are the fields of the command that a person must fill in: the command has
    stand-ins for them. `ground` and `citation` are behind the reason."""

    step: SuggestedStep
    command: Command
    why: SuggestionReason
    needs: tuple[str, ...] = ()
    ground: Ground | None = None
    citation: str | None = None


SUGGESTED_BY = Actor(role=Role.SELLER, name="suggestion")
STAND_IN = "-"
"""Stands for a text that a person must write."""
SOME_PARCEL = Tracking(carrier=STAND_IN, number=STAND_IN)
