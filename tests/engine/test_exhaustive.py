"""Every state, every command, every small fact: a quarter of a million answers, each a decision or a refusal."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

import pytest

from app.engine import Decision, SuggestedStep, Suggestion, SuggestionReason, command_name, decide
from app.engine.model.parties import Party
from app.engine.model.refusals import Code, Param, Refusal
from app.engine.model.vocabulary import Kind, State
from app.engine.transitions.table import BY_ITSELF, TABLE
from app.engine.transitions.transition import Transition
from app.messages.sentences import sentence
from app.messages.translations import LANGUAGES
from tests.engine.laws import LAWS
from tests.engine.search import WORLDS, Answer, Visit, explore
from tests.engine.suggestions import suggested
from tests.engine.walks import row_of

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

Place = tuple[Kind, State] | None

NAMES = tuple(dict.fromkeys(command_name(row.command) for row in TABLE if row.command not in BY_ITSELF))
"""The commands of people, in the table's order."""


@dataclass(slots=True, kw_only=True)
class Survey:
    """The results of a search through one world: broken laws, used rows, returned codes, and the legal commands."""

    broken: dict[str, str] = field(default_factory=dict)
    rows: set[Transition] = field(default_factory=set)
    codes: set[Code] = field(default_factory=set)
    legal: dict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    allowed: dict[Place, set[Param]] = field(default_factory=lambda: defaultdict(set))
    stuck: list[Visit] = field(default_factory=list)
    suggested: list[tuple[Visit, Suggestion | None]] = field(default_factory=list)
    sentenced: dict[object, bool] = field(default_factory=dict)

    def watch(self, answer: Answer) -> None:
        claim, outcome = answer.visit.claim, answer.outcome
        place = (claim.kind, claim.state) if claim else None
        name = command_name(type(answer.command))
        if isinstance(outcome, Decision):
            self.legal[place].add(name)
            self.rows.add(row_of(answer.visit.claim, answer.command, answer.facts))
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


@cache
def survey(world: str) -> Survey:
    findings = Survey()
    visits = explore(world, findings.watch)
    findings.stuck = _stuck(visits)
    findings.suggested = [(visit, suggested(visit.claim, visit.facts)) for visit in visits if visit.claim]
    return findings


@pytest.mark.parametrize("law", [law.__name__ for law in LAWS] + WORDS)
@pytest.mark.parametrize("world", WORLDS)
def test_law_holds_everywhere(world: str, law: str) -> None:
    example = survey(world).broken.get(law)
    assert example is None


@pytest.mark.parametrize("world", WORLDS)
def test_the_refusal_of_an_illegal_command_lists_the_legal_ones(world: str) -> None:
    findings = survey(world)
    assert findings.allowed
    for place, allowed in findings.allowed.items():
        legal = [name for name in NAMES if name in findings.legal[place]]
        assert allowed == {tuple(legal)}, place


@pytest.mark.parametrize("world", WORLDS)
def test_every_claim_can_be_brought_to_an_end(world: str) -> None:
    stuck = survey(world).stuck
    assert [visit.claim for visit in stuck[:1]] == []


@pytest.mark.parametrize("world", WORLDS)
def test_every_suggestion_is_accepted(world: str) -> None:
    for visit, suggestion in survey(world).suggested:
        if suggestion and suggestion.command:
            assert isinstance(decide(visit.claim, suggestion.command, visit.facts), Decision), (visit, suggestion)


@pytest.mark.parametrize("world", WORLDS)
def test_every_claim_that_waits_for_the_seller_has_a_suggestion(world: str) -> None:
    silent = [visit.claim for visit, suggestion in survey(world).suggested if suggestion is None and visit.claim]
    assert [claim for claim in silent if claim.turn and claim.turn.party is Party.SELLER][:1] == []


def test_every_step_and_every_reason_is_suggested_somewhere() -> None:
    found = [each for world in WORLDS for _, each in survey(world).suggested if each]
    assert {each.step for each in found} == set(SuggestedStep) - {SuggestedStep.RECLASSIFY}
    assert {each.why for each in found} == set(SuggestionReason) - NOT_IN_THE_WORLDS


def test_no_row_is_dead() -> None:
    """The search follows no offer of a rejected claim: test_refused_claims.py does."""
    dead = set(TABLE) - set().union(*(survey(world).rows for world in WORLDS))
    assert not [row for row in dead if {state for _, state in row.where} != {State.REJECTED}]


def test_every_code_is_returned_somewhere() -> None:
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
