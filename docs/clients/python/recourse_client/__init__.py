"""The client of Recourse: typed operations, retries that do nothing twice, iteration, errors and webhooks."""

from recourse_client.client import AsyncRecourse, Recourse
from recourse_client.errors import (
    AuthenticationError,
    ConflictError,
    ConnectionFailedError,
    FieldError,
    ForbiddenError,
    InvalidRequestError,
    NotFoundError,
    RateLimitedError,
    RecourseError,
    Refusal,
    RefusedError,
    ServerError,
    StaleVersionError,
)
from recourse_client.generated.types import UNSET, File, Unset
from recourse_client.paging import iterate, iterate_async
from recourse_client.signatures import WebhookVerificationError
from recourse_client.webhooks import verify_webhook

__all__ = [
    "UNSET",
    "AsyncRecourse",
    "AuthenticationError",
    "ConflictError",
    "ConnectionFailedError",
    "FieldError",
    "File",
    "ForbiddenError",
    "InvalidRequestError",
    "NotFoundError",
    "RateLimitedError",
    "Recourse",
    "RecourseError",
    "Refusal",
    "RefusedError",
    "ServerError",
    "StaleVersionError",
    "Unset",
    "WebhookVerificationError",
    "iterate",
    "iterate_async",
    "verify_webhook",
]
