"""The tools of agents: MCP in, MCP out, over the same services as the API.

The extra `recourse[mcp]` brings the SDK. Only `recourse mcp` imports this package.
"""
