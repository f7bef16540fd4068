"""Every state, every command, every small fact: a quarter of a million answers, each a decision or a refusal.

Each world is searched once in a run. What was found goes to the other workers of the run as a file.
"""

import pickle
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import pytest

from app.engine import Decision, SuggestedStep, SuggestionReason, command_name, decide
from app.engine.model.claim import Claim
from app.engine.model.parties import Party
from app.engine.model.refusals import Code, Param, Refusal
from app.engine.model.vocabulary import Kind, State
from app.engine.transitions.table import BY_ITSELF, TABLE
from app.messages.sentences import sentence
from app.messages.translations import LANGUAGES
from tests.engine.laws import LAWS
from tests.engine.search import WORLDS, Answer, Visit, explore
from tests.engine.suggestions import suggested
from tests.engine.walks import row_of
from tests.postgres import exclusively

WORDS = ["every refusal says why", "a refusal for a rule cites it"]
RESTS_ON_A_RULE = {
    Code.INELIGIBLE,
    Code.ALREADY_SHIPPED,
    Code.NO_GROUND_FOR_REJECTION,
    Code.NO_GROUND_FOR_LINE,
    Code.GROUND_REQUIRED,
    Code.MESSAGE_REQUIRED,
    Code.ALTERNATIVE_REQUIRED,
    Code.DEDUCTION_NOT_ALLOWED,
    Code.OFFERS_USED_UP,
}
"""Codes that come from a law or a policy. The other codes come from the state of the claim or the order."""

NOT_IN_THE_WORLDS = {
    *(
        SuggestionReason.GIVEN,
        SuggestionReason.FAULT_ANSWERED,
        SuggestionReason.PROOF_NEEDED,
        SuggestionReason.NO_RIGHT,
        SuggestionReason.DISCOVERY_UNSTATED,
        SuggestionReason.REMEDY_NOT_OPEN,
    ),
}
"""Reasons of suggestions that the worlds do not need. `test_suggestions.py` has them."""

ROWS = {row: place for place, row in enumerate(TABLE)}

Place = tuple[Kind, State] | None

NAMES = tuple(dict.fromkeys(command_name(row.command) for row in TABLE if row.command not in BY_ITSELF))
"""The commands of people, in the table's order."""


@dataclass(slots=True, kw_only=True)
class Survey:
    """The results of a search through one world: broken laws, used rows, returned codes, and the legal commands."""

    broken: dict[str, str] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    """Places in the table."""
    codes: set[Code] = field(default_factory=set)
    legal: dict[Place, set[str]] = field(default_factory=partial(defaultdict, set))
    allowed: dict[Place, set[Param]] = field(default_factory=partial(defaultdict, set))
    stuck: str | None = None
    """The first claim that cannot be brought to an end."""
    not_accepted: str | None = None
    """The first suggestion that `decide` refuses."""
    silent: str | None = None
    """The first claim that waits for the seller without a suggestion."""
    steps: set[SuggestedStep] = field(default_factory=set)
    reasons: set[SuggestionReason] = field(default_factory=set)
    sentenced: dict[object, bool] = field(default_factory=dict)

    def watch(self, answer: Answer) -> None:
        claim, outcome = answer.visit.claim, answer.outcome
        place = (claim.kind, claim.state) if claim else None
        name = command_name(type(answer.command))
        if isinstance(outcome, Decision):
            self.legal[place].add(name)
            self.rows.add(ROWS[row_of(answer.visit.claim, answer.command, answer.facts)])
            for law in LAWS:
                if not law(answer, outcome):
                    self.breaks(law.__name__, answer)
            return
        self.codes.update(refusal.code for refusal in outcome.refusals)
        if not outcome.refusals or not all(self.has_sentences(refusal) for refusal in outcome.refusals):
            self.breaks("every refusal says why", answer)
        if any(refusal.code in RESTS_ON_A_RULE and not refusal.citation for refusal in outcome.refusals):
            self.breaks("a refusal for a rule cites it", answer)
        elif outcome.refusals[0].code is Code.ILLEGAL_TRANSITION:
            self.allowed[place].add(outcome.refusals[0].params["allowed"])
        else:
            self.legal[place].add(name)

    def has_sentences(self, refusal: Refusal) -> bool:
        """A sentence in every language, for each set of parameters of a code."""
        shape = (
            refusal.code,
            refusal.params.get("why"),
            *((name, bool(value)) for name, value in refusal.params.items()),
        )
        if shape not in self.sentenced:
            texts = [sentence("refusals", refusal.code, refusal.params, language) for language in LANGUAGES]
            self.sentenced[shape] = all(text and "{" not in text for text in texts)
        return self.sentenced[shape]

    def breaks(self, law: str, answer: Answer) -> None:
        if law not in self.broken:
            self.broken[law] = str(answer)

    def suggest(self, visit: Visit, claim: Claim) -> None:
        suggestion = suggested(claim, visit.facts)
        if suggestion is None:
            if claim.turn and claim.turn.party is Party.SELLER:
                self.silent = self.silent or str(claim)
            return
        self.steps.add(suggestion.step)
        self.reasons.add(suggestion.why)
        if suggestion.command and not isinstance(decide(claim, suggestion.command, visit.facts), Decision):
            self.not_accepted = self.not_accepted or str((visit, suggestion))


Search = Callable[[str], Survey]


@pytest.fixture(scope="session")
def survey(home: Path) -> Search:
    @cache
    def survey_of(world: str) -> Survey:
        place = home / f"world-{[*WORLDS].index(world)}"
        place.mkdir(exist_ok=True)
        with exclusively(place):
            file = place / "survey"
            if not file.exists():
                file.write_bytes(pickle.dumps(_survey(world)))
            found: Survey = pickle.loads(file.read_bytes())  # noqa: S301 - a worker of this run wrote the file
        return found

    return survey_of


def _survey(world: str) -> Survey:
    findings = Survey()
    visits = explore(world, findings.watch)
    findings.stuck = next((str(visit.claim) for visit in _stuck(visits)), None)
    for visit in visits:
        if visit.claim:
            findings.suggest(visit, visit.claim)
    return findings


@pytest.mark.parametrize("law", [law.__name__ for law in LAWS] + WORDS)
@pytest.mark.parametrize("world", WORLDS)
def test_law_holds_everywhere(survey: Search, world: str, law: str) -> None:
    assert survey(world).broken.get(law) is None


@pytest.mark.parametrize("world", WORLDS)
def test_the_refusal_of_an_illegal_command_lists_the_legal_ones(survey: Search, world: str) -> None:
    findings = survey(world)
    assert findings.allowed
    for place, allowed in findings.allowed.items():
        legal = [name for name in NAMES if name in findings.legal[place]]
        assert allowed == {tuple(legal)}, place


@pytest.mark.parametrize("world", WORLDS)
def test_every_claim_can_be_brought_to_an_end(survey: Search, world: str) -> None:
    assert survey(world).stuck is None


@pytest.mark.parametrize("world", WORLDS)
def test_every_suggestion_is_accepted(survey: Search, world: str) -> None:
    assert survey(world).not_accepted is None


@pytest.mark.parametrize("world", WORLDS)
def test_every_claim_that_waits_for_the_seller_has_a_suggestion(survey: Search, world: str) -> None:
    assert survey(world).silent is None


def test_every_step_and_every_reason_is_suggested_somewhere(survey: Search) -> None:
    assert set().union(*(survey(world).steps for world in WORLDS)) == set(SuggestedStep) - {SuggestedStep.RECLASSIFY}
    assert set().union(*(survey(world).reasons for world in WORLDS)) == set(SuggestionReason) - NOT_IN_THE_WORLDS


def test_no_row_is_dead(survey: Search) -> None:
    """The search follows no offer of a rejected claim: test_refused_claims.py does."""
    used = set().union(*(survey(world).rows for world in WORLDS))
    dead = [row for place, row in enumerate(TABLE) if place not in used]
    assert not [row for row in dead if {state for _, state in row.where} != {State.REJECTED}]


def test_every_code_is_returned_somewhere(survey: Search) -> None:
    """The commands of the search name no earlier time and no end of an offer, and goods do not come after the last day
    of an expired claim: test_late_goods.py, test_claim_turns.py and the tests of the API do these."""
    silent = set(Code) - set().union(*(survey(world).codes for world in WORLDS))
    late_goods = {Code.HAPPENED_IN_FUTURE, Code.HAPPENED_TOO_EARLY, Code.COLLECTION_LAPSED}
    assert silent == {*late_goods, Code.OFFER_TOO_LONG}


def _stuck(visits: list[Visit]) -> list[Visit]:
    """The visits from which no final claim can be reached."""
    comes_from: dict[Visit, list[Visit]] = defaultdict(list)
    for visit in visits:
        for following in visit.leads_to:
            comes_from[following].append(visit)
    ends = [visit for visit in visits if visit.claim and visit.claim.is_final]
    free = set(ends)
    while ends:
        fresh = [source for source in comes_from[ends.pop()] if source not in free]
        free.update(fresh)
        ends += fresh
    return [visit for visit in visits if visit not in free]
