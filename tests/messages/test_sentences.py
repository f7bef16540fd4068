"""Every code has a sentence in every language, made of the parameters that the engine gives."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from app.engine.decide import _COMMAND_NAMES
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import (
    Alternative,
    Deduction,
    Fault,
    Ground,
    HoldReason,
    Kind,
    OfferStatus,
    Record,
    State,
)
from app.messages.sentences import Sentence, names, sentence, sentences, ways
from app.messages.translations import LANGUAGES

ENGINE = Path(__file__).parents[2] / "app" / "engine"
NAMED: dict[str, Any] = {
    "command": _COMMAND_NAMES.values(),
    "kind": Kind,
    "state": State,
    "fault": Fault,
    "ground": Ground,
    "alternative": Alternative,
    "hold_reason": HoldReason,
    "offer_status": OfferStatus,
    "deduction": Deduction,
    "record": Record,
}
NOT_WRITTEN = {"currency", "why"}
"""`currency` is written with the amounts, `why` chooses the sentence."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_sentence_in_the_order_of_the_codes(language: str) -> None:
    assert list(sentences("refusals", language)) == [code.value for code in Code]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", NAMED)
def test_every_code_that_a_sentence_names_has_a_name(table: str, language: str) -> None:
    assert set(names(language)[table]) == {str(code) for code in NAMED[table]}


@pytest.mark.parametrize("code", Code)
def test_the_languages_tell_the_same_cases_apart_and_write_the_same_parameters(code: Code) -> None:
    ko, ja, en = (_variants(sentences("refusals", language)[code]) for language in LANGUAGES)
    assert ko.keys() == ja.keys() == en.keys()
    for name in en:
        assert _placeholders(ko[name]) == _placeholders(ja[name]) == _placeholders(en[name])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", Code)
def test_a_sentence_is_made_of_the_parameters_that_its_refusals_have(code: Code, language: str) -> None:
    variants = _variants(sentences("refusals", language)[code])
    calls = _calls()[code]
    assert calls, "no rule gives this code"
    for params in calls:
        assert all(_placeholders(text) <= params for name, text in variants.items() if _may_be(name, variants, params))
    written = set().union(*map(_placeholders, variants.values()))
    assert written == set().union(*calls) - NOT_WRITTEN


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", Code)
def test_a_sentence_ends_and_writes_each_parameter_in_a_way_that_is_known(code: Code, language: str) -> None:
    for text in _variants(sentences("refusals", language)[code]).values():
        assert text.endswith("。" if language == "ja" else ".")
        assert {way or "" for _, name, way, _ in Formatter().parse(text) if name} <= ways(language)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("ko", "요청 금액(9,000원)이 클레임 대상 상품 금액(50원)보다 큽니다."),
        ("ja", "申請金額（₩9,000）が対象商品の金額（₩50）を超えています。"),
        ("en", "The amount requested (₩9,000) is above the value of the claimed units (₩50)."),
    ],
)
def test_amounts_are_written_in_their_currency(language: str, written: str) -> None:
    params = {"requested": 9000, "value": 50, "currency": "KRW"}
    assert sentence("refusals", Code.AMOUNT_ABOVE_VALUE, params, language) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("ko", "6월 11일(목) 00:00"),
        ("ja", "6月11日（木）00:00"),
        ("en", "Thursday 11 June 00:00 UTC+09:00"),
    ],
)
def test_an_instant_is_written_in_its_own_time_zone(language: str, written: str) -> None:
    params = {"collect_by": "2026-06-11T00:00:00+09:00"}
    assert written in sentence("refusals", Code.COLLECTION_STILL_OPEN, params, language)


def test_the_offset_is_written_where_it_is_not_the_countrys_own() -> None:
    params = {"collect_by": "2026-06-11T00:00:00+02:00"}
    assert "6월 11일(목) 00:00 UTC+02:00" in sentence("refusals", Code.COLLECTION_STILL_OPEN, params, "ko")


def test_a_list_is_written_by_names() -> None:
    params = {"kind": Kind.RETURN, "state": State.RECEIVED, "command": "retract", "allowed": ("inspect", "hold")}
    written = [sentence("refusals", Code.ILLEGAL_TRANSITION, params, language) for language in LANGUAGES]
    assert written == [
        "반품 클레임이 '수거 완료' 상태일 때는 '철회' 처리를 할 수 없습니다. 지금 가능한 처리: 검수, 보류.",
        "返品の申請が「回収完了」の状態では、「取下げ」は行えません。現在行える操作：検品、保留。",
        "Claims of kind return in state received do not take this command: retract. They take: inspect, hold.",
    ]


def _variants(sentence: Sentence) -> dict[str, str]:
    return {"default": sentence} if isinstance(sentence, str) else dict(sentence)


def _may_be(variant: str, variants: Iterable[str], params: set[str]) -> bool:
    """May a refusal with these parameters have this sentence? `without_x` is for an empty x as well."""
    lacking = [each for each in variants if each.startswith("without_") and each[8:] not in params]
    return variant == lacking[0] if lacking else True


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@cache
def _calls() -> Mapping[str, list[set[str]]]:
    """The names of the parameters of each `refuse(Code.X, ...)` in the engine, by code."""
    found: dict[str, list[set[str]]] = defaultdict(list)
    for path in ENGINE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "refuse":
                code = Code[ast.unparse(node.args[0]).removeprefix("Code.")]
                found[code].append({str(word.arg) for word in node.keywords} - {"citation", "field"})
    return found
