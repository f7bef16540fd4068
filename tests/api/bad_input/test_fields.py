"""The answer to a bad field names that field, and nothing is stored."""

from typing import Any

import httpx
import pytest

from tests.api.answers import route_of
from tests.api.bad_input.api_keys import api_keys
from tests.api.bad_input.claims import accounts, bulk, claims, commands, files, reports, updates, work
from tests.api.bad_input.clocks import clocks
from tests.api.bad_input.conftest import as_json, send
from tests.api.bad_input.messages import messages, people
from tests.api.bad_input.order_imports import imports
from tests.api.bad_input.orders import consents, orders, parcels, preparing
from tests.api.bad_input.policies import policies
from tests.api.bad_input.returns import returns
from tests.api.bad_input.rules import rules
from tests.api.bad_input.staff import staff
from tests.api.bad_input.webhooks import webhooks
from tests.api.bad_input.withdrawals import withdrawals
from tests.api.for_tests import MOVE
from tests.api.scenes import BODILESS, SCENES
from tests.storefront import Storefront


@pytest.mark.parametrize(
    "rows",
    [
        orders,
        consents,
        parcels,
        preparing,
        claims,
        files,
        updates,
        work,
        returns,
        bulk,
        commands,
        reports,
        policies,
        rules,
        people,
        messages,
        webhooks,
        withdrawals,
        staff,
        clocks,
        imports,
        api_keys,
    ],
)
async def test_a_bad_field_is_refused_by_its_name(busy_shop: tuple[Storefront, dict[str, str]], rows: Any) -> None:
    shop, ids = busy_shop
    mistakes = []
    for method, template, body, field in rows():
        answer = await send(shop, method, template.format(**ids), as_json(body))
        fields = [error["field"] for error in answer.json().get("errors", [])]
        if answer.status_code != 422 or not any(name.startswith(field) for name in fields):
            mistakes.append((method, template, str(body)[:300], field, answer.status_code, answer.text[:300]))
    assert mistakes == []


def test_every_writing_route_has_its_rows() -> None:
    rows = [
        *orders(),
        *consents(),
        *parcels(),
        *preparing(),
        *claims(),
        *files(),
        *updates(),
        *work(),
        *returns(),
        *bulk(),
        *commands(),
        *reports(),
        *accounts(),
        *policies(),
        *rules(),
    ]
    rows += [*people(), *messages(), *webhooks(), *withdrawals(), *staff(), *clocks(), *imports(), *api_keys()]
    ids = {"claim_id": "c", "refund_id": "r", "endpoint_id": "w", "delivery_id": "d", "key_id": "k"}
    routes = {
        f"{method} {route.path}"
        for method, path, _, _ in rows
        if (route := route_of(httpx.Request(method, f"http://shop{path.format(**ids)}")))
    }
    assert routes - BODILESS == SCENES.keys() - BODILESS | {MOVE}
    assert len(rows) > 1000
