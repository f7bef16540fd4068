"""What `recourse mcp` needs before it serves."""

import pytest

from tests.test_cli import run

BOTH = {"RECOURSE_API_KEY": "rk_x", "RECOURSE_BUYER_TOKEN": "rbt_x"}


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({}, "Set RECOURSE_API_KEY for a seller's agent, or RECOURSE_BUYER_TOKEN for a buyer's agent, and not both."),
        (BOTH, "Set RECOURSE_API_KEY for a seller's agent, or RECOURSE_BUYER_TOKEN for a buyer's agent, and not both."),
        ({"RECOURSE_API_KEY": "rk_invented"}, "The key or the token is not in force. Create another one."),
        ({"RECOURSE_BUYER_TOKEN": "rbt_invented"}, "The key or the token is not in force. Create another one."),
    ],
)
def test_the_tools_of_agents_need_one_key_or_token_in_force(
    sqlite_url: str, environment: dict[str, str], complaint: str
) -> None:
    result = run(sqlite_url, "mcp", **environment)
    assert (result.exit_code, result.stderr) == (1, f"error: {complaint}\n")


def test_the_tools_of_agents_need_the_sdk(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.find_spec", lambda _: None)
    result = run(sqlite_url, "mcp", RECOURSE_API_KEY="rk_x")
    assert (result.exit_code, result.stderr) == (1, "error: The SDK of MCP is not installed. Install recourse[mcp].\n")
