"""An assessment: whether the buyer is entitled to a claim, and why."""

from dataclasses import dataclass
from datetime import date, datetime

from app.engine.model.vocabulary import Fault, Ground, Word


class Verdict(Word):
    """Whether the buyer is entitled to the claim. `review`: the facts do not show it, and a person must look."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One ground against the claim, the lines of the ground, and the rule behind the ground."""

    ground: Ground
    line_ids: tuple[str, ...]
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`[opens_at, closes_at)`. `ends_on` is the last local day inside. All are None while the goods can be stopped
    without a time limit, or while the event that starts the window is unknown."""

    rule: str
    citation: str
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """`holidays` names the release of the holiday data of the window. `automatic` is what the policy does
    automatically."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    window: Window | None
    fault: Fault
    return_shipping_payer: Fault | None
    alternatives_required: bool
    automatic: str | None
    policy: str
    holidays: str

    @property
    def grounds(self) -> tuple[Ground, ...]:
        return tuple(dict.fromkeys(finding.ground for finding in self.findings))
