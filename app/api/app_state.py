"""The objects of the service that every request reaches."""

from dataclasses import dataclass

from fastapi import Request

from app.clock import Clock
from app.encryption import Encryption
from app.service.callers import Callers
from app.service.file_keeping import Files
from app.service.floods import Floods
from app.service.key_limits import KeyLimits
from app.service.key_uses import KeyUses
from app.service.monitoring import Monitor
from app.service.passwords import Passwords
from app.service.transactions import Database
from app.service.turns import Turns
from app.service.withdrawal_receipts import Receipts
from app.webhooks.addresses import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class AppState:
    """The objects that the composition root built. `app.state.app_state` holds them."""

    database: Database
    callers: Callers
    key_uses: KeyUses
    key_limits: KeyLimits
    clock: Clock
    page_size_max: int
    webhook_reach: Reach
    turns: Turns
    encryption: Encryption
    public_url: str
    """The address of this service for buyers, without a slash at the end. Empty if it is not set."""
    files: Files
    receipts: Receipts
    max_upload_bytes: int
    """How much a request with files may have."""
    floods: Floods
    """At the doors for buyers."""
    key_floods: Floods
    """Of tokens that are no keys."""
    monitor: Monitor
    passwords: Passwords


def app_state(request: Request) -> AppState:
    state: AppState = request.app.state.app_state
    return state
