"""The test side of a merchant: a merchant of its own, whose data no live key reaches and whose time a clock shows."""

from datetime import datetime

from app.records.merchant import Merchant, Mode
from app.records.merchant_clock import MerchantClock
from app.service.errors import NotFoundError
from app.service.ids import new_id
from app.store import api_keys, feed, merchant_clocks, report_changes
from app.store.database import Tx


async def require_test_merchant(tx: Tx, merchant_id: str, now: datetime) -> str:
    """The id of the test merchant of a live merchant, which is made if there is none. Raises NotFoundError for a
    merchant that is unknown or itself for tests."""
    await api_keys.lock_merchant(tx, merchant_id)
    live = await api_keys.merchant(tx, merchant_id)
    if live is None or live.mode is Mode.TEST:
        raise NotFoundError("merchant", merchant_id)
    return live.test_merchant_id or await _begin(tx, live, now)


async def delete_data(tx: Tx, merchant_id: str, now: datetime) -> MerchantClock:
    """Give the live merchant of a test merchant a new test side, which is empty, and let a worker delete the rows of
    the old one. Returns the clock of the new one. `now` is of the system clock. Data that another request has deleted
    meanwhile are not deleted again."""
    live_id = await api_keys.lock_live_merchant(tx, merchant_id)
    live = await api_keys.merchant(tx, live_id) if live_id else None
    if live is None:
        return MerchantClock(merchant_id=merchant_id)
    await merchant_clocks.remove(tx, merchant_id)
    await api_keys.mark_erased(tx, merchant_id, now)
    return MerchantClock(merchant_id=await _begin(tx, live, now))


async def _begin(tx: Tx, live: Merchant, now: datetime) -> str:
    """A test merchant without data, and the system clock's time."""
    test_merchant = Merchant(
        merchant_id=new_id(now), name=live.name, policy=live.policy, created_at=now, mode=Mode.TEST
    )
    await api_keys.add_merchant(tx, test_merchant)
    await feed.begin(tx, test_merchant.merchant_id, now)
    await report_changes.begin(tx, test_merchant.merchant_id, now)
    await merchant_clocks.add(tx, test_merchant.merchant_id)
    await api_keys.use_test_merchant(tx, live.merchant_id, test_merchant.merchant_id)
    return test_merchant.merchant_id
