"""The bodies of API keys."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt

from app.api.schemas.common import Input, Instant, Name, with_words
from app.records.api_key import NewApiKey, RateLimit, Rotation, Scope
from app.service.resources.api_key import ApiKeyBody

_DAY = 24 * 3600
_EXPIRES = "From when the key is refused. Without it the key does not expire."


class RateLimitRequest(Input):
    """How many requests a key may send."""

    requests_per_minute: StrictInt = Field(ge=1, le=1_000_000, description="In a minute, on average.")
    burst: StrictInt = Field(ge=1, le=100_000, description="At once, after a pause.")

    def limit(self) -> RateLimit:
        return RateLimit(requests_per_minute=self.requests_per_minute, burst=self.burst)


class CreateApiKeyRequest(Input):
    """A new key of your side: live, or for tests."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "warehouse",
                    "scopes": ["claims:decide", "claims:read"],
                    "expires_at": "2027-06-01T00:00:00+09:00",
                }
            ]
        }
    )

    name: Annotated[Name, AfterValidator(with_words)] = Field(description="What the key is for.")
    scopes: list[Scope] = Field(
        min_length=1, max_length=len(Scope), description="What the key may do. Your own key must have each of them."
    )
    expires_at: Instant | None = Field(default=None, description=_EXPIRES)
    rate_limit: RateLimitRequest | None = Field(
        default=None, description="At most the limit of your own key, which is also what the key gets without it."
    )

    def new_key(self) -> NewApiKey:
        return NewApiKey(
            name=self.name,
            scopes=frozenset(self.scopes),
            expires_at=self.expires_at,
            rate_limit=self.rate_limit.limit() if self.rate_limit else None,
        )


class UpdateApiKeyRequest(Input):
    """The rate limit of a key."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"rate_limit": {"requests_per_minute": 600, "burst": 50}}]}
    )

    rate_limit: RateLimitRequest | None = Field(description="Null: the limit of the service.")

    def limit(self) -> RateLimit | None:
        return self.rate_limit.limit() if self.rate_limit else None


class RotateApiKeyRequest(Input):
    """A key that replaces another key."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"overlap_seconds": 3600}]})

    overlap_seconds: StrictInt = Field(
        default=_DAY,
        ge=0,
        le=30 * _DAY,
        description="How long the old key works beside the new one. 0: the old key is refused from now on.",
    )
    expires_at: Instant | None = Field(default=None, description=_EXPIRES)

    def rotation(self) -> Rotation:
        return Rotation(overlap=timedelta(seconds=self.overlap_seconds), expires_at=self.expires_at)


class ApiKeyWithSecret(ApiKeyBody):
    """A new key, with the secret that no other answer shows."""

    secret: str = Field(description="The key itself, for `Authorization: Bearer`. The service has only its hash.")


class ApiKeyPage(BaseModel):
    """A page of a list of keys."""

    data: list[ApiKeyBody] = Field(description="The newest key comes first.")
    next_cursor: str | None = Field(description="Null on the last page.")
