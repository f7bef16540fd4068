"""The exceptions of a policy in the words of its page: the goods of each, and its conditions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from app.engine.model.vocabulary import Declared, Fault, Ground, Kind, Nature, Record
from app.engine.policy.policy import Policy
from app.engine.policy.rules import ExceptionRule
from app.engine.policy.scopes import Scoped
from app.messages.policy_scopes import Answers, Words, about, not_shown, shown, where_they_differ

RETURNED = (Kind.RETURN, Kind.EXCHANGE)


def exceptions_of(policy: Policy, kinds: tuple[Kind, ...], words: Words) -> Answers:
    return [(text, rule.citation) for rule, text in _texts_of_exceptions(policy, kinds, words)]


def about_other_goods(policy: Policy, words: Words) -> frozenset[str]:
    """The exceptions of returns and exchanges that are about neither ordinary goods nor goods made to order."""
    exceptions = _texts_of_exceptions(policy, RETURNED, words)
    return frozenset(text for rule, text in exceptions if not is_about_usual_goods(rule))


def is_about_usual_goods(rule: Scoped) -> bool:
    return not rule.natures or not rule.natures.isdisjoint(_USUAL)


_USUAL = frozenset({Nature.STANDARD, Nature.CUSTOM_MADE})


def _texts_of_exceptions(
    policy: Policy, kinds: tuple[Kind, ...], words: Words
) -> Iterator[tuple[ExceptionRule, str]]:  # fmt: skip
    rules = [rule for rule in policy.exceptions if rule.kinds.intersection(kinds) and rule.ground in words["grounds"]]
    for rule in rules:
        yield rule, where_they_differ(rule, rules, kinds, words) + _exception(rule, words)


def _exception(rule: ExceptionRule, words: Words) -> str:
    """The text of an exception, without conditions that the name of its ground implies."""
    usual = _IN_THE_NAME[rule.ground]
    parts = [words["grounds"][rule.ground]]
    parts.append(about(rule.natures.difference(usual), words))
    declared = [words["conditions"][each] for each in sorted(rule.conditions) if each not in usual]
    if declared:
        parts.append(words["happened"].format(conditions=words["and"].join(declared)))
    elif not rule.conditions and not rule.needs_proof and any(isinstance(each, Declared) for each in usual):
        parts.append(words["whatever"])
    parts.append(shown(rule.records.difference(usual), words))
    parts.append(not_shown(rule, words))
    if rule.needs_proof:
        parts.append(words["proof"])
    if rule.indivisible:
        parts.append(words["indivisible"])
    if Fault.SELLER in rule.faults:
        parts.append(words["even_faulty"])
    return "".join(parts)


_IN_THE_NAME: Mapping[Ground, tuple[Nature | Declared | Record, ...]] = defaultdict(
    tuple,
    {
        Ground.CUSTOM_MADE: (Nature.CUSTOM_MADE,),
        Ground.DAMAGED_BY_BUYER: (Declared.DAMAGED,),
        Ground.USED_OR_CONSUMED: (Declared.USED,),
        Ground.VALUE_LOST_BY_TIME: (Nature.PERISHABLE,),
        Ground.SEAL_BROKEN: (Nature.SEALED_MEDIA, Declared.SEAL_BROKEN),
        Ground.HYGIENE_UNSEALED: (Nature.HYGIENE, Declared.SEAL_BROKEN),
        Ground.DIGITAL_BEGUN: (Nature.DIGITAL, Declared.BEGUN),
        Ground.SERVICE_BEGUN: (Nature.SERVICE, Declared.BEGUN),
        Ground.NO_RETURNS_AGREED: (Record.NO_RETURNS_IN_AD, Record.NO_RETURNS_ON_FINAL_SCREEN),
    },
)
