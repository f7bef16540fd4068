"""The public shape of an API key, without its secret."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.records.api_key import ApiKey, Scope
from app.records.merchant import Mode


class RateLimitBody(BaseModel):
    """How many requests a key may send. Each process of the service counts for itself."""

    requests_per_minute: int = Field(description="In a minute, on average.")
    burst: int = Field(description="At once, after a pause.")


class ApiKeyBody(BaseModel):
    """A key of your side: live, or for tests. Every instant is of the system clock."""

    key_id: str = Field(description="The id of the key. The key itself is `secret` in the answer that made it.")
    name: str = Field(description="What the key is for. The history of a claim shows it.")
    prefix: str | None = Field(
        description="How the key begins, to recognise it. Null for a key from before the service kept it."
    )
    scopes: list[Scope] = Field(description="What the key may do.")
    mode: Mode = Field(description="`live`, or `test` for a key of test mode.")
    created_at: datetime = Field(description="When the key was made.")
    expires_at: datetime | None = Field(description="From when the key is refused. Null: it does not expire.")
    last_used_at: datetime | None = Field(
        description="The last request with the key. It is written once a minute. Null: none since the service keeps it."
    )
    revoked_at: datetime | None = Field(description="When the key was revoked.")
    rotated_from: str | None = Field(description="The id of the key that this one replaces.")
    rate_limit: RateLimitBody | None = Field(description="The limit of the key's own. Null: the limit of the service.")


_FIELDS = tuple(name for name in ApiKeyBody.model_fields if name not in ("scopes", "rate_limit"))


def api_key_body(key: ApiKey) -> dict[str, Any]:
    limit = key.rate_limit
    return {
        **{name: getattr(key, name) for name in _FIELDS},
        "scopes": sorted(key.scopes),
        "rate_limit": limit and {"requests_per_minute": limit.requests_per_minute, "burst": limit.burst},
    }
