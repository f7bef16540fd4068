"""An agent: the SDK's own client, connected to the tools in this process."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cryptography.fernet import Fernet
from mcp import Client, MCPError
from mcp.types import CallToolResult, Tool

from app.agents.confirmations import Confirmations
from app.agents.context import AgentState
from app.agents.server import agent_server
from app.records.api_key import Scope
from app.service.agent_limits import AgentLimit
from app.service.callers import Callers
from app.service.turns import Turns
from app.store.database import Database
from tests.api.buyer.visits import signed_in
from tests.api.keys import colleague
from tests.storefront import Storefront

T = TypeVar("T")

KEY = Fernet.generate_key().decode()
LIMITS = {"KRW": AgentLimit(per_decision=50_000, per_day=60_000)}
SCOPES = (Scope.ORDERS_READ, Scope.CLAIMS_READ, Scope.CLAIMS_WRITE, Scope.CLAIMS_DECIDE, Scope.MESSAGES_READ)


@dataclass
class AgentClient:
    """Each call connects anew, as a client over stateless HTTP does."""

    shop: Storefront
    database: Database
    token: str
    limits: Mapping[str, AgentLimit] = field(default_factory=lambda: LIMITS)

    async def tools(self) -> dict[str, Tool]:
        listed = await self._asked(lambda client: client.list_tools())
        return {tool.name: tool for tool in listed.tools}

    async def result(self, tool: str, **arguments: Any) -> CallToolResult:
        return await self._asked(lambda client: client.call_tool(tool, arguments))

    async def _asked(self, ask: Callable[[Client], Awaitable[T]]) -> T:
        """Raises MCPError, which the client's tasks would put into a group."""
        async with Client(self._server()) as client:
            try:
                return await ask(client)
            except MCPError as error:
                refused = error
        raise refused

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """A call that is not refused."""
        result = await self.result(tool, **arguments)
        assert not result.is_error, result.structured_content
        return dict(result.structured_content or {})

    async def refusal(self, tool: str, **arguments: Any) -> dict[str, Any]:
        result = await self.result(tool, **arguments)
        assert result.is_error, result.structured_content
        return dict(result.structured_content or {})

    async def do(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Ask first, and confirm. Returns the claim."""
        asked = await self.call(tool, **arguments)
        assert asked["done"] is False
        return dict((await self.call(tool, **arguments, confirm_token=asked["confirm_token"]))["claim"])

    def _server(self) -> Any:
        state = AgentState(
            database=self.database,
            callers=Callers(self.database, remember_seconds=0),
            clock=self.shop.clock,
            turns=Turns(8),
            confirmations=Confirmations([KEY]),
            limits=self.limits,
        )
        return agent_server(state, token=self.token)


async def sellers_agent(shop: Storefront, database: Database, *scopes: Scope, **more: Any) -> AgentClient:
    key = await colleague(shop, database, *(scopes or SCOPES))
    return AgentClient(shop, database, key.token, **more)


async def buyers_agent(shop: Storefront, database: Database, order_id: str = "order-1") -> AgentClient:
    return AgentClient(shop, database, (await signed_in(shop, order_id)).token)
