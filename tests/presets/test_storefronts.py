"""The storefronts of ours keep the law that they extend: none of their terms is void."""

from dataclasses import asdict

import pytest

from app.engine.policy.law import violations
from app.engine.policy.terms import Terms
from app.presets.documents import preset_names
from app.presets.loader import preset
from tests.engine.under_law import compared_days

_TERMS = ("outbound", "return_shipping", "exchange_round_trip", "free_shipping_from", "restocking_percent")


@pytest.mark.parametrize("name", [name for name in preset_names() if name.startswith("storefront_")])
def test_no_term_of_a_storefront_is_void(name: str) -> None:
    law, own = preset(name.removeprefix("storefront_")), preset(name)
    fees = {fee: amount for fee, amount in asdict(own.fees).items() if fee in _TERMS}
    windows = tuple(window for window in own.windows if window not in law.windows)
    terms = Terms(fees=fees, windows=windows, collect_within=own.collect_within)
    assert violations(law, terms, compared_days(law.policy_id)) == ()
