"""Webhooks: a request of the service becomes a typed event, after its signature was verified."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from recourse_client.generated.events import EVENTS, Event
from recourse_client.generated.models import UnknownEvent
from recourse_client.signatures import TOLERANCE, WebhookVerificationError, verify_signature


def verify_webhook(
    body: bytes,
    headers: Mapping[str, str],
    secrets: str | Sequence[str],
    *,
    tolerance: timedelta = TOLERANCE,
    now: datetime | None = None,
) -> Event:
    """The event of a request, if its signature is by one of the secrets. See `verify_signature`.

    An event may come twice. Its id is in the header `webhook-id`, the same each time. An event of a type that this
    release does not know is an `UnknownEvent`.
    """
    verify_signature(body, headers, secrets, tolerance=tolerance, now=now)
    try:
        event = json.loads(body)
        return EVENTS.get(event["type"], UnknownEvent).from_dict(event)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WebhookVerificationError("the body is no event") from error
