"""When a message is sent, by the hours of its merchant. Hours are local hours of the merchant's time zone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.messages.message_rules import Audience
from app.records.message_settings import MessageSettings


def digest_at(settings: MessageSettings, event: str, audience: Audience, at: datetime) -> datetime | None:
    """The instant of the digest that a message made at `at` waits for. None for a message of its own."""
    digest = settings.digest
    if digest is None or audience is not Audience.SELLER or event not in digest.events:
        return None
    return next_hour(settings.time_zone, digest.hour, at)


def first_attempt_at(settings: MessageSettings, at: datetime) -> datetime:
    """The instant at which a message made at `at` may be sent: now, or at the end of the quiet hours."""
    quiet = settings.quiet_hours
    if quiet is None or not quiet.has(at.astimezone(ZoneInfo(settings.time_zone)).hour):
        return at
    return next_hour(settings.time_zone, quiet.until_hour, at)


def next_hour(time_zone: str, hour: int, after: datetime) -> datetime:
    """The first instant after `after` at which the local clock shows the full hour."""
    zone = ZoneInfo(time_zone)
    day = after.astimezone(zone).date()
    at = datetime.combine(day, time(hour), zone)
    return at if at > after else datetime.combine(day + timedelta(days=1), time(hour), zone)
