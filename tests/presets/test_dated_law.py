"""Law is dated data: rules merge by code, each is in force from its day to its day, and each names its article."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.engine.policy.policy import Policy
from app.presets import documents, loader
from app.presets.documents import UnknownPolicyError
from app.presets.law_page import law_page
from app.presets.law_rules import law_changes, law_rules
from app.presets.loader import policy_by_key, preset

COMMON = """
policy_id = "common"
version = 2
title = "Common law"
language = "en"
country = "DE"
time_zone = "Europe/Berlin"
currency = "EUR"
refund_order = ["card"]
overtaken = "refuse"

[laws.act]
short = "The Act"
title = "The Act on Things"
language = "de"
url = "https://example.org/act"

[[windows]]
code = "common_return"
kinds = ["return"]
faults = ["buyer"]
natures = ["goods"]
periods = [{ length = 7, unit = "days", anchor = "delivered" }]
cites = [{ law = "act", article = "1", paragraph = "(2)" }, { law = "act", article = "3", note = "in time" }]
in_force_to = 2026-06-30

[[windows]]
code = "common_return"
kinds = ["return"]
faults = ["buyer"]
periods = [{ length = 14, unit = "days", anchor = "delivered" }]
cites = [{ law = "act", article = "1a" }]
in_force_from = 2026-07-01
unverified = true

[[windows]]
code = "common_cancel"
kinds = ["cancel"]
faults = ["buyer"]
periods = []
practice = "shop practice"

[fees]
practice = "shop practice"
[shipping]
return_shipping_payer = "buyer"
outbound_refunded_at = ["seller"]
cites = [{ law = "act", article = "2" }]
[[refund_deadlines]]
code = "common_refund"
kinds = ["return"]
periods = [{ length = 14, unit = "days", anchor = "requested" }]
cites = [{ law = "act", article = "4" }]
[respond_within]
length = 3
unit = "business_days"
anchor = "requested"
practice = "shop practice; the law sets no day"
[collect_within]
length = 14
unit = "days"
anchor = "approved"
cites = [{ law = "act", article = "5" }]
[restocking]
allowed = false
cites = [{ law = "act", article = "6" }]
[[late_interest]]
in_force_to = 2026-06-30
rates = [{ from = 2020-01-01, rate = 100 }]
points = 500
cites = [{ law = "act", article = "7" }]
[[late_interest]]
in_force_from = 2026-07-01
rates = [{ from = 2020-01-01, rate = 900 }]
cites = [{ law = "act", article = "7a" }]
[[exceptions]]
code = "common_custom_made"
ground = "custom_made"
kinds = ["return"]
faults = ["buyer"]
natures = ["custom_made"]
cites = [{ law = "act", article = "8" }]
[rejection]
message_required = true
alternative_required = false
cites = [{ law = "act", article = "9" }]
"""
NATIONAL = """
extends = "common"
policy_id = "national"
version = 1
title = "National law"
national = true
country = "FR"
time_zone = "Europe/Paris"
drop = ["common_custom_made"]

[laws.code]
short = "The Code"
title = "Le Code"
language = "fr"
url = "https://example.org/code"

[[windows]]
code = "common_return"
kinds = ["return"]
faults = ["buyer"]
periods = [{ length = 30, unit = "days", anchor = "delivered" }]
cites = [{ law = "code", article = "L1" }]
"""
SHOP = """
extends = "common"
policy_id = "shop"
version = 1
title = "Shop"

[fees]
return_shipping = 490
cites = [{ law = "act", article = "2" }]
"""


@pytest.fixture(autouse=True)
def laws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, text in {"common": COMMON, "national": NATIONAL, "shop": SHOP}.items():
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    monkeypatch.setattr(documents, "_data", lambda: tmp_path)
    _forget()
    yield
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for function in (documents.preset_names, documents.chain_of, documents.merged, documents.changes_of):
        function.cache_clear()
    documents._file.cache_clear()
    loader._edition.cache_clear()


def days_to_return(policy: Policy) -> int:
    (window,) = (rule for rule in policy.windows if rule.code == "common_return")
    return window.periods[0].length


@pytest.mark.parametrize(("day", "length"), [(date(2026, 6, 30), 7), (date(2026, 7, 1), 14), (date.max, 14)])
def test_a_rule_is_in_force_from_its_day_to_its_day(day: date, length: int) -> None:
    assert days_to_return(preset("common", day)) == length


def test_the_countrys_law_replaces_rules_by_code_drops_rules_and_keeps_the_rest() -> None:
    french = preset("common", country="FR")
    assert (days_to_return(french), french.exceptions) == (30, ())
    assert [rule.code for rule in french.windows] == ["common_return", "common_cancel"]
    assert (french.key, french.title) == ("common@2", "National law")
    assert days_to_return(preset("common", country="ES")) == 14


def test_a_shop_on_top_of_common_law_has_the_countrys_law_and_its_own_fees() -> None:
    french = preset("shop", country="FR")
    assert (french.key, days_to_return(french), french.fees.return_shipping) == ("shop@1", 30, 490)


def test_citations_are_text_with_articles_notes_and_what_is_unverified() -> None:
    before, after = preset("common", date(2026, 1, 1)), preset("common", date(2026, 12, 1))
    assert before.windows[0].citation == "The Act 1(2), 3: in time"
    assert after.windows[0].citation == "The Act 1a (unverified)"
    assert (after.respond_citation, after.collect_citation) == ("shop practice; the law sets no day", "The Act 5")


def test_a_table_with_dates_has_the_one_that_is_in_force_and_points_are_added() -> None:
    rates = [preset("common", date(2026, month, 1)).late_interest for month in (6, 7)]
    assert [rule.rates[0].rate for rule in rates if rule] == [600, 900]


def test_an_order_of_an_earlier_version_is_judged_by_the_newest_reading() -> None:
    assert policy_by_key("common@1").key == "common@1"
    assert policy_by_key("common@1").windows == policy_by_key("common@2").windows
    with pytest.raises(UnknownPolicyError):
        policy_by_key("common@3")


def test_what_changed_between_two_days_is_listed_by_code() -> None:
    changes = law_changes("common", date(2026, 6, 30), date(2026, 7, 1))
    assert [change.code for change in changes] == ["common_return", "late_interest"]
    assert law_changes("common", date(2026, 1, 1), date(2026, 6, 30)) == ()


def test_the_page_of_a_law_lists_every_rule_with_a_link_to_its_article() -> None:
    rules = law_rules("common", date(2026, 7, 1))
    page = law_page("common", "2026-07-01", rules)
    assert all(f'id="{rule.code}"' in page for rule in rules)
    assert '<a href="https://example.org/act" hreflang="de" title="The Act on Things">The Act 1a</a>' in page
    assert page.count('class="unverified"') == 1
