"""One call of an agent: who it acts for, the present instant, and the ways to run a use case."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from app.agents.confirmations import Confirmations
from app.api.context import ANSWERED_WITHIN
from app.api.problems import ProblemError
from app.clock import Clock
from app.engine.model.claim import Actor
from app.engine.model.vocabulary import Role
from app.json_text import dump, load
from app.records.api_key import Scope
from app.records.buyer_access import AccessKind
from app.records.merchant_clock import MerchantClock
from app.service import buyer_access, merchant_clocks
from app.service.agent_limits import AgentLimits
from app.service.approvals import ask
from app.service.authority import AboveAuthorityError
from app.service.callers import Caller, Callers
from app.service.errors import NotFoundError
from app.service.idempotency import Answer, once
from app.service.key_uses import KeyUses
from app.service.refund_breakers import RefundBreakerOpenError, open_breaker
from app.service.transactions import Database, Tx
from app.service.turns import Turns

T = TypeVar("T")

NAME = "agent"
"""The name of an agent in the history of a claim. The key beside it says whose agent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentState:
    """The objects that the composition root built."""

    database: Database
    callers: Callers
    clock: Clock
    turns: Turns
    confirmations: Confirmations
    limits: AgentLimits
    key_uses: KeyUses = field(default_factory=KeyUses)


class Side(StrEnum):
    """Whom an agent acts for."""

    BUYER = "buyer"
    SELLER = "seller"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """`language` is the language of the buyer on record. None if it is unknown. `clock` is of a test merchant, and
    `now` is the merchant's time."""

    state: AgentState
    side: Side
    caller: Caller
    now: datetime
    clock: MerchantClock | None = None
    language: str | None = None

    @property
    def system_now(self) -> datetime:
        """What goes by the system clock in every mode: the keeping of answers, and the end of confirm tokens."""
        return self.now if self.clock is None else self.state.clock()

    @property
    def actor(self) -> Actor:
        role = Role.BUYER if self.side is Side.BUYER else Role.SELLER
        return self.caller.acting_as(role, NAME)

    @property
    def order_id(self) -> str:
        """The one order of a buyer's agent."""
        if self.caller.order_id is None:
            raise TypeError("an API key reaches every order of its merchant")
        return self.caller.order_id

    def may(self, scope: Scope | None) -> bool:
        return scope is None or self.caller.may(scope)

    async def read(self, use_case: Callable[[Tx], Awaitable[T]]) -> T:
        async with self._turn(), self.state.database.read() as tx:
            return await use_case(tx)

    async def once(self, key: str, fingerprint: str, use_case: Callable[[Tx], Awaitable[Any]]) -> Any:
        """Run the use case once for this key. A repeated call gets the first answer again, as JSON values."""

        async def work(tx: Tx) -> Answer:
            tx.authority = self.caller.authority
            if self.clock is not None:
                await merchant_clocks.hold(tx, self.clock, self.system_now)
            return Answer(status=200, body=dump(await use_case(tx)))

        async with self._turn():
            try:
                answer = await once(
                    self.state.database,
                    merchant_id=self.caller.merchant_id,
                    key=f"agent:{key}",
                    fingerprint=fingerprint,
                    now=self.system_now,
                    work=work,
                )
            except AboveAuthorityError as above:
                by = self.caller.on_record(None)
                raise await ask(self.state.database, self.caller, above, by, self.system_now) from above
            except RefundBreakerOpenError as stopped:
                raise await open_breaker(self.state.database, stopped, self.now) from stopped
        return load(answer.body)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Raises TimeoutError when the call should have been answered."""
        async with asyncio.timeout(ANSWERED_WITHIN), self.state.turns.of(self.caller.merchant_id):
            yield


def require(agent: Agent, scope: Scope) -> None:
    if not agent.may(scope):
        raise ProblemError(403, "missing_scope", scope=scope)


async def recognise(state: AgentState, token: str) -> Agent | None:
    """The agent of an API key, of a buyer's session or of a token of the storefront. None for any other token, and for
    one that is not in force."""
    async with asyncio.timeout(ANSWERED_WITHIN):
        if merchant_id := buyer_access.merchant_of(token, AccessKind.SESSION, AccessKind.TOKEN):
            return await _buyers(state, merchant_id, token)
        caller = await state.callers.recognise(token)
    system_now = state.clock()
    if caller is None or caller.has_expired(system_now):
        return None
    state.key_uses.note(caller, system_now)
    now = merchant_clocks.time_of(caller.clock, system_now)
    return Agent(state=state, side=Side.SELLER, caller=caller, now=now, clock=caller.clock)


async def _buyers(state: AgentState, merchant_id: str, token: str) -> Agent | None:
    try:
        clock = await merchant_clocks.clock_of(state.database, merchant_id)
    except NotFoundError:
        return None
    now = merchant_clocks.time_of(clock, state.clock())
    recognised = await buyer_access.recognise(state.database, token, now)
    if recognised is None:
        return None
    caller, found = recognised
    return Agent(state=state, side=Side.BUYER, caller=caller, now=now, clock=clock, language=found.language)
