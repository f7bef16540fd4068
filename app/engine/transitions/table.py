"""THE TABLE: every way a claim can go.

A row says: for these kinds, from these states, this command leads to that state. Laws of the table, held by
the tests: every state can be reached; every state that is not final can be left; final states cannot; of
the rows that share kind, state and command the first whose condition holds is taken, so the last of them has
none. Conditions (`when`) choose, guards and checks refuse, and the two never mix. A missing row *is* the
illegal transition.
"""

from functools import cache

from app.engine.model.commands import (
    Approve,
    Command,
    ConfirmDelivery,
    ConfirmPayment,
    Convert,
    Dispatch,
    Expire,
    Inspect,
    LapseOffer,
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
from app.engine.model.vocabulary import Kind, State
from app.engine.transitions import settlement as m
from app.engine.transitions import steps as o
from app.engine.transitions.answering import answering, paying
from app.engine.transitions.conditions import (
    accepted_after_advance,
    everything_is_in,
    part_can_still_be_stopped,
    policy_turns_it_into_a_return,
    replacement_went_first,
    something_is_accepted,
)
from app.engine.transitions.guards import decisions, goods, offers, requests, timeouts
from app.engine.transitions.transition import Transition

ALL = frozenset(Kind)
GOODS_COME_BACK = frozenset({Kind.RETURN, Kind.EXCHANGE})
CANCEL, RETURN, EXCHANGE, REFUND = (frozenset({kind}) for kind in Kind)

REQUESTED = frozenset({State.REQUESTED})
COMING_BACK = frozenset({State.APPROVED, State.COLLECTING})
UNDECIDED_GOODS = COMING_BACK | {State.RECEIVED}

_REJECTION = (
    decisions.ground_is_supported,
    decisions.rejection_has_a_message,
    decisions.rejection_has_an_alternative,
)
_RECEIPT = (goods.received_lines_are_sound, goods.something_came, goods.all_of_it_comes_back)
_INSPECTION = (
    goods.inspected_lines_are_sound,
    goods.used_parts_are_there,
    goods.deductions_are_allowed,
    goods.deductions_are_covered,
    goods.sending_back_has_a_ground,
)

TABLE: tuple[Transition, ...] = (
    # Asking
    Transition(
        kinds=ALL, sources=None, command=Request, to=State.REQUESTED, event="requested",
        validations=(
            requests.lines_are_sound,
            requests.units_are_free,
            requests.goods_have_shipped,
            requests.not_from_the_future,
            requests.asked_after_the_payment,
            requests.discovered_after_shipping,
            requests.amount_fits,
            goods.used_parts_are_there,
        ),
        steps=(o.hold_units, o.set_response_deadline),
    ),
    # Answering
    Transition(
        kinds=CANCEL, sources=REQUESTED, command=Approve, to=State.APPROVED, event="approved",
        guards=(decisions.is_classified, decisions.can_still_be_stopped),
        validations=(decisions.is_eligible_or_overridden,),
        steps=(o.note_override, o.stop_fulfilment, o.settle_units, m.owe_refund),
    ),
    Transition(
        kinds=REFUND, sources=REQUESTED, command=Approve, to=State.APPROVED, event="approved",
        guards=(decisions.is_classified, decisions.amount_is_still_there),
        validations=(decisions.is_eligible_or_overridden,),
        steps=(o.note_override, o.settle_units, m.owe_refund),
    ),
    Transition(
        kinds=GOODS_COME_BACK, sources=REQUESTED, command=Approve, to=State.APPROVED, event="approved",
        guards=(decisions.is_classified, decisions.replacement_is_named),
        validations=(decisions.is_eligible_or_overridden,),
        steps=(o.note_override, o.await_goods),
    ),
    Transition(
        kinds=ALL, sources=REQUESTED, command=Reject, to=State.REJECTED, event="rejected",
        validations=_REJECTION, steps=(o.free_units,),
    ),
    Transition(
        kinds=ALL, sources=REQUESTED, command=MarkOverdue, to=None, event="response_overdue",
        guards=(timeouts.the_answer_is_late,),
    ),
    *answering(ALL, REQUESTED),
    *answering(GOODS_COME_BACK, UNDECIDED_GOODS),
    # Taking it back
    Transition(
        kinds=ALL, sources=REQUESTED, command=Retract, to=State.RETRACTED, event="retracted",
        steps=(o.free_units,),
    ),
    Transition(
        kinds=GOODS_COME_BACK, sources=COMING_BACK, command=Retract, to=State.RETRACTED, event="retracted",
        guards=(goods.nothing_came_back, goods.nothing_was_reshipped), steps=(o.free_units,),
    ),
    Transition(
        kinds=EXCHANGE, sources=COMING_BACK, command=Expire, to=State.EXPIRED, event="expired",
        when=replacement_went_first, guards=(goods.collection_has_ended,), validations=(goods.nothing_was_sent,),
        steps=(m.charge_unreturned_goods,),
    ),
    Transition(
        kinds=GOODS_COME_BACK, sources=COMING_BACK, command=Expire, to=State.EXPIRED, event="expired",
        guards=(goods.collection_has_ended, goods.nothing_came_back), validations=(goods.nothing_was_sent,),
        steps=(o.free_units,),
    ),
    # Goods on their way back
    Transition(
        kinds=GOODS_COME_BACK, sources=frozenset({State.APPROVED}), command=Dispatch, to=State.COLLECTING,
        event="dispatched",
    ),
    Transition(
        kinds=GOODS_COME_BACK, sources=COMING_BACK, command=Receive, to=State.RECEIVED, event="received",
        when=everything_is_in, validations=_RECEIPT,
    ),
    Transition(
        kinds=GOODS_COME_BACK, sources=COMING_BACK, command=Receive, to=State.COLLECTING,
        event="partly_received", validations=_RECEIPT,
    ),
    Transition(
        kinds=RETURN, sources=frozenset({State.RECEIVED}), command=Inspect, to=State.ACCEPTED, event="accepted",
        when=something_is_accepted, guards=(decisions.is_classified,), validations=_INSPECTION,
        steps=(o.settle_units, o.send_back_the_rest, m.owe_refund),
    ),
    Transition(
        kinds=EXCHANGE, sources=frozenset({State.RECEIVED}), command=Inspect, to=State.RESHIPPING,
        event="accepted", when=accepted_after_advance, guards=(decisions.is_classified,), validations=_INSPECTION,
        steps=(m.settle_exchange,),
    ),
    Transition(
        kinds=EXCHANGE, sources=frozenset({State.RECEIVED}), command=Inspect, to=State.ACCEPTED,
        event="accepted", when=something_is_accepted, guards=(decisions.is_classified,), validations=_INSPECTION,
        steps=(m.carry_value, o.settle_units, o.send_back_the_rest, m.settle_exchange),
    ),
    Transition(
        kinds=GOODS_COME_BACK, sources=frozenset({State.RECEIVED}), command=Inspect, to=State.REJECTED,
        event="rejected", validations=_INSPECTION, steps=(o.free_units, o.send_back_the_rest),
    ),
    # Paying what a buyer owes
    *paying(CANCEL, frozenset({State.APPROVED})),
    *paying(RETURN, frozenset({State.ACCEPTED})),
    *paying(EXCHANGE, frozenset({State.ACCEPTED, State.RESHIPPING})),
    # Sending on
    Transition(
        kinds=EXCHANGE, sources=frozenset({State.ACCEPTED}), command=Reship, to=State.RESHIPPING,
        event="reshipped", guards=(decisions.replacement_is_named,), steps=(o.send_replacement,),
    ),
    Transition(
        kinds=EXCHANGE, sources=UNDECIDED_GOODS, command=Reship, to=None, event="reshipped",
        guards=(
            goods.replacements_go_in_advance,
            goods.nothing_was_reshipped,
            decisions.replacement_is_named,
            decisions.is_classified,
        ),
        steps=(m.carry_value, o.settle_units, o.send_replacement),
    ),
    Transition(
        kinds=EXCHANGE, sources=frozenset({State.ACCEPTED}), command=Reclassify, to=None, event="reclassified",
        validations=(offers.something_changes, offers.amounts_are_not_settled, offers.replaced_lines_are_claimed),
        steps=(o.reassess,),
    ),
    Transition(
        kinds=EXCHANGE, sources=frozenset({State.RESHIPPING}), command=ConfirmDelivery, to=State.EXCHANGED,
        event="exchanged", steps=(o.deliver_replacement,),
    ),
    Transition(
        kinds=EXCHANGE, sources=frozenset({State.ACCEPTED}), command=Convert, to=None, event="converted",
        guards=(goods.nothing_was_paid_back,), steps=(m.pay_instead,),
    ),
    Transition(
        kinds=EXCHANGE, sources=REQUESTED | UNDECIDED_GOODS, command=Convert, to=None, event="converted",
        guards=(goods.nothing_was_reshipped,), steps=(o.become_plain_return,),
    ),
    # Money, and the order's side
    Transition(
        kinds=CANCEL | REFUND, sources=frozenset({State.APPROVED}), command=SettleRefund, to=State.REFUNDED,
        event="refunded", guards=(goods.nothing_is_outstanding,),
    ),
    Transition(
        kinds=RETURN, sources=frozenset({State.ACCEPTED}), command=SettleRefund, to=State.REFUNDED,
        event="refunded", guards=(goods.nothing_is_outstanding,),
    ),
    Transition(
        kinds=CANCEL, sources=REQUESTED, command=OrderShipped, to=None, event="overtaken",
        when=part_can_still_be_stopped, guards=(goods.the_order_has_left,), steps=(o.release_shipped_units,),
    ),
    Transition(
        kinds=CANCEL, sources=REQUESTED, command=OrderShipped, to=None, event="overtaken",
        when=policy_turns_it_into_a_return, guards=(goods.the_order_has_left,), steps=(o.become_return,),
    ),
    Transition(
        kinds=CANCEL, sources=REQUESTED, command=OrderShipped, to=State.REJECTED, event="rejected",
        guards=(goods.the_order_has_left,), steps=(o.refuse_as_shipped, o.free_units),
    ),
)  # fmt: skip

WHILE_HELD: frozenset[type[Command]] = frozenset({Release, Retract, OrderShipped, ConfirmPayment})
"""While a claim is on hold nothing else is taken: a buyer may always let go or pay, and parcels do not ask."""


BY_ITSELF: frozenset[type[Command]] = frozenset({SettleRefund, OrderShipped, MarkOverdue, LapseOffer})
"""What the system says when the facts have changed, or time has passed; nobody asks for it."""


def _indexed(
    table: tuple[Transition, ...],
) -> dict[tuple[Kind, State | None, type[Command]], tuple[Transition, ...]]:
    index: dict[tuple[Kind, State | None, type[Command]], tuple[Transition, ...]] = {}
    for row in table:
        for kind in (kind for kind in Kind if kind in row.kinds):
            for source in [state for state in State if state in row.sources] if row.sources else [None]:
                key = (kind, source, row.command)
                index[key] = (*index.get(key, ()), row)
    return index


ROWS = _indexed(TABLE)


_COMMANDS = tuple(dict.fromkeys(row.command for row in TABLE))


@cache
def commands_from(kind: Kind, state: State | None) -> tuple[type[Command], ...]:
    """The commands that a claim of this kind takes in this state, in the table's order."""
    return tuple(command for command in _COMMANDS if (kind, state, command) in ROWS)
