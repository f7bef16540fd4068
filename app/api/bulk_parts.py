"""What the commands for many share: a key for each, the body of one, and the numbers of the answer."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from app.api.context import RequestContext
from app.api.schemas.bulk import BulkOutcome
from app.service.idempotency import Answer

Result = dict[str, Any]
Body = TypeVar("Body", bound=BaseModel)


async def take_key(ctx: RequestContext, key: str) -> None:
    """Another request with this key is refused here, before anything is touched."""
    await ctx.once(key, _nothing, lambda _: Answer(status=200, body="{}"))


async def _nothing(_: object) -> None:
    """The key alone is stored: each of the many has a key of its own."""


def key_of(key: str, one_id: str) -> str:
    """The key of one of the many. No client can send a key with a space."""
    return f"bulk {hashlib.sha256(key.encode()).hexdigest()} {hashlib.sha256(one_id.encode()).hexdigest()}"


def body_of_one(kind: type[Body], values: Mapping[str, Any]) -> Body:
    """The body that the command has for one. Raises RequestValidationError, which names the field in `body`."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise RequestValidationError(
            [{**each, "loc": ("body", "body", *each["loc"])} for each in error.errors()]
        ) from None


def counted(results: Sequence[Result], *, dry_run: bool) -> dict[str, Any]:
    """The answer: the result of each, and how many of each outcome there are."""
    counts = Counter(result["outcome"] for result in results)
    numbers = {outcome.value: counts[outcome] for outcome in BulkOutcome}
    return {"dry_run": dry_run, **numbers, "results": results}
