"""Rows that are alike wherever a decision is still open, or a buyer still owes something."""

from app.engine.model.commands import (
    AcceptOffer,
    ConfirmPayment,
    DeclineOffer,
    HoldClaim,
    LapseOffer,
    MakeOffer,
    Reclassify,
    Release,
)
from app.engine.model.vocabulary import Alternative, Kind, State
from app.engine.transitions import settlement as m
from app.engine.transitions import steps as o
from app.engine.transitions.conditions import accepts_one_of, time_has_passed
from app.engine.transitions.guards import goods, offers, timeouts
from app.engine.transitions.transition import Transition

_OPEN = (offers.some_offer_is_open, goods.nothing_was_reshipped)
_FITS = (offers.offer_is_open, offers.accepted_offer_still_fits)


def answering(kinds: frozenset[Kind], sources: frozenset[State]) -> tuple[Transition, ...]:
    """Holding, reclassifying and offering."""
    return (
        Transition(
            kinds=kinds, sources=sources, command=HoldClaim, to=None, event="held",
            validations=(offers.hold_ends_in_future, timeouts.hold_ends_in_time),
        ),
        Transition(
            kinds=kinds, sources=sources, command=Release, to=None, event="released", guards=(offers.is_on_hold,),
        ),
        Transition(
            kinds=kinds, sources=sources, command=Reclassify, to=None, event="reclassified",
            validations=(offers.something_changes, offers.fault_is_shown, offers.replaced_lines_are_claimed),
            steps=(o.reassess,),
        ),
        Transition(
            kinds=kinds, sources=sources, command=MakeOffer, to=None, event="offer_made",
            guards=(offers.no_offer_is_open, offers.offers_are_not_used_up),
            validations=(offers.offer_is_new, offers.offer_expires_in_future, offers.offer_fits),
        ),
        *_accepting(kinds, sources),
        Transition(
            kinds=kinds, sources=sources, command=DeclineOffer, to=None, event="offer_declined",
            guards=_OPEN, validations=(offers.offer_is_open,),
        ),
        Transition(
            kinds=kinds, sources=sources, command=LapseOffer, to=None, event="offer_lapsed",
            validations=(timeouts.offer_has_lapsed,),
        ),
    )  # fmt: skip


def _accepting(kinds: frozenset[Kind], sources: frozenset[State]) -> tuple[Transition, ...]:
    """What an accepted offer becomes; one that no row names is returning at the seller's cost."""
    return (
        Transition(
            kinds=kinds, sources=sources, command=AcceptOffer, to=State.APPROVED, event="offer_accepted",
            when=accepts_one_of(Alternative.PARTIAL_REFUND), guards=_OPEN, validations=_FITS,
            steps=(o.become_partial_refund, o.settle_units, m.owe_refund),
        ),
        Transition(
            kinds=kinds, sources=sources, command=AcceptOffer, to=State.RETRACTED, event="offer_accepted",
            when=accepts_one_of(Alternative.STORE_CREDIT), guards=_OPEN, validations=_FITS,
            steps=(o.free_units, o.grant_alternative, m.credit_what_was_granted),
        ),
        Transition(
            kinds=kinds, sources=sources, command=AcceptOffer, to=State.RETRACTED, event="offer_accepted",
            when=accepts_one_of(Alternative.DISCOUNT_COUPON, Alternative.EXTRA_COMPENSATION),
            guards=_OPEN, validations=_FITS, steps=(o.free_units, o.grant_alternative),
        ),
        Transition(
            kinds=kinds, sources=sources, command=AcceptOffer, to=None, event="offer_accepted",
            when=accepts_one_of(Alternative.EXCHANGE), guards=_OPEN, validations=_FITS, steps=(o.become_exchange,),
        ),
        Transition(
            kinds=kinds, sources=sources, command=AcceptOffer, to=None, event="offer_accepted",
            guards=_OPEN, validations=_FITS, steps=(o.take_over_return_shipping, o.reassess),
        ),
    )  # fmt: skip


def paying(kinds: frozenset[Kind], sources: frozenset[State]) -> tuple[Transition, ...]:
    """A buyer who owes something pays, or is let off it, or has it taken off, and the claim goes on."""
    return (
        Transition(
            kinds=kinds, sources=sources, command=ConfirmPayment, to=None, event="payment_confirmed",
            guards=(goods.buyer_owes,), validations=(goods.payment_settles_it,),
            steps=(m.take_payment, m.pay_out),
        ),
        Transition(
            kinds=kinds, sources=sources, command=Release, to=None, event="released", when=time_has_passed,
            guards=(goods.buyer_owes,), steps=(m.deduct_unpaid_fee,),
        ),
        Transition(
            kinds=kinds, sources=sources, command=Release, to=None, event="released", guards=(goods.buyer_owes,),
            steps=(m.waive_debt, m.pay_out),
        ),
    )  # fmt: skip
