"""What public reports of the field taught, as steps over HTTP with the right answers: `tests/cases/reports/`.

A step is a request, and the part of the answer that must be right. `{claim.claim_id}` in a path is a field of an
answer that an earlier step kept under a name (`as`).
"""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from tests.storefront import Storefront

REPORTS = Path(__file__).parents[1] / "cases" / "reports"

Step = dict[str, Any]

CASES = [
    pytest.param(case["steps"], id=f"{path.stem}: {case['name']}")
    for path in sorted(REPORTS.glob("*.json"))
    for case in json.loads(path.read_text("utf-8"))["cases"]
]


@pytest.mark.parametrize("steps", CASES)
async def test_the_report_is_answered_right(shop: Storefront, steps: list[Step]) -> None:
    kept: dict[str, Any] = {}
    for step in steps:
        if "turn" in step:
            shop.clock.turn(**step["turn"])
            continue
        answer = await _sent(shop, step, kept)
        assert answer.status_code == step.get("status", answer.status_code if answer.is_success else 200), answer.text
        body = answer.json()
        wrong = list(_differences(step.get("answer", {}), body, "answer"))
        assert not wrong, (step, wrong)
        if "types" in step:
            assert [event["type"] for event in body["data"]] == step["types"]
        if "as" in step:
            kept[step["as"]] = body


async def _sent(shop: Storefront, step: Step, kept: dict[str, Any]) -> httpx.Response:
    if "get" in step:
        path, _, query = _filled(step["get"], kept).partition("?")
        return await shop.get(path, **dict(parse_qsl(query)))
    send = shop.put if "put" in step else shop.post
    return await send(_filled(step.get("put") or step["post"], kept), step.get("body", {}))


def _filled(path: str, kept: dict[str, Any]) -> str:
    def value(match: re.Match[str]) -> str:
        found: Any = kept
        for name in match[1].split("."):
            found = found[int(name) if name.isdigit() else name]
        return str(found)

    return re.sub(r"\{([^}]+)\}", value, path)


def _differences(expected: Any, actual: Any, place: str) -> list[str]:
    """An object may have more fields than expected. A list has exactly the expected items."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        pairs = [(expected[name], actual.get(name), f"{place}.{name}") for name in expected]
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = [(one, other, f"{place}[{n}]") for n, (one, other) in enumerate(zip(expected, actual, strict=True))]
    else:
        return [] if expected == actual else [f"{place} is {actual!r} and not {expected!r}"]
    return [difference for pair in pairs for difference in _differences(*pair)]
