"""One decision under way. It names the claims in flight:

    before   --apply_command-->   amended    --steps, in the row's order-->   current   --> Decision.claim
    as stored (for a              with the command's data,                    in the row's state, changed by
    request: as opened)           in the state of `before`                    the steps that have run

Conditions, guards and validations compare `before` and `amended`. A step takes `(current, context)`.
"""

from app.engine.model.assessment import Assessment
from app.engine.model.claim import Claim
from app.engine.model.claim_lines import Pairs, pairs
from app.engine.model.commands import Command
from app.engine.model.vocabulary import State
from app.engine.policy.eligibility import assess
from app.engine.policy.facts import Facts

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_REQUESTED = State.REQUESTED


class DecisionContext:
    """The input of conditions, guards, validations and steps. `command` is None for a list of actions.

    The assessment and the pairs are computed once, on the first read.
    """

    __slots__ = ("_assessment", "_pairs", "amended", "before", "command", "facts")

    def __init__(
        self,
        before: Claim,
        amended: Claim,
        command: Command | None,
        facts: Facts,
        assessment: Assessment | None = None,
    ) -> None:
        self.before = before
        self.amended = amended
        self.command = command
        self.facts = facts
        self._assessment = assessment
        self._pairs: Pairs | None = None

    @property
    def assessment(self) -> Assessment:
        """The assessment of `before`. After the first decision, the assessment of that decision."""
        if self._assessment is None:
            self._assessment = standing_assessment(self.before, self.facts)
        return self._assessment

    @property
    def pairs(self) -> Pairs:
        """The lines of the amended claim, each with its order line."""
        if self._pairs is None:
            self._pairs = pairs(self.amended, self.facts.order)
        return self._pairs


def standing_assessment(claim: Claim, facts: Facts) -> Assessment:
    """Computed from the facts while the claim is requested. Afterwards, the assessment of the first decision."""
    if claim.state is _REQUESTED or claim.assessment is None:
        return assess(claim, facts)
    return claim.assessment
