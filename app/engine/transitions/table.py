"""THE TABLE: every way that a claim can go.

A row says: in these places (a kind of claim in a state) this command leads to that state. A way that no row names
is illegal. Laws of the table, held by tests: every state can be reached; every state that is not final can be left;
no final state can be left, except `expired` by goods that come late, `refunded` by money that comes late, and
`rejected` by an offer that the buyer accepts. Where rows share a place and a command, the first row whose condition
(`when`) is true applies, and the last row has no condition. Conditions choose and never refuse. Guards and
validations refuse and never choose.

Every way, written by `python -m tests.docs --write`:

    every kind                        (new)                           request          -> requested
    every kind                        requested                       approve          -> approved
    return, exchange, repair          requested                       approve          -> accepted
    every kind                        requested                       reject           -> (stays)
    every kind                        requested                       reject           -> rejected
    every kind                        requested                       mark_overdue     -> (stays)
    every kind                        requested                       hold             -> (stays)
    return, exchange, repair          approved, collecting, received  hold             -> (stays)
    every kind                        requested                       release          -> (stays)
    cancel, return, exchange, repair  approved                        release          -> (stays)
    return, exchange, repair          collecting, received, accepted  release          -> (stays)
    exchange                          reshipping                      release          -> (stays)
    every kind                        requested                       reclassify       -> (stays)
    return, exchange, repair          approved, collecting, received  reclassify       -> (stays)
    exchange, repair                  accepted                        reclassify       -> (stays)
    every kind                        requested, rejected             make_offer       -> (stays)
    return, exchange, repair          approved, collecting, received  make_offer       -> (stays)
    every kind                        requested, rejected             accept_offer     -> approved
    return, exchange, repair          approved, collecting, received  accept_offer     -> approved
    every kind                        requested                       accept_offer     -> retracted
    return, exchange, repair          approved, collecting, received  accept_offer     -> retracted
    every kind                        requested, rejected             accept_offer     -> (stays)
    return, exchange, repair          approved, collecting, received  accept_offer     -> (stays)
    every kind                        requested, rejected             decline_offer    -> (stays)
    return, exchange, repair          approved, collecting, received  decline_offer    -> (stays)
    every kind                        requested, rejected             lapse_offer      -> (stays)
    return, exchange, repair          approved, collecting, received  lapse_offer      -> (stays)
    every kind                        requested                       edit             -> (stays)
    every kind                        requested                       retract          -> retracted
    return, exchange, repair          approved, collecting            retract          -> retracted
    return, exchange, repair          approved, collecting            expire           -> expired
    return, exchange, repair          approved, expired               dispatch         -> collecting
    return, exchange, repair          approved, collecting, expired   receive          -> received
    return, exchange, repair          approved, collecting, expired   receive          -> collecting
    return, exchange, repair          received                        inspect          -> accepted
    exchange                          received                        inspect          -> reshipping
    return, exchange, repair          received                        inspect          -> rejected
    return, exchange                  approved, collecting            expire           -> accepted
    cancel                            approved                        confirm_payment  -> (stays)
    return, exchange, repair          accepted                        confirm_payment  -> (stays)
    exchange                          reshipping                      confirm_payment  -> (stays)
    exchange                          accepted                        reship           -> reshipping
    repair                            repaired                        reship           -> reshipping
    exchange                          approved, collecting, received  reship           -> (stays)
    exchange                          reshipping                      confirm_delivery -> exchanged
    repair                            accepted                        complete_repair  -> repaired
    repair                            repaired, reshipping            confirm_delivery -> sent_back
    cancel, exchange, repair          requested                       convert          -> (stays)
    exchange, repair                  approved, collecting, received  convert          -> (stays)
    exchange                          accepted                        convert          -> (stays)
    repair                            accepted, repaired              convert          -> accepted
    cancel, refund                    approved                        settle_refund    -> refunded
    return                            accepted                        settle_refund    -> refunded
    cancel, refund                    refunded                        adjust_refund    -> approved
    return                            refunded                        adjust_refund    -> accepted
    cancel, refund                    approved                        adjust_refund    -> (stays)
    return, exchange                  accepted                        adjust_refund    -> (stays)
    exchange                          reshipping, exchanged, expired  adjust_refund    -> (stays)
    cancel                            requested                       order_shipped    -> (stays)
    cancel                            requested                       order_shipped    -> rejected
"""

from app.engine.model.commands import (
    AcceptOffer,
    AdjustRefund,
    Approve,
    Command,
    CompleteRepair,
    ConfirmDelivery,
    ConfirmPayment,
    Convert,
    DeclineOffer,
    Dispatch,
    Expire,
    HoldClaim,
    Inspect,
    LapseOffer,
    MakeOffer,
    MarkOverdue,
    OrderShipped,
    Receive,
    Reclassify,
    Reject,
    Release,
    Request,
    Reship,
    Retract,
    SettleRefund,
)
from app.engine.model.edit import Edit
from app.engine.model.vocabulary import Alternative, Kind, State
from app.engine.transitions import (
    adjustments,
    alternatives,
    approvals,
    edits,
    repairs,
    settlement,
    state_deadlines,
    steps,
)
from app.engine.transitions.conditions import (
    accepted_after_advance,
    accepts_one_of,
    accepts_something_on_top,
    converts_to,
    everything_is_in,
    goods_stay,
    nothing_is_left_to_settle,
    nothing_must_come_back,
    other_lines_remain,
    part_can_still_be_stopped,
    policy_turns_it_into_a_return,
    replacement_went_first,
    something_is_accepted,
    time_has_passed,
)
from app.engine.transitions.guards import (
    conversions,
    decisions,
    deductions,
    goods,
    offers,
    payments,
    requests,
    timeouts,
)
from app.engine.transitions.guards import (
    edits as edit_rules,
)
from app.engine.transitions.transition import Transition, places

# Kinds of claims
EVERY_KIND = frozenset(Kind)
CANCEL = frozenset({Kind.CANCEL})
RETURN = frozenset({Kind.RETURN})
EXCHANGE = frozenset({Kind.EXCHANGE})
REFUND = frozenset({Kind.REFUND})
REPAIR = frozenset({Kind.REPAIR})
GOODS_COME_BACK = RETURN | EXCHANGE | REPAIR

# States
NO_CLAIM_YET = frozenset({None})
REQUESTED = frozenset({State.REQUESTED})
APPROVED = frozenset({State.APPROVED})
RECEIVED = frozenset({State.RECEIVED})
ACCEPTED = frozenset({State.ACCEPTED})
REPAIRED = frozenset({State.REPAIRED})
RESHIPPING = frozenset({State.RESHIPPING})
EXPIRED = frozenset({State.EXPIRED})
REFUNDED = frozenset({State.REFUNDED})
REJECTED = frozenset({State.REJECTED})
EXCHANGED = frozenset({State.EXCHANGED})
COMING_BACK = frozenset({State.APPROVED, State.COLLECTING})
GOODS_NOT_INSPECTED = frozenset({State.APPROVED, State.COLLECTING, State.RECEIVED})

# Places that several rows share
ANSWER_IS_OPEN = places(EVERY_KIND, REQUESTED) | places(GOODS_COME_BACK, GOODS_NOT_INSPECTED)
REFUSED = places(EVERY_KIND, REJECTED)
BUYER_MAY_OWE = places(CANCEL, APPROVED) | places(GOODS_COME_BACK, ACCEPTED) | places(EXCHANGE, RESHIPPING)
REFUND_IS_OWED = places(CANCEL | REFUND, APPROVED) | places(RETURN, ACCEPTED)

# Refusals that several rows share
OFFER_IS_OPEN = (offers.some_offer_is_open, goods.nothing_was_reshipped)
REFUSED_OFFER_IS_OPEN = (offers.some_offer_is_open, goods.units_are_still_there)
OFFER_FITS = (offers.offer_is_open, offers.accepted_offer_still_fits)
REQUEST_IS_SOUND = (
    requests.lines_are_sound,
    requests.units_are_free,
    requests.goods_have_shipped,
    requests.not_from_the_future,
    requests.requested_after_the_payment,
    requests.discovered_after_shipping,
    requests.amount_fits,
    requests.charges_fit,
    goods.used_parts_are_there,
)
EDIT_IS_SOUND = (
    edit_rules.something_is_edited,
    edit_rules.reason_may_change,
    edit_rules.fault_is_shown,
    edit_rules.only_what_was_promised,
    edit_rules.rejected_lines_stay_out,
    edit_rules.could_be_requested(REQUEST_IS_SOUND),
    edit_rules.is_asked_in_time,
)
REJECTION_IS_SOUND = (
    decisions.rejected_lines_are_claimed,
    decisions.ground_is_supported,
    decisions.rejection_has_a_message,
    decisions.rejection_has_an_alternative,
    offers.kept_offers_are_open,
)
GOODS_COME_LATE = (goods.late_goods_are_received, goods.nothing_was_reshipped, goods.units_are_still_there)
RECEIPT_IS_SOUND = (goods.received_lines_are_sound, goods.something_came, goods.all_of_it_comes_back)
CONVERSION_IS_SOUND = (conversions.remedy_changes, conversions.failure_is_possible)
REPLACEMENTS_ARE_SOUND = (offers.replaced_lines_are_claimed, conversions.replacements_are_named)
APPROVAL_IS_SOUND = (decisions.is_eligible_or_overridden, decisions.approval_fits)
INSPECTION_IS_SOUND = (
    goods.inspected_lines_are_sound,
    goods.used_parts_are_there,
    deductions.deductions_are_allowed,
    deductions.deductions_are_covered,
    goods.sending_back_has_a_ground,
)

TABLE: tuple[Transition, ...] = (
    # The buyer makes a request.
    Transition(
        where=places(EVERY_KIND, NO_CLAIM_YET), command=Request, to=State.REQUESTED, event="requested",
        validations=REQUEST_IS_SOUND, deadlines=state_deadlines.to_respond, steps=(steps.hold_units,),
    ),
    # The seller answers.
    Transition(
        where=places(CANCEL, REQUESTED), command=Approve, to=State.APPROVED, event="approved",
        guards=(decisions.is_classified, decisions.can_still_be_stopped),
        validations=APPROVAL_IS_SOUND,
        steps=(steps.note_override, steps.stop_fulfilment, steps.settle_units, settlement.owe_refund),
    ),
    Transition(
        where=places(REFUND, REQUESTED), command=Approve, to=State.APPROVED, event="approved",
        guards=(decisions.is_classified, decisions.amount_is_still_there, requests.charges_are_still_there),
        validations=APPROVAL_IS_SOUND,
        steps=(steps.note_override, steps.settle_units, settlement.owe_refund),
    ),
    Transition(  # of digital content and services nothing comes back: the approval owes the money
        where=places(RETURN, REQUESTED), command=Approve, to=State.ACCEPTED, event="approved",
        when=nothing_must_come_back, guards=(decisions.is_classified, decisions.replacement_is_named),
        validations=APPROVAL_IS_SOUND,
        steps=(steps.note_override, steps.settle_units, settlement.owe_refund),
    ),
    Transition(
        where=places(EXCHANGE, REQUESTED), command=Approve, to=State.ACCEPTED, event="approved",
        when=nothing_must_come_back, guards=(decisions.is_classified, decisions.replacement_is_named),
        validations=APPROVAL_IS_SOUND,
        steps=(steps.note_override, settlement.carry_value, steps.settle_units, settlement.settle_exchange),
    ),
    Transition(
        where=places(REPAIR, REQUESTED), command=Approve, to=State.ACCEPTED, event="approved",
        when=nothing_must_come_back, guards=(decisions.is_classified,),
        validations=APPROVAL_IS_SOUND, steps=(steps.note_override,),
    ),
    Transition(  # the buyer keeps the goods of a return: the approval owes the money
        where=places(RETURN, REQUESTED), command=Approve, to=State.APPROVED, event="approved",
        when=goods_stay, guards=(decisions.is_classified,), validations=APPROVAL_IS_SOUND,
        steps=(steps.note_override, approvals.leave_the_goods, steps.settle_units, settlement.owe_refund),
    ),
    Transition(
        where=places(GOODS_COME_BACK, REQUESTED), command=Approve, to=State.APPROVED, event="approved",
        guards=(decisions.is_classified, decisions.replacement_is_named),
        validations=APPROVAL_IS_SOUND,
        deadlines=state_deadlines.to_send_back,
        steps=(steps.note_override, approvals.waive_return_fee, steps.collect_goods),
    ),
    Transition(
        where=places(EVERY_KIND, REQUESTED), command=Reject, to=None, event="partly_rejected",
        when=other_lines_remain, validations=(*REJECTION_IS_SOUND, offers.nothing_is_offered_for_a_part),
        steps=(steps.reject_lines, alternatives.replace_offers),
    ),
    Transition(
        where=places(EVERY_KIND, REQUESTED), command=Reject, to=State.REJECTED, event="rejected",
        validations=(*REJECTION_IS_SOUND, offers.offers_with_it_fit),
        steps=(steps.free_units, alternatives.replace_offers),
    ),
    # The seller did not answer in time.
    Transition(
        where=places(EVERY_KIND, REQUESTED), command=MarkOverdue, to=None, event="response_overdue",
        guards=(timeouts.the_answer_is_late,),
    ),
    # The answer waits: the claim is held, or its reason is corrected.
    Transition(
        where=ANSWER_IS_OPEN, command=HoldClaim, to=None, event="held",
        validations=(offers.hold_ends_in_future, timeouts.hold_ends_in_time),
    ),
    Transition(
        where=ANSWER_IS_OPEN, command=Release, to=None, event="released", guards=(offers.is_on_hold,),
    ),
    Transition(
        where=ANSWER_IS_OPEN, command=Reclassify, to=None, event="reclassified",
        validations=(
            offers.something_changes,
            offers.fault_is_shown,
            offers.knowledge_is_shown,
            offers.replaced_lines_are_claimed,
        ),
        steps=(steps.reassess,),
    ),
    # The seller offers something else.
    Transition(
        where=ANSWER_IS_OPEN, command=MakeOffer, to=None, event="offer_made",
        guards=(offers.no_offer_is_open, offers.offers_are_not_used_up),
        validations=(
            offers.offer_is_new,
            offers.offer_expires_in_future,
            timeouts.offer_ends_in_time,
            offers.offer_fits,
        ),
    ),
    Transition(
        where=ANSWER_IS_OPEN, command=AcceptOffer, to=State.APPROVED, event="offer_accepted",
        when=accepts_one_of(Alternative.PARTIAL_REFUND), guards=OFFER_IS_OPEN, validations=OFFER_FITS,
        steps=(steps.become_partial_refund, steps.settle_units, settlement.owe_refund),
    ),
    Transition(
        where=ANSWER_IS_OPEN, command=AcceptOffer, to=State.RETRACTED, event="offer_accepted",
        when=accepts_one_of(Alternative.STORE_CREDIT), guards=OFFER_IS_OPEN, validations=OFFER_FITS,
        steps=(steps.free_units, steps.grant_alternative, settlement.credit_what_was_granted),
    ),
    Transition(  # on top of the buyer's right, at the seller's fault: the claim goes on
        where=ANSWER_IS_OPEN, command=AcceptOffer, to=None, event="offer_accepted",
        when=accepts_something_on_top, guards=OFFER_IS_OPEN, validations=OFFER_FITS, steps=(steps.grant_alternative,),
    ),
    Transition(
        where=ANSWER_IS_OPEN, command=AcceptOffer, to=State.RETRACTED, event="offer_accepted",
        when=accepts_one_of(Alternative.DISCOUNT_COUPON, Alternative.EXTRA_COMPENSATION),
        guards=OFFER_IS_OPEN, validations=OFFER_FITS, steps=(steps.free_units, steps.grant_alternative),
    ),
    Transition(
        where=ANSWER_IS_OPEN, command=AcceptOffer, to=None, event="offer_accepted",
        when=accepts_one_of(Alternative.EXCHANGE), guards=OFFER_IS_OPEN, validations=OFFER_FITS,
        steps=(steps.become_offered_exchange,),
    ),
    Transition(  # the remaining alternative: the seller pays the return shipping
        where=ANSWER_IS_OPEN, command=AcceptOffer, to=None, event="offer_accepted",
        guards=OFFER_IS_OPEN, validations=OFFER_FITS, steps=(steps.take_over_return_shipping, steps.reassess),
    ),
    Transition(
        where=ANSWER_IS_OPEN, command=DeclineOffer, to=None, event="offer_declined",
        guards=OFFER_IS_OPEN, validations=(offers.offer_is_open,),
    ),
    Transition(
        where=ANSWER_IS_OPEN, command=LapseOffer, to=None, event="offer_lapsed",
        validations=(timeouts.offer_has_lapsed,),
    ),
    # The refusal goes on: the seller offers something else, and the buyer may choose it.
    Transition(
        where=REFUSED, command=MakeOffer, to=None, event="offer_made",
        guards=(offers.no_offer_is_open, goods.units_are_still_there),
        validations=(offers.offer_is_new, offers.offer_expires_in_future, offers.offer_fits),
    ),
    Transition(
        where=REFUSED, command=AcceptOffer, to=State.APPROVED, event="offer_accepted",
        when=accepts_one_of(Alternative.PARTIAL_REFUND), guards=REFUSED_OFFER_IS_OPEN, validations=OFFER_FITS,
        steps=(
            steps.lift_rejection,
            steps.hold_units,
            steps.become_partial_refund,
            steps.settle_units,
            settlement.owe_refund,
        ),
    ),
    Transition(
        where=REFUSED, command=AcceptOffer, to=None, event="offer_accepted",
        when=accepts_one_of(Alternative.STORE_CREDIT), guards=REFUSED_OFFER_IS_OPEN, validations=OFFER_FITS,
        steps=(steps.grant_alternative, settlement.credit_what_was_granted),
    ),
    Transition(
        where=places(RETURN | REPAIR, REJECTED), command=AcceptOffer, to=State.APPROVED, event="offer_accepted",
        when=accepts_one_of(Alternative.EXCHANGE), guards=REFUSED_OFFER_IS_OPEN, validations=OFFER_FITS,
        deadlines=state_deadlines.to_send_back,
        steps=(
            steps.lift_rejection,
            steps.come_back_again,
            steps.hold_units,
            steps.become_offered_exchange,
            steps.reassess,
            steps.collect_goods,
        ),
    ),
    Transition(
        where=places(GOODS_COME_BACK, REJECTED), command=AcceptOffer, to=State.APPROVED, event="offer_accepted",
        when=accepts_one_of(Alternative.FREE_RETURN_SHIPPING), guards=REFUSED_OFFER_IS_OPEN, validations=OFFER_FITS,
        deadlines=state_deadlines.to_send_back,
        steps=(
            steps.lift_rejection,
            steps.come_back_again,
            steps.hold_units,
            steps.take_over_return_shipping,
            steps.reassess,
            steps.collect_goods,
        ),
    ),
    Transition(  # the remaining alternatives: a coupon, or something on top
        where=REFUSED, command=AcceptOffer, to=None, event="offer_accepted",
        guards=REFUSED_OFFER_IS_OPEN, validations=OFFER_FITS, steps=(steps.grant_alternative,),
    ),
    Transition(
        where=REFUSED, command=DeclineOffer, to=None, event="offer_declined",
        guards=(offers.some_offer_is_open,), validations=(offers.offer_is_open,),
    ),
    Transition(
        where=REFUSED, command=LapseOffer, to=None, event="offer_lapsed", validations=(timeouts.offer_has_lapsed,),
    ),
    # The buyer changes the request. The time to answer runs on from the first request.
    Transition(
        where=places(EVERY_KIND, REQUESTED), command=Edit, to=None, event="edited",
        guards=(edit_rules.rests_on_a_rule,), validations=EDIT_IS_SOUND, steps=(edits.move_edited_units,),
    ),
    # The buyer takes the claim back.
    Transition(
        where=places(EVERY_KIND, REQUESTED), command=Retract, to=State.RETRACTED, event="retracted",
        steps=(steps.free_units,),
    ),
    Transition(
        where=places(GOODS_COME_BACK, COMING_BACK), command=Retract, to=State.RETRACTED, event="retracted",
        guards=(goods.nothing_came_back, goods.nothing_was_reshipped), steps=(steps.free_units,),
    ),
    # The goods did not come back.
    Transition(
        where=places(EXCHANGE, COMING_BACK), command=Expire, to=State.EXPIRED, event="expired",
        when=replacement_went_first, guards=(goods.collection_has_ended,), validations=(goods.nothing_was_sent,),
        steps=(settlement.charge_unreturned_goods,),
    ),
    Transition(
        where=places(RETURN | EXCHANGE, COMING_BACK), command=Expire, to=State.EXPIRED, event="expired",
        when=nothing_is_left_to_settle, guards=(goods.collection_has_ended, goods.nothing_came_back),
        validations=(goods.nothing_was_sent,), steps=(steps.free_units,),
    ),
    Transition(
        where=places(REPAIR, COMING_BACK), command=Expire, to=State.EXPIRED, event="expired",
        guards=(goods.collection_has_ended, goods.nothing_came_back), validations=(goods.nothing_was_sent,),
        steps=(steps.free_units,),
    ),
    # The goods come back.
    Transition(
        where=places(GOODS_COME_BACK, APPROVED), command=Dispatch, to=State.COLLECTING, event="dispatched",
    ),
    Transition(
        where=places(GOODS_COME_BACK, COMING_BACK), command=Receive, to=State.RECEIVED, event="received",
        when=everything_is_in, validations=RECEIPT_IS_SOUND,
    ),
    Transition(
        where=places(GOODS_COME_BACK, COMING_BACK), command=Receive, to=State.COLLECTING, event="partly_received",
        validations=RECEIPT_IS_SOUND,
    ),
    # The goods come late, after the claim has expired.
    Transition(
        where=places(GOODS_COME_BACK, EXPIRED), command=Dispatch, to=State.COLLECTING, event="dispatched",
        guards=GOODS_COME_LATE, steps=(steps.hold_units,),
    ),
    Transition(
        where=places(GOODS_COME_BACK, EXPIRED), command=Receive, to=State.RECEIVED, event="received",
        when=everything_is_in, guards=GOODS_COME_LATE, validations=RECEIPT_IS_SOUND, steps=(steps.hold_units,),
    ),
    Transition(
        where=places(GOODS_COME_BACK, EXPIRED), command=Receive, to=State.COLLECTING, event="partly_received",
        guards=GOODS_COME_LATE, validations=RECEIPT_IS_SOUND, steps=(steps.hold_units,),
    ),
    # The seller inspects the goods.
    Transition(
        where=places(RETURN, RECEIVED), command=Inspect, to=State.ACCEPTED, event="accepted",
        when=something_is_accepted, guards=(decisions.is_classified,), validations=INSPECTION_IS_SOUND,
        steps=(steps.settle_units, steps.send_back_the_rest, settlement.owe_refund),
    ),
    Transition(
        where=places(EXCHANGE, RECEIVED), command=Inspect, to=State.RESHIPPING, event="accepted",
        when=accepted_after_advance, guards=(decisions.is_classified,), validations=INSPECTION_IS_SOUND,
        steps=(settlement.settle_exchange,),
    ),
    Transition(
        where=places(EXCHANGE, RECEIVED), command=Inspect, to=State.ACCEPTED, event="accepted",
        when=something_is_accepted, guards=(decisions.is_classified,), validations=INSPECTION_IS_SOUND,
        steps=(
            settlement.carry_value,
            steps.settle_units,
            steps.send_back_the_rest,
            settlement.settle_exchange,
        ),
    ),
    Transition(
        where=places(REPAIR, RECEIVED), command=Inspect, to=State.ACCEPTED, event="accepted",
        when=something_is_accepted, guards=(decisions.is_classified,), validations=INSPECTION_IS_SOUND,
        steps=(repairs.free_refused_units, steps.send_back_the_rest, settlement.settle_exchange),
    ),
    Transition(
        where=places(GOODS_COME_BACK, RECEIVED), command=Inspect, to=State.REJECTED, event="rejected",
        validations=INSPECTION_IS_SOUND,
        steps=(steps.free_units, steps.send_back_the_rest, alternatives.replace_offers),
    ),
    # The right to return the goods has lapsed: digital content and services are paid without them.
    Transition(
        where=places(EXCHANGE, COMING_BACK), command=Expire, to=State.ACCEPTED, event="accepted",
        guards=(goods.collection_has_ended, goods.nothing_came_back),
        validations=(goods.nothing_was_sent,),
        steps=(
            steps.accept_what_needs_no_return,
            settlement.carry_value,
            steps.settle_units,
            settlement.settle_exchange,
        ),
    ),
    Transition(
        where=places(RETURN, COMING_BACK), command=Expire, to=State.ACCEPTED, event="accepted",
        guards=(goods.collection_has_ended, goods.nothing_came_back),
        validations=(goods.nothing_was_sent,),
        steps=(steps.accept_what_needs_no_return, steps.settle_units, settlement.owe_refund),
    ),
    # The buyer owes something: the buyer pays, the refund covers the debt later, or the seller waives the debt.
    Transition(
        where=BUYER_MAY_OWE, command=ConfirmPayment, to=None, event="payment_confirmed",
        guards=(goods.buyer_owes,), validations=(goods.payment_settles_it,),
        steps=(settlement.take_payment, settlement.pay_out),
    ),
    Transition(
        where=BUYER_MAY_OWE, command=Release, to=None, event="released", when=time_has_passed,
        guards=(goods.buyer_owes,), steps=(settlement.deduct_unpaid_fee,),
    ),
    Transition(
        where=BUYER_MAY_OWE, command=Release, to=None, event="released",
        guards=(goods.buyer_owes,), steps=(settlement.waive_debt, settlement.pay_out),
    ),
    # The seller sends the replacement.
    Transition(
        where=places(EXCHANGE, ACCEPTED), command=Reship, to=State.RESHIPPING, event="reshipped",
        guards=(decisions.replacement_is_named,), steps=(steps.send_replacement,),
    ),
    Transition(
        where=places(EXCHANGE, GOODS_NOT_INSPECTED), command=Reship, to=None, event="reshipped",
        guards=(
            goods.replacements_go_in_advance,
            goods.nothing_was_reshipped,
            decisions.replacement_is_named,
            decisions.is_classified,
        ),
        steps=(settlement.carry_value, steps.settle_units, steps.send_replacement),
    ),
    Transition(
        where=places(EXCHANGE | REPAIR, ACCEPTED), command=Reclassify, to=None, event="reclassified",
        validations=(
            offers.something_changes,
            offers.amounts_are_not_settled,
            offers.knowledge_is_shown,
            offers.replaced_lines_are_claimed,
        ),
        steps=(steps.reassess,),
    ),
    Transition(
        where=places(EXCHANGE, RESHIPPING), command=ConfirmDelivery, to=State.EXCHANGED, event="exchanged",
        steps=(steps.deliver_replacement,),
    ),
    # The goods are repaired, and go back to the buyer: in a parcel, or the buyer fetches them.
    Transition(
        where=places(REPAIR, ACCEPTED), command=CompleteRepair, to=State.REPAIRED, event="repaired",
    ),
    Transition(
        where=places(REPAIR, REPAIRED), command=Reship, to=State.RESHIPPING, event="reshipped",
        steps=(repairs.send_repaired,),
    ),
    Transition(
        where=places(REPAIR, REPAIRED | RESHIPPING), command=ConfirmDelivery, to=State.SENT_BACK, event="sent_back",
        steps=(repairs.return_repaired,),
    ),
    # The goods had left before the cancellation: it goes on as a return.
    Transition(
        where=places(CANCEL, REQUESTED), command=Convert, to=None, event="overtaken",
        guards=(conversions.everything_has_left,), validations=(conversions.becomes_a_return,),
        steps=(steps.go_on_as_return,),
    ),
    # There is no replacement: the exchange becomes a return.
    Transition(
        where=places(EXCHANGE, ACCEPTED), command=Convert, to=None, event="converted",
        guards=(goods.nothing_was_paid_back,), validations=CONVERSION_IS_SOUND,
        steps=(repairs.record_failure, settlement.pay_instead),
    ),
    Transition(
        where=places(EXCHANGE, REQUESTED | GOODS_NOT_INSPECTED), command=Convert, to=None, event="converted",
        guards=(goods.nothing_was_reshipped,), validations=CONVERSION_IS_SOUND,
        steps=(repairs.record_failure, steps.become_plain_return),
    ),
    # The repair fails, is refused or takes too long: the repair becomes an exchange or a return.
    Transition(
        where=places(REPAIR, ACCEPTED | REPAIRED), command=Convert, to=State.ACCEPTED, event="converted",
        when=converts_to(Kind.EXCHANGE), validations=CONVERSION_IS_SOUND + REPLACEMENTS_ARE_SOUND,
        steps=(
            repairs.record_failure,
            steps.become_exchange,
            settlement.carry_value,
            repairs.settle_accepted_units,
            settlement.settle_converted_exchange,
        ),
    ),
    Transition(
        where=places(REPAIR, ACCEPTED | REPAIRED), command=Convert, to=State.ACCEPTED, event="converted",
        validations=CONVERSION_IS_SOUND,
        steps=(
            repairs.record_failure,
            steps.become_plain_return,
            repairs.settle_accepted_units,
            settlement.owe_refund,
        ),
    ),
    Transition(
        where=places(REPAIR, REQUESTED | GOODS_NOT_INSPECTED), command=Convert, to=None, event="converted",
        when=converts_to(Kind.EXCHANGE), validations=CONVERSION_IS_SOUND + REPLACEMENTS_ARE_SOUND,
        steps=(repairs.record_failure, steps.become_exchange),
    ),
    Transition(
        where=places(REPAIR, REQUESTED | GOODS_NOT_INSPECTED), command=Convert, to=None, event="converted",
        validations=CONVERSION_IS_SOUND, steps=(repairs.record_failure, steps.become_plain_return),
    ),
    # The refunds have been paid.
    Transition(
        where=REFUND_IS_OWED, command=SettleRefund, to=State.REFUNDED, event="refunded",
        guards=(goods.nothing_is_outstanding,),
    ),
    # The payments of the order have changed: the claim owes more.
    Transition(
        where=places(CANCEL | REFUND, REFUNDED), command=AdjustRefund, to=State.APPROVED, event="refund_adjusted",
        validations=(payments.money_has_come,), steps=(adjustments.adjust_refund,),
    ),
    Transition(
        where=places(RETURN, REFUNDED), command=AdjustRefund, to=State.ACCEPTED, event="refund_adjusted",
        validations=(payments.money_has_come,), steps=(adjustments.adjust_refund,),
    ),
    Transition(
        where=REFUND_IS_OWED | places(EXCHANGE, ACCEPTED | RESHIPPING | EXCHANGED | EXPIRED), command=AdjustRefund,
        to=None, event="refund_adjusted", validations=(payments.money_has_come,), steps=(adjustments.adjust_refund,),
    ),
    # The order was shipped while its cancellation was open.
    Transition(
        where=places(CANCEL, REQUESTED), command=OrderShipped, to=None, event="overtaken",
        when=part_can_still_be_stopped, guards=(goods.the_order_has_left,), steps=(steps.release_shipped_units,),
    ),
    Transition(
        where=places(CANCEL, REQUESTED), command=OrderShipped, to=None, event="overtaken",
        when=policy_turns_it_into_a_return, guards=(goods.the_order_has_left,), steps=(steps.become_return,),
    ),
    Transition(
        where=places(CANCEL, REQUESTED), command=OrderShipped, to=State.REJECTED, event="rejected",
        guards=(goods.the_order_has_left,), steps=(steps.refuse_as_shipped, steps.free_units),
    ),
)  # fmt: skip

WHILE_HELD: frozenset[type[Command]] = frozenset({Release, Retract, Edit, OrderShipped, ConfirmPayment, AdjustRefund})
"""Only these commands are accepted on hold: the buyer can edit, retract or pay, and a shipment or a payment can happen
at any time."""

BY_ITSELF: frozenset[type[Command]] = frozenset({SettleRefund, OrderShipped, MarkOverdue, LapseOffer, AdjustRefund})
"""Only the system gives these commands, after a change of the facts or of the time."""
