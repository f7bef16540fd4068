"""One decision under way: the claim before and after its command has been written down, and the facts."""

from app.engine.model.assessment import Assessment
from app.engine.model.claim import Claim
from app.engine.model.commands import Command
from app.engine.model.pairing import Pairs, pairs
from app.engine.model.vocabulary import State
from app.engine.policy.eligibility import assess
from app.engine.policy.facts import Facts

_REQUESTED = State.REQUESTED


class DecisionContext:
    """What conditions, guards, checks and outcomes look at.

    `before` is the claim as it stands (for a request: as it would stand); `claim` is the same with the
    command's words written in. The assessment is made once, when somebody asks for it, and so are the pairs.
    """

    __slots__ = ("_assessment", "_pairs", "before", "claim", "command", "facts")

    def __init__(
        self,
        before: Claim,
        claim: Claim,
        command: Command | None,
        facts: Facts,
        assessment: Assessment | None = None,
    ) -> None:
        self.before = before
        self.claim = claim
        self.command = command
        self.facts = facts
        self._assessment = assessment
        self._pairs: Pairs | None = None

    @property
    def assessment(self) -> Assessment:
        """The merits of the claim as it stood; after the first decision, what that decision rested on."""
        if self._assessment is None:
            self._assessment = standing_assessment(self.before, self.facts)
        return self._assessment

    @property
    def pairs(self) -> Pairs:
        """The claim's lines with the order's."""
        if self._pairs is None:
            self._pairs = pairs(self.claim, self.facts.order)
        return self._pairs


def standing_assessment(claim: Claim, facts: Facts) -> Assessment:
    """Live while the claim is requested; what the decision rested on from then on."""
    if claim.state is _REQUESTED or claim.assessment is None:
        return assess(claim, facts)
    return claim.assessment
