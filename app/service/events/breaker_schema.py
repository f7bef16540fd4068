"""The `data` of the events of breakers of refunds."""

from app.service.events.schemas import EventData
from app.service.resources.refund_breaker import BreakerOpeningBody


class BreakerEventData(BreakerOpeningBody, EventData):
    """A breaker of refunds has opened."""
