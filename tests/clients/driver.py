"""Calls the installed Python client: each line of stdin is a call as JSON, and each line of stdout its outcome.

`driver.py` uses `Recourse`, and `driver.py async` uses `AsyncRecourse`.
"""

import asyncio
import dataclasses
import inspect
import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO, UnsupportedOperation
from typing import Any

from recourse_client import (
    AsyncRecourse,
    ConnectionFailedError,
    File,
    Recourse,
    RecourseError,
    RefusedError,
    WebhookVerificationError,
    iterate,
    iterate_async,
    verify_webhook,
)
from recourse_client.models import (
    AddClaimFileRequest,
    ApproveClaimRequest,
    ClaimRequest,
    EmptyRequest,
    PutOrderRequest,
    RejectClaimRequest,
)

Given = Mapping[str, Any]


def list_claims(client: Any, given: Given) -> Any:
    return every(client, client.claims.list_claims, limit=given["limit"], order_id=given["order_id"])


def list_events(client: Any, given: Given) -> Any:
    return every(client, client.events.list_events, limit=given["limit"], types=given["types"])


def every(client: Any, operation: Any, **filters: Any) -> Any:
    if isinstance(client, Recourse):
        return [item.to_dict() for item in iterate(operation, **filters)]
    return every_awaited(iterate_async(operation, **filters))


async def every_awaited(items: Any) -> Any:
    return [item.to_dict() async for item in items]


def open_claim(client: Any, given: Given) -> Any:
    key = {"idempotency_key": given["key"]} if "key" in given else {}
    return client.claims.open_claim(body=ClaimRequest.from_dict(given["body"]), **key)


class OneWay(BytesIO):
    """A file that can be read once, such as the body of another answer."""

    def seek(self, *_: int) -> int:
        raise UnsupportedOperation


def add_claim_file(client: Any, given: Given) -> Any:
    file = File(payload=OneWay(bytes.fromhex(given["content"])), file_name="photo.png", mime_type="image/png")
    return client.files.add_claim_file(given["claim_id"], body=AddClaimFileRequest(file=file))


def get_metrics(client: Any, given: Given) -> Any:
    return client.health.get_metrics()


def verify(given: Given) -> Any:
    limits: Any = {}
    if "tolerance" in given:
        limits["tolerance"] = timedelta(seconds=given["tolerance"])
    if "now" in given:
        limits["now"] = datetime.fromtimestamp(given["now"], UTC)
    event: Any = verify_webhook(bytes.fromhex(given["body"]), given["headers"], given["secrets"], **limits)
    return {"model": type(event).__name__, "type": event.type_}


def operations(client: Any, given: Given) -> list[str]:
    groups = {tag: group for tag, group in vars(client).items() if not tag.startswith("_")}
    return [f"{tag}.{name}" for tag, group in groups.items() for name in dir(group) if not name.startswith("_")]


ACTIONS: Mapping[str, Callable[[Any, Given], Any]] = {
    "get_order": lambda client, given: client.orders.get_order(given["order_id"]),
    "get_claim": lambda client, given: client.claims.get_claim(given["claim_id"]),
    "put_order": lambda client, given: client.orders.put_order(
        given["order_id"], body=PutOrderRequest.from_dict(given["body"])
    ),
    "quote_claim": lambda client, given: client.claims.quote_claim(body=ClaimRequest.from_dict(given["body"])),
    "open_claim": open_claim,
    "approve_claim": lambda client, given: client.commands.approve_claim(
        given["claim_id"], body=ApproveClaimRequest(), if_match=given["if_match"]
    ),
    "reject_claim": lambda client, given: client.commands.reject_claim(
        given["claim_id"], body=RejectClaimRequest.from_dict(given["body"])
    ),
    "create_buyer_token": lambda client, given: client.orders.create_buyer_token(
        given["order_id"], body=EmptyRequest()
    ),
    "add_claim_file": add_claim_file,
    "get_metrics": get_metrics,
    "list_claims": list_claims,
    "list_events": list_events,
    "operations": operations,
}


async def perform(action: str, url: str, key: str, given: Given) -> Any:
    if action == "verify":
        return verify(given)
    kind = AsyncRecourse if sys.argv[1:] == ["async"] else Recourse
    client: Any = kind(url, key, timeout=given.get("timeout", 30), max_retries=given.get("max_retries", 3))
    try:
        result = ACTIONS[action](client, given)
        if inspect.isawaitable(result):
            result = await result
        return result.to_dict() if hasattr(result, "to_dict") else result
    finally:
        closed = client.close()
        if closed is not None:
            await closed


def outcome(call: Any) -> Any:
    try:
        return {"result": asyncio.run(perform(**call))}
    except RecourseError as error:
        more: dict[str, object] = {"articles": error.articles} if isinstance(error, RefusedError) else {}
        if isinstance(error, ConnectionFailedError):
            more = {"has_cause": error.__cause__ is not None}
        fields = dataclasses.asdict(error)
        return {
            "error": type(error).__name__,
            "kinds": [each.__name__ for each in type(error).__mro__],
            **fields,
            **more,
        }
    except (WebhookVerificationError, ValueError) as error:
        return {"error": type(error).__name__}


for line in sys.stdin:
    print(json.dumps(outcome(json.loads(line)), default=str), flush=True)
