from dataclasses import replace
from datetime import timedelta

from app.presets.loader import policy_by_key
from app.service.policies import load_facts
from app.store.database import Database
from app.store.memo import Memo
from tests.engine.orders import NOW, order


def test_the_value_that_was_read_the_longest_ago_is_removed_first() -> None:
    memo = Memo(at_most=2)
    memo.put("one", 1)
    memo.put("two", 2)
    assert memo.get("one") == 1
    memo.put("three", 3)
    assert [memo.get(key) for key in ("one", "two", "three")] == [1, None, 3]


def test_putting_a_value_again_takes_no_second_place() -> None:
    memo = Memo(at_most=2)
    for value in (1, 2, 3):
        memo.put("one", value)
    memo.put("two", 2)
    assert (memo.get("one"), memo.get("two")) == (3, 2)


async def test_a_policy_is_indexed_once_for_each_database(sqlite_url: str) -> None:
    one, other = Database(sqlite_url), Database(sqlite_url)
    bought = replace(order(), policy="storefront_kr@1")
    async with one.read() as tx:
        first = await load_facts(tx, "merchant", bought, NOW)
    async with one.read() as tx:
        later = await load_facts(tx, "merchant", bought, NOW + timedelta(days=1))
    async with other.read() as tx:
        elsewhere = await load_facts(tx, "merchant", bought, NOW)
    await one.close()
    await other.close()
    assert first.policy == policy_by_key(bought.policy)
    assert first.rules is later.rules
    assert first.rules is not elsewhere.rules
