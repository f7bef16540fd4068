"""Every code has a sentence in every language, made of the parameters that come with the code."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from app.api import problems
from app.engine import SuggestionReason
from app.engine.decide import _COMMAND_NAMES
from app.engine.model.refund import ReportCode
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
from app.messages.message_rules import Audience
from app.messages.sentences import Sentence, names, sentence, sentences, ways
from app.messages.translations import LANGUAGES
from app.records.address_change import ChangeStatus
from app.records.option_change import OptionChangeStatus
from app.records.return_parcel import ParcelState

APP = Path(__file__).parents[2] / "app"
TEMPLATE_CODES = {
    *("template_syntax", "template_too_long", "template_too_deep", "not_in_templates", "undefined_variable"),
    *("wrong_use", "not_a_list", "nothing_to_tell", "message_is_empty", "message_too_long"),
}
"""Codes that app/messages raises with a complaint and a line."""
CODES: dict[str, list[str]] = {"refusals": [*Code], "reports": [*ReportCode], "suggestions": [*SuggestionReason]}
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
    "audience": Audience,
    "change_status": ChangeStatus,
    "option_change_status": OptionChangeStatus,
    "parcel_state": ParcelState,
}
NOT_WRITTEN = {"currency", "why"}
"""`currency` is written with the amounts, `why` chooses the sentence."""


@dataclass(frozen=True)
class Call:
    """One place that returns a code: the names of its parameters, and its `why` where the place writes it."""

    params: frozenset[str]
    why: str | None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", CODES)
def test_every_code_has_its_sentence_in_the_order_of_the_codes(table: str, language: str) -> None:
    assert list(sentences(table, language)) == CODES[table]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_its_sentence(language: str) -> None:
    assert set(sentences("errors", language)) == {*_calls()["errors"], *TEMPLATE_CODES}


@pytest.mark.parametrize("table", ["refusals", "reports", "errors", "problems", "titles", "suggestions", "imports"])
def test_the_languages_have_the_same_codes_and_cases_with_the_same_parameters(table: str) -> None:
    ko, ja, en = (sentences(table, language) for language in LANGUAGES)
    assert list(ko) == list(ja) == list(en)
    for code in en:
        written = [_placeholders_by_case(each[code]) for each in (ko, ja, en)]
        assert written[0] == written[1] == written[2], code


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", NAMED)
def test_every_code_that_a_sentence_names_has_a_name(table: str, language: str) -> None:
    assert set(names(language)[table]) == {str(code) for code in NAMED[table]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_resource_has_a_name(language: str) -> None:
    assert names(language)["resource"].keys() == names("en")["resource"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", ["refusals", "reports", "errors"])
def test_a_sentence_is_made_of_the_parameters_that_come_with_its_code(table: str, language: str) -> None:
    for code, calls in _calls()[table].items():
        cases = _placeholders_by_case(sentences(table, language)[code])
        for call in calls:
            possible = [placeholders for case, placeholders in cases.items() if _may_be(case, cases, call)]
            assert possible, (code, call)
            assert all(placeholders <= call.params for placeholders in possible), (code, call)
        written, given = set().union(*cases.values()), set().union(*(call.params for call in calls))
        assert written | NOT_WRITTEN == given | NOT_WRITTEN, code


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_problem_of_http_has_its_parameters(language: str) -> None:
    calls = _calls()["problems"]
    of_http = {*problems._HTTP_CODES.values(), "http_error"}
    assert {*calls, *of_http} == set(sentences("problems", language))
    for code, places in calls.items():
        cases = _placeholders_by_case(sentences("problems", language)[code])
        written = set().union(*cases.values())
        chosen_by = {case.removeprefix("without_") for case in cases if case.startswith("without_")}
        assert all(written | chosen_by == call.params | chosen_by for call in places), code


def test_every_code_of_the_engine_is_returned_somewhere() -> None:
    for table in ("refusals", "reports"):
        assert _calls()[table].keys() == set(CODES[table])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", ["refusals", "reports", "errors", "problems", "imports"])
def test_a_sentence_ends_and_writes_each_parameter_in_a_defined_format(table: str, language: str) -> None:
    for code, each in sentences(table, language).items():
        for text in _cases(each).values():
            assert text.endswith(("。" if language == "ja" else ".", "{complaint}", "{reason}", "rk_...")), code
            assert {way or "" for _, name, way, _ in Formatter().parse(text) if name} <= ways(language), code


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
        ("en", "Thursday 11 June 2026 00:00 UTC+09:00"),
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
        "'수거 완료' 상태인 반품 클레임은 '철회' 처리를 할 수 없습니다. 지금 할 수 있는 처리: 검수, 보류.",
        "返品申請は現在「回収完了」のため、「取下げ」は行えません。現在行える操作：検品、保留。",
        "Claims of kind return in state received do not take this command: retract. They take: inspect, hold.",
    ]


def test_the_case_is_chosen_by_why_or_by_what_is_missing() -> None:
    shared = sentence("errors", "order_has_claims", {"why": "discount_shared"}, "en")
    assert shared == "The order has claims. Its discount can no longer be shared by other lines."
    assert sentence("errors", "units_taken", {"line_id": "1"}, "en").endswith("The line cannot be removed.")


def _cases(sentence: Sentence) -> Mapping[str, str]:
    return {"default": sentence} if isinstance(sentence, str) else sentence


def _placeholders_by_case(sentence: Sentence) -> dict[str, set[str]]:
    return {
        case: {name for _, name, _, _ in Formatter().parse(text) if name} for case, text in _cases(sentence).items()
    }


def _may_be(case: str, cases: Iterable[str], call: Call) -> bool:
    """Whether this place can return the case. `without_x` is for an empty x too."""
    if call.why is not None:
        return case == call.why
    lacking = [each for each in cases if each.startswith("without_") and each[8:] not in call.params]
    return case == lacking[0] if lacking else True


@cache
def _calls() -> Mapping[str, Mapping[str, list[Call]]]:
    """Each place that returns a code, by table and code."""
    calls: Mapping[str, dict[str, list[Call]]] = {
        name: defaultdict(list) for name in ("refusals", "reports", "errors", "problems")
    }
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for table, code in _code_of(node, node.func.id):
                    calls[table][code].append(_call(node))
    return calls


def _code_of(node: ast.Call, function: str) -> Iterable[tuple[str, str]]:
    """The table and the code that a call names."""
    first = ast.unparse(node.args[0]) if node.args else ""
    if function == "refuse" and first.startswith("Code."):
        yield "refusals", Code[first.removeprefix("Code.")]
    if function == "refuse_report" and first.startswith("ReportCode."):
        yield "reports", ReportCode[first.removeprefix("ReportCode.")]
    if function in ("ProblemError", "problem") and isinstance(node.args[1], ast.Constant):
        yield "problems", str(node.args[1].value)
    if function == "NotFoundError":
        yield "errors", "not_found"
    if function == "StaleVersionError":
        yield "errors", "stale_version"
    if function in _ERRORS and isinstance(node.args[0], ast.Constant):
        yield "errors", str(node.args[0].value)


_ERRORS = ("ConflictError", "ForbiddenError", "InvalidError", "SignInError", "TooManyError")
_NOT_PARAMS = ("citation", "field", "headers", "errors", "retry_after")


def _call(node: ast.Call) -> Call:
    words = {str(word.arg): word.value for word in node.keywords if word.arg not in _NOT_PARAMS}
    why = words.get("why")
    params = ("resource", "id") if ast.unparse(node.func) == "NotFoundError" else words
    return Call(frozenset(params), str(why.value) if isinstance(why, ast.Constant) else None)
