"""An assessment: whether the buyer is entitled to a claim, and why."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from app.engine.model.line_index import FEW, indexed_line
from app.engine.model.values import value
from app.engine.model.vocabulary import Fault, Ground, Word


class Verdict(Word):
    """Whether the buyer is entitled to the claim. `review`: the facts do not show it, and a person must look."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    REVIEW = "review"


# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_ELIGIBLE = Verdict.ELIGIBLE
_INELIGIBLE = Verdict.INELIGIBLE
_REVIEW = Verdict.REVIEW


@value
class Finding:
    """One ground against the claim, the lines of the ground, and the rule behind the ground."""

    ground: Ground
    line_ids: tuple[str, ...]
    citation: str


@value
class Window:
    """`[opens_at, closes_at)`. `ends_on` is the last local day inside. All are None while the goods can be stopped
    without a time limit, or while the event that starts the window is unknown. A withdrawal has no end before that
    event."""

    rule: str
    citation: str
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    ends_on: date | None = None


class Unclear(Word):
    """Why a person must look. `remedy_not_open`: another remedy comes first. `proof_needed`: the seller must show the
    ground. `discovery_unstated`: the buyer must have known of this defect earlier than the request. `no_right`: the
    seller may give the money, and no rule owes it."""

    FAULT_UNDECIDED = "fault_undecided"
    NO_RULE = "no_rule"
    REMEDY_NOT_OPEN = "remedy_not_open"
    NOT_DELIVERED = "not_delivered"
    PROOF_NEEDED = "proof_needed"
    DISCOVERY_UNSTATED = "discovery_unstated"
    NO_RIGHT = "no_right"


@value
class Doubt:
    """One reason for a review, the lines that it concerns, and the rule behind it. `ground` is the ground that a
    seller with evidence may reject on. `detail` is the reason as a sentence."""

    why: Unclear
    line_ids: tuple[str, ...]
    citation: str | None = None
    ground: Ground | None = None
    detail: str = ""


_DETAILS: Mapping[Unclear, str] = {
    Unclear.FAULT_UNDECIDED: "The fault is undecided. It decides what the buyer is entitled to.",
    Unclear.NO_RULE: "No rule of the policy decides this request.",
    Unclear.REMEDY_NOT_OPEN: "Another remedy comes first, such as a repair or an exchange.",
    Unclear.NOT_DELIVERED: "The delivery of the goods was not reported.",
    Unclear.PROOF_NEEDED: "The seller must show the ground with evidence.",
    Unclear.DISCOVERY_UNSTATED: "The buyer must have known of this defect before the request. The request does not say"
    " when the buyer discovered it.",
    Unclear.NO_RIGHT: "No rule owes this money. The seller may give it.",
}


def doubt(
    why: Unclear, line_ids: tuple[str, ...], citation: str | None = None, ground: Ground | None = None
) -> Doubt:  # fmt: skip
    """A doubt with its sentence."""
    return Doubt(why=why, line_ids=line_ids, citation=citation, ground=ground, detail=_DETAILS[why])


@value
class LineAssessment:
    """The judgement of one line by its own delivery, nature and records."""

    line_id: str
    verdict: Verdict
    window: Window | None
    grounds: tuple[Ground, ...] = ()


@value
class Assessment:
    """The claim as a whole has the worst verdict of its lines, and the window that closes first. `holidays` names the
    release of the holiday data of the window. `automatic` is what the policy does automatically. `doubts` say why a
    line is for review. `return_shipping_citation` is the rule behind the payer."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    window: Window | None
    fault: Fault
    return_shipping_payer: Fault | None
    alternatives_required: bool
    automatic: str | None
    policy: str
    holidays: str
    lines: tuple[LineAssessment, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    return_shipping_citation: str | None = None

    @property
    def grounds(self) -> tuple[Ground, ...]:
        return tuple(dict.fromkeys(finding.ground for finding in self.findings))

    @property
    def grounds_in_doubt(self) -> tuple[Ground, ...]:
        """The grounds that a seller with evidence may reject on."""
        return tuple(dict.fromkeys(doubt.ground for doubt in self.doubts if doubt.ground is not None))

    def line(self, line_id: str) -> LineAssessment | None:
        if len(self.lines) > FEW:
            return indexed_line(self.lines, line_id)
        return next((line for line in self.lines if line.line_id == line_id), None)

    def lines_with(self, ground: Ground) -> frozenset[str]:
        """The lines that a ground binds."""
        return frozenset(
            line_id for finding in self.findings if finding.ground is ground for line_id in finding.line_ids
        )

    def lines_in_doubt(self, ground: Ground) -> frozenset[str]:
        """The lines for which the seller must show a ground."""
        return frozenset(line_id for doubt in self.doubts if doubt.ground is ground for line_id in doubt.line_ids)


def worst_verdict(lines: Sequence[LineAssessment]) -> Verdict:
    """The worst verdict of the lines. A claim without lines is for review."""
    worst = _ELIGIBLE if lines else _REVIEW
    for line in lines:
        if line.verdict is _INELIGIBLE:
            return _INELIGIBLE
        if line.verdict is _REVIEW:
            worst = _REVIEW
    return worst


def first_to_close(lines: Sequence[LineAssessment]) -> Window | None:
    """Until its end every line may be claimed. A line without a window has no end."""
    first = lines[0].window if lines else None
    for line in lines:
        if line.window is not first:
            break
    else:  # the lines of most claims share one window
        return first
    windows = [line.window for line in lines if line.window is not None]
    return min(windows, key=lambda window: window.ends_on or date.max, default=None)
