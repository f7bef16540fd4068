"""Every template in every situation of the corpus: what a text must have, and what it must not say."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from app.messages.built_in import built_in, has_built_in
from app.messages.carriers import carriers
from app.messages.message_rules import MESSAGE_RULES, Audience
from app.messages.money import money
from app.messages.render import render
from app.messages.translations import LANGUAGES, MESSAGE_LANGUAGES, word
from tests.messages.corpus import FREE_TEXTS, Case, cases

Text = tuple[Case, Audience, dict[str, Any], str]


@cache
def texts(language: str) -> tuple[Text, ...]:
    """Each message with its case, its reader and its variables. The subject is the first line."""
    return tuple(_texts(language))


def _texts(language: str) -> Iterator[Text]:
    for case in cases():
        variables = case.scene.variables(language)
        for audience in MESSAGE_RULES[case.event].to:
            if has_built_in(case.event, audience, language):
                message = render(built_in(case.event, audience, language), case.event, language, variables)
                yield case, audience, variables, f"{message.subject}\n{message.text}"


def found(language: str, fault: Callable[[Text], object]) -> list[str]:
    """The first texts that have the fault."""
    faults = [(text, what) for text in texts(language) if (what := fault(text))]
    return [
        f"{case.event} to the {reader} ({case.name}): {what}\n{whole}" for (case, reader, _, whole), what in faults
    ][:3]


def test_the_corpus_has_every_event_and_hundreds_of_situations() -> None:
    """Messages about withdrawals have no claim and no order: see `tests/api/test_withdrawals.py`."""
    assert {case.event for case in cases()} == {event for event in MESSAGE_RULES if not event.startswith("withdrawal.")}
    assert len(cases()) >= 300


# Days

DAY = {
    "ko": re.compile(r"(?P<month>\d+)월 (?P<day>\d+)일\([월화수목금토일]\)까지"),
    "ja": re.compile(r"(?P<month>\d+)月(?P<day>\d+)日（[月火水木金土日]）まで"),
    "en": re.compile(r"(?:by|until) \w+day (?P<day>\d+) (?P<month>\w+) 2026"),
    "de": re.compile(r"(?:spätestens am|bis) \w+, (?P<day>\d+)\. (?P<month>\w+) 2026"),
    "fr": re.compile(r"(?:au plus tard le|jusqu’au) \w+ (?P<day>\d+)(?:er)? (?P<month>\w+) 2026"),
}
MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
}
NAMES_PAST_DAY = {
    *("refund.overdue", "refund.failed", "refund.reminded", "refund.unknown"),
    *("claim.response_overdue", "claim.offer_lapsed", "claim.expired", "order.ship_date_passed"),
}
"""The events that say that a day has passed."""


@pytest.mark.parametrize("language", MESSAGE_LANGUAGES)
def test_no_text_promises_a_day_that_has_passed(language: str) -> None:
    def promised(text: Text) -> object:
        case, _, _, whole = text
        if case.event in NAMES_PAST_DAY:
            return None
        passed = {case.scene.today - timedelta(days=back) for back in range(1, 60)}
        return [day for day in days_of(whole, language) if (day.month, day.day) in {(p.month, p.day) for p in passed}]

    assert any(DAY[language].search(whole) for _, _, _, whole in texts(language))
    assert not found(language, promised)


def days_of(whole: str, language: str) -> Iterator[date]:
    for match in DAY[language].finditer(whole):
        month = match["month"]
        number = MONTHS[language].index(month) + 1 if language in MONTHS else int(month)
        yield date(2026, number, int(match["day"]))


# Sentences that contradict each other

PAIRS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "ko": (
        ("상품을 보내 주세요", "돌려보내실 상품은 없습니다"),
        ("고객님 부담", "배송비는 저희가 부담"),
        ("취소가 완료되었습니다", "답변드리겠습니다"),
        ("취소가 완료되었습니다", "철회하실 수 있습니다"),
        ("추가로 결제하실 금액", "교환 상품을 준비하여 발송하는 대로"),
        ("진행이 어렵", "승인되었습니다"),
        ("추가로 결제하실 금액", "까지 환불해 드리겠습니다"),
        ("추가로 결제하실 금액", "확인 후 바로 환불해"),
    ),
    "ja": (
        ("商品をお送りください", "お送りいただく商品はございません"),
        ("お客様のご負担", "当店が負担いたします"),
        ("キャンセルが完了", "ご回答いたします"),
        ("お支払いいただく金額", "交換品をご用意し、発送の際に"),
        ("お支払いいただく金額", "までに返金いたします"),
        ("お支払いいただく金額", "確認のうえ、速やかに返金"),
    ),
    "en": (
        ("Please send the goods back", "You do not have to send anything back"),
        ("yours to pay", "We pay for the way back"),
        ("order is cancelled", "We will answer as soon as we can"),
        ("Still to pay", "We are getting the new goods ready"),
        ("Still to pay", "We will refund you by"),
        ("Still to pay", "pay you at once"),
    ),
    "de": (
        ("an uns ab", "Sie müssen nichts zurücksenden"),
        ("tragen Sie", "tragen wir"),
        ("Noch von Ihnen zu zahlen", "Wir zahlen Ihnen das Geld spätestens am"),
        ("Noch von Ihnen zu zahlen", "Wir bereiten die neue Ware vor"),
    ),
    "fr": (
        ("Merci de renvoyer les articles", "Vous n’avez rien à renvoyer"),
        ("à votre charge", "à notre charge"),
        ("Reste à payer par vous", "Nous vous remboursons au plus tard le"),
        ("Reste à payer par vous", "Nous préparons les nouveaux articles"),
    ),
}
YOURS = {
    "ko": "고객님 부담",
    "ja": "お客様のご負担",
    "en": "yours to pay",
    "de": "tragen Sie",
    "fr": "à votre charge",
}


@pytest.mark.parametrize("language", MESSAGE_LANGUAGES)
def test_the_sentences_of_the_pairs_are_sentences_of_the_templates(language: str) -> None:
    folder = files("app.messages") / "templates" / language
    every = "\n".join(template.read_text("utf-8") for template in folder.iterdir())
    phrases = {YOURS[language], *(phrase for pair in PAIRS[language] for phrase in pair)}
    assert not [phrase for phrase in phrases if phrase not in every]


@pytest.mark.parametrize("language", MESSAGE_LANGUAGES)
def test_no_text_says_two_things_that_contradict_each_other(language: str) -> None:
    assert not found(language, lambda text: [pair for pair in PAIRS[language] if all(each in text[3] for each in pair)])


@pytest.mark.parametrize("language", MESSAGE_LANGUAGES)
def test_a_buyer_does_not_pay_the_shipping_for_the_sellers_fault(language: str) -> None:
    def charged(text: Text) -> object:
        _, _, variables, whole = text
        return variables.get("fault") == "seller" and YOURS[language] in whole

    assert not found(language, charged)


GOES_ON = {"ko": "처음 요청하신", "ja": "もとの", "en": "your request then goes on"}
"""What only a reader of an open request may be told."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rejected_request_does_not_go_on(language: str) -> None:
    def goes_on(text: Text) -> object:
        _, reader, variables, whole = text
        return variables.get("already_rejected") and reader is Audience.BUYER and GOES_ON[language] in whole

    assert any(GOES_ON[language] in whole for _, _, _, whole in texts(language))
    assert not found(language, goes_on)


NO_UNITS = re.compile(r"(?<![\d,])(?:-\d+|0)(?:개|点| accepted| will be sent)|× 0\b")


@pytest.mark.parametrize("language", MESSAGE_LANGUAGES)
def test_no_text_counts_fewer_than_one_unit(language: str) -> None:
    assert not found(language, lambda text: NO_UNITS.findall(text[3]))


# Amounts

IN_FRONT = re.compile(r"-?₩\d+(?:,\d{3})*")
AMOUNT = {"ko": re.compile(r"-?[\d,]+원"), "ja": IN_FRONT, "en": IN_FRONT}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_amount_is_the_engines(language: str) -> None:
    def invented(text: Text) -> object:
        case, _, _, whole = text
        known = {money(amount, "KRW", language) for amount in amounts_of(case)}
        return [each for each in AMOUNT[language].findall(whole) if each not in known]

    assert any(AMOUNT[language].search(whole) for _, _, _, whole in texts(language))
    assert not found(language, invented)


def amounts_of(case: Case) -> set[int]:
    """The amounts that the engine has fixed or projected, the sums of its steps by code, the fees of the policy, and
    what people asked for, offered or paid."""
    claim, fees = case.claim, case.facts.policy.fees
    known = {fees.return_shipping, fees.exchange_round_trip, case.data.get("difference") or 0}
    if claim is None:
        return known | {case.data.get("difference") or 0}
    known |= {claim.still_owed, claim.submission.amount or 0, *(offer.amount or 0 for offer in claim.offers)}
    known |= {line.deducted for line in claim.lines} | {claim.buyer_payment.amount if claim.buyer_payment else 0}
    for breakdown in (case.data["claim"].get("amounts"), case.data.get("amounts")):
        known |= _of_breakdown(breakdown) if breakdown else set()
    refund = case.data.get("refund") or {}
    return known | {refund.get("amount", 0), refund.get("late_interest", 0), case.data.get("amount") or 0}


def _of_breakdown(breakdown: Mapping[str, Any]) -> set[int]:
    sums: dict[str, int] = {}
    for step in breakdown["steps"]:
        sums[step["code"]] = sums.get(step["code"], 0) + step["amount"]
    shares = {share["amount"] for share in breakdown["shares"]}
    return {breakdown["total"], breakdown["buyer_owes"], *sums.values(), *shares}


# Reasons

REASONS = {
    "claim.requested": ("reason", "reason"),
    "claim.reclassified": ("reason", "reason"),
    "claim.rejected": ("ground", "ground"),
    "claim.partly_rejected": ("ground", "ground"),
    "claim.held": ("hold_reason", "hold_reason"),
    "order.delayed": ("delay_reason", "delay_reason"),
}
"""The variable that says why, and the table of its words."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_decides_something_says_why(language: str) -> None:
    def silent(text: Text) -> object:
        case, _, variables, whole = text
        name, table = REASONS.get(case.event, ("", ""))
        code = variables.get(name)
        return code and word(table, code, language) not in whole and code

    assert not found(language, silent)


# Words

KNOWN = "KRW|CJ|EMS|" + "|".join(sorted({row[name] for row in carriers().values() for name in LANGUAGES}, key=len))
RAW = re.compile(r"\b[a-z]+_[a-z_]+\b|\{\{|\}\}|\bNone\b|\bTrue\b|\bFalse\b")
LATIN, KANA, HANGUL = re.compile("[A-Za-z]{3,}"), re.compile("[ぁ-んァ-ヶ]"), re.compile("[가-힣]")
FOREIGN = {
    "ko": (LATIN, KANA),
    "ja": (LATIN, HANGUL),
    **dict.fromkeys(("en", "de", "fr"), (KANA, HANGUL)),
}


@pytest.mark.parametrize("language", MESSAGE_LANGUAGES)
def test_no_text_has_a_code_or_a_word_of_another_language(language: str) -> None:
    def foreign(text: Text) -> object:
        case, _, variables, whole = text
        plain = without_names(whole, case, variables)
        return [match.group() for form in (RAW, *FOREIGN[language]) if (match := form.search(plain))]

    assert not found(language, foreign)


def without_names(whole: str, case: Case, variables: Mapping[str, Any]) -> str:
    """The text without addresses, names of carriers and goods, ids, and what people wrote."""
    names = {str(variables.get(name)) for name in ("claim_id", "order_id", "tracking_number", "message", "link")}
    names |= set(_written(case.data)) | {line.title or line.sku or "" for line in case.facts.order.lines}
    for each in sorted(filter(None, names), key=len, reverse=True):
        whole = whole.replace(each, "")
    return re.sub(rf"https?://\S+|\S+@\S+|{KNOWN}", "", whole)


def _written(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for each in data:
            yield from _written(each)
    elif isinstance(data, dict):
        for name, value in data.items():
            if name in FREE_TEXTS and isinstance(value, str):
                yield value
            else:
                yield from _written(value)
