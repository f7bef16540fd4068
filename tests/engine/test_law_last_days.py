"""The last day of each right in Taiwan, China, Brazil and Australia, on a working day and on a day of rest.

An order of Monday 1 June 2026, sent on the 3rd, delivered on Friday the 5th unless a case says otherwise.
"""

from typing import Any

import pytest

from app.engine.model.vocabulary import Kind, Nature, Reason, Record
from tests.engine.under_law import at, bought, judged

CANCEL, RETURN, EXCHANGE, REFUND, REPAIR = Kind
MIND, BROKEN, UNLIKE = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE, Reason.NOT_AS_DESCRIBED
MISSING, LOST = Reason.MISSING_ITEM, Reason.LOST_IN_DELIVERY
FRESH, SERVICE, DATED, DIGITAL = Nature.PERISHABLE, Nature.SERVICE, Nature.DATED_SERVICE, Nature.DIGITAL
UNINFORMED, KNEW, REFUSED = Record.INFORMATION_MISSING, Record.SELLER_KNEW, Record.CURE_REFUSED

CASES: dict[str, dict[str, tuple[Kind, Reason, dict[str, Any], str]]] = {
    "tw": {
        "tw_rescission_without_reason, 19(1)": (RETURN, MIND, {}, "2026-06-12"),
        "tw_rescission_without_reason, 122": (RETURN, MIND, {"arrived": "2026-06-06"}, "2026-06-15"),
        "tw_rescission_without_information, 19(3) four months": (RETURN, MIND, {"records": [UNINFORMED]}, "2026-10-05"),
        "tw_rescission_without_information, 122 National Day": (
            RETURN,
            MIND,
            {"records": [UNINFORMED], "arrived": "2026-06-10"},
            "2026-10-12",
        ),
        "tw_rescission_without_information, 19(3) informed": (
            RETURN,
            MIND,
            {"records": [UNINFORMED], "informed": "2026-07-01"},
            "2026-07-08",
        ),
        "tw_rescission_without_information, 122 informed": (
            RETURN,
            MIND,
            {"records": [UNINFORMED], "informed": "2026-07-04"},
            "2026-07-13",
        ),
        "tw_rescission_without_information, 19(3) informed too late": (
            RETURN,
            MIND,
            {"records": [UNINFORMED], "informed": "2026-10-02"},
            "2026-10-05",
        ),
        "tw_defective_goods, 365(1) six months": (RETURN, BROKEN, {"discovered": "2026-07-06"}, "2027-01-06"),
        "tw_defective_goods, 122 six months": (RETURN, BROKEN, {"discovered": "2026-07-09"}, "2027-01-11"),
        "tw_defective_goods, 365(1) five years": (RETURN, BROKEN, {"discovered": "2031-05-01"}, "2031-06-05"),
        "tw_defective_goods, 122 five years": (
            EXCHANGE,
            BROKEN,
            {"discovered": "2031-05-01", "arrived": "2026-06-07"},
            "2031-06-09",
        ),
        "tw_concealed_defect, 365(2)": (
            RETURN,
            BROKEN,
            {"discovered": "2026-07-06", "records": [KNEW]},
            "2031-06-05",
        ),
        "tw_concealed_defect, 122": (
            EXCHANGE,
            BROKEN,
            {"discovered": "2026-07-06", "records": [KNEW], "arrived": "2026-06-07"},
            "2031-06-09",
        ),
        "tw_missing_or_lost_goods, 125": (REFUND, MISSING, {"sent": "2026-06-05"}, "2041-06-05"),
        "tw_missing_or_lost_goods, 122": (
            REFUND,
            MISSING,
            {"sent": "2026-06-08", "arrived": "2026-06-09"},
            "2041-06-10",
        ),
    },
    "cn": {
        "cn_return_without_reason, 25(1)": (RETURN, MIND, {}, "2026-06-12"),
        "cn_return_without_reason, 203": (RETURN, MIND, {"arrived": "2026-06-06"}, "2026-06-15"),
        "cn_return_for_quality, 24(1)": (RETURN, BROKEN, {}, "2026-06-12"),
        "cn_return_for_quality, 203": (RETURN, BROKEN, {"arrived": "2026-06-06"}, "2026-06-15"),
        "cn_return_after_seven_days, 621(2)": (RETURN, BROKEN, {"records": [REFUSED]}, "2028-06-05"),
        "cn_return_after_seven_days, 203": (
            RETURN,
            BROKEN,
            {"records": [REFUSED], "arrived": "2026-06-10"},
            "2028-06-12",
        ),
        "cn_repair_or_replacement, 621(2)": (REPAIR, BROKEN, {}, "2028-06-05"),
        "cn_repair_or_replacement, 203": (EXCHANGE, BROKEN, {"arrived": "2026-06-10"}, "2028-06-12"),
        "cn_missing_goods, 621(2)": (REFUND, MISSING, {}, "2028-06-05"),
        "cn_missing_goods, 203": (REFUND, MISSING, {"arrived": "2026-06-10"}, "2028-06-12"),
        "cn_lost_goods, 188 three years": (REFUND, LOST, {"discovered": "2026-07-06"}, "2029-07-06"),
        "cn_lost_goods, 203 three years": (REFUND, LOST, {"discovered": "2026-07-07"}, "2029-07-09"),
        "cn_lost_goods, 188 twenty years": (
            REFUND,
            LOST,
            {"discovered": "2045-01-02", "sent": "2026-06-05"},
            "2046-06-05",
        ),
        "cn_lost_goods, 203 twenty years": (REFUND, LOST, {"discovered": "2045-01-02"}, "2046-06-04"),
        "cn_remedies_if_the_seller_knew, 188 three years": (
            EXCHANGE,
            BROKEN,
            {"records": [KNEW], "discovered": "2027-01-04"},
            "2030-01-04",
        ),
        "cn_remedies_if_the_seller_knew, 203 three years": (
            EXCHANGE,
            BROKEN,
            {"records": [KNEW], "discovered": "2027-01-05"},
            "2030-01-07",
        ),
        "cn_remedies_if_the_seller_knew, 188 twenty years": (
            REPAIR,
            BROKEN,
            {"records": [KNEW], "discovered": "2045-01-02"},
            "2046-06-05",
        ),
        "cn_remedies_if_the_seller_knew, 203 twenty years": (
            REPAIR,
            BROKEN,
            {"records": [KNEW], "discovered": "2045-01-02", "arrived": "2026-06-09"},
            "2046-06-11",
        ),
        "cn_return_if_the_seller_knew, 188 three years": (
            RETURN,
            BROKEN,
            {"records": [KNEW, REFUSED], "discovered": "2027-01-04"},
            "2030-01-04",
        ),
        "cn_return_if_the_seller_knew, 203 three years": (
            RETURN,
            BROKEN,
            {"records": [KNEW, REFUSED], "discovered": "2027-01-05"},
            "2030-01-07",
        ),
        "cn_return_if_the_seller_knew, 188 twenty years": (
            RETURN,
            BROKEN,
            {"records": [KNEW, REFUSED], "discovered": "2045-01-02"},
            "2046-06-05",
        ),
        "cn_return_if_the_seller_knew, 203 twenty years": (
            RETURN,
            BROKEN,
            {"records": [KNEW, REFUSED], "discovered": "2045-01-02", "arrived": "2026-06-09"},
            "2046-06-11",
        ),
    },
    "br": {
        "br_withdrawal, 49": (RETURN, MIND, {}, "2026-06-12"),
        "br_withdrawal, 132 § 1": (RETURN, MIND, {"arrived": "2026-06-06"}, "2026-06-15"),
        "br_withdrawal_from_services, 49 received": (RETURN, MIND, {"nature": SERVICE}, "2026-06-12"),
        "br_withdrawal_from_services, 132 § 1 received": (
            RETURN,
            MIND,
            {"nature": SERVICE, "arrived": "2026-06-06"},
            "2026-06-15",
        ),
        "br_withdrawal_from_services, 49 signed": (
            RETURN,
            MIND,
            {"nature": DIGITAL, "signed": "2026-06-09"},
            "2026-06-16",
        ),
        "br_withdrawal_from_services, 132 § 1 signed": (
            RETURN,
            MIND,
            {"nature": DIGITAL, "signed": "2026-06-13"},
            "2026-06-22",
        ),
    },
}
BRAZIL_FROM_DELIVERY: dict[str, tuple[Kind, Reason, dict[str, Any], int]] = {
    "br_cure": (REPAIR, UNLIKE, {}, 90),
    "br_choice_after_cure": (RETURN, UNLIKE, {"records": [REFUSED]}, 90),
    "br_missing_quantity": (RETURN, MISSING, {}, 90),
    "br_services": (RETURN, UNLIKE, {"nature": SERVICE}, 90),
    "br_cure_of_perishables": (REPAIR, UNLIKE, {"nature": FRESH}, 30),
    "br_choice_for_perishables": (RETURN, UNLIKE, {"nature": FRESH, "records": [REFUSED]}, 30),
    "br_missing_quantity_of_perishables": (RETURN, MISSING, {"nature": FRESH}, 30),
    "br_dated_services": (RETURN, UNLIKE, {"nature": DATED}, 30),
}
BRAZIL_FROM_DISCOVERY: dict[str, tuple[Kind, dict[str, Any], int]] = {
    "br_cure_of_hidden_defects": (REPAIR, {}, 90),
    "br_choice_for_hidden_defects": (RETURN, {"records": [REFUSED]}, 90),
    "br_cure_of_hidden_defects_of_perishables": (REPAIR, {"nature": FRESH}, 30),
    "br_hidden_defects_of_services": (RETURN, {"nature": SERVICE}, 90),
    "br_choice_for_hidden_defects_of_perishables": (RETURN, {"nature": FRESH, "records": [REFUSED]}, 30),
    "br_hidden_defects_of_dated_services": (RETURN, {"nature": DATED}, 30),
}


def answer(law: str, kind: Kind, reason: Reason, case: dict[str, Any]) -> tuple[str, str]:
    """The rule that answers, and its last day."""
    more = dict(case)
    discovered, line = more.pop("discovered", None), more.pop("of_line", {})
    for name, event in (("informed", "informed_at"), ("signed", "contracted_at")):
        if name in more:
            more[event] = at(law, more.pop(name))
    if "sent" in more:
        line = {**line, "shipped_at": at(law, more.pop("sent"))}
    order = bought(law, of_line=line, **more)
    window = judged(law, kind, reason, discovered or more.get("arrived", "2026-06-05"), order, (), discovered).window
    assert window is not None
    return window.rule, str(window.ends_on)


@pytest.mark.parametrize(("law", "case"), [(law, case) for law, cases in CASES.items() for case in cases])
def test_a_right_ends_on_the_last_day_of_its_article(law: str, case: str) -> None:
    kind, reason, more, last_day = CASES[law][case]
    assert answer(law, kind, reason, more) == (case.partition(",")[0], last_day)


@pytest.mark.parametrize("rule", BRAZIL_FROM_DELIVERY)
def test_brazilian_days_count_from_the_delivery_and_stop_for_a_complaint(rule: str) -> None:
    """CDC 26 I, II, § 1 and § 2 I; Código Civil 132. 7 September is a holiday."""
    kind, reason, more, days = BRAZIL_FROM_DELIVERY[rule]
    working, rest, after = {
        90: ("2026-09-03", ("2026-06-07", "2026-09-08"), "2026-09-14"),
        30: ("2026-07-08", ("2026-06-05", "2026-07-06"), "2026-07-20"),
    }[days]
    arrived = "2026-06-05" if days == 90 else "2026-06-08"
    assert answer("br", kind, reason, {**more, "arrived": arrived}) == (rule, working)
    assert answer("br", kind, reason, {**more, "arrived": rest[0]}) == (rule, rest[1])
    stopped = {**more, "arrived": arrived, "of_line": {"cure_days": 11 if days == 90 else 12}}
    assert answer("br", kind, reason, stopped) == (rule, after)


@pytest.mark.parametrize("rule", BRAZIL_FROM_DISCOVERY)
def test_brazilian_days_of_a_hidden_defect_count_from_the_day_it_shows(rule: str) -> None:
    """CDC 26 § 3."""
    kind, more, days = BRAZIL_FROM_DISCOVERY[rule]
    working, rest = ("2027-04-05", "2027-04-12") if days == 90 else ("2027-02-04", "2027-02-08")
    shown, shown_on_a_saturday = ("2027-01-05", "2027-01-10") if days == 90 else ("2027-01-05", "2027-01-07")
    assert answer("br", kind, BROKEN, {**more, "discovered": shown}) == (rule, working)
    assert answer("br", kind, BROKEN, {**more, "discovered": shown_on_a_saturday}) == (rule, rest)
    stopped = {**more, "discovered": shown, "of_line": {"cure_days": 1}}
    assert answer("br", kind, BROKEN, stopped) == (rule, "2027-04-06" if days == 90 else "2027-02-05")


def test_lost_goods_can_be_claimed_for_ten_years_in_brazil() -> None:
    """Código Civil 205, 132 § 1 and § 3."""
    assert answer("br", REFUND, LOST, {"of_line": {"cure_days": 10}}) == ("br_goods_not_delivered", "2036-06-03")
    sent_later = {"sent": "2026-06-07", "arrived": "2026-06-08"}
    assert answer("br", REFUND, LOST, sent_later) == ("br_goods_not_delivered", "2036-06-09")


@pytest.mark.parametrize(("law", "case"), [(law, case) for law, cases in CASES.items() for case in cases])
def test_the_days_of_a_repair_count_where_no_article_stops_them(law: str, case: str) -> None:
    """Only CDC 26 § 2 I stops the days, and not those of a withdrawal."""
    kind, reason, more, last_day = CASES[law][case]
    line = {**more.get("of_line", {}), "cure_days": 10}
    assert answer(law, kind, reason, {**more, "of_line": line})[1] == last_day
