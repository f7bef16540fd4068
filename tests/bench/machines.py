"""The ways of a return as two state machines have them, with the approval guarded by two conditions."""

from collections.abc import Callable, Sequence
from datetime import datetime

from statemachine import State, StateMachine
from transitions import Machine

from app.engine.model.claim import Claim
from app.engine.model.vocabulary import Fault


class ClaimModel:
    """A model of either library: a claim, and the end of its window, which is given."""

    state: str | None
    approve: Callable[[], bool]  # as transitions adds it

    def __init__(self, claim: Claim, closes: datetime) -> None:
        self.claim = claim
        self.closes = closes
        self.state = None

    def is_classified(self) -> bool:
        return self.claim.fault is not Fault.UNDECIDED

    def window_is_open(self) -> bool:
        return self.claim.submission.requested_at < self.closes


class ReturnMachine(StateMachine):
    """A return, for python-statemachine."""

    requested = State(initial=True)
    approved = State()
    collecting = State()
    received = State()
    accepted = State()
    refunded = State(final=True)
    rejected = State(final=True)
    retracted = State(final=True)
    expired = State(final=True)

    approve = requested.to(approved, cond=["is_classified", "window_is_open"])
    reject = requested.to(rejected) | received.to(rejected)
    retract = requested.to(retracted) | approved.to(retracted) | collecting.to(retracted)
    expire = approved.to(expired) | collecting.to(expired)
    dispatch = approved.to(collecting)
    receive = approved.to(received) | collecting.to(received)
    inspect = received.to(accepted)
    settle = accepted.to(refunded)


class StateMachines:
    """One machine per claim, as python-statemachine has it."""

    def __init__(self, models: Sequence[ClaimModel]) -> None:
        self.models = models
        self.machines = [ReturnMachine(model) for model in models]

    def approve_all(self) -> None:
        for machine in self.machines:
            machine.approve()

    def reset(self) -> None:
        for model in self.models:
            model.state = "requested"


class Transitions:
    """One machine that all claims are models of, as transitions has it for many."""

    def __init__(self, models: Sequence[ClaimModel]) -> None:
        self.models = models
        self.machine = Machine(
            model=list(models),
            states=[
                "requested",
                "approved",
                "collecting",
                "received",
                "accepted",
                "refunded",
                "rejected",
                "retracted",
                "expired",
            ],
            initial="requested",
            auto_transitions=False,
            transitions=[
                {
                    "trigger": "approve",
                    "source": "requested",
                    "dest": "approved",
                    "conditions": ["is_classified", "window_is_open"],
                },
                ["reject", ["requested", "received"], "rejected"],
                ["retract", ["requested", "approved", "collecting"], "retracted"],
                ["expire", ["approved", "collecting"], "expired"],
                ["dispatch", "approved", "collecting"],
                ["receive", ["approved", "collecting"], "received"],
                ["inspect", "received", "accepted"],
                ["settle", "accepted", "refunded"],
            ],
        )

    def approve_all(self) -> None:
        for model in self.models:
            if not model.approve():
                raise TypeError("it was to be approved")

    def reset(self) -> None:
        for model in self.models:
            self.machine.set_state("requested", model)
