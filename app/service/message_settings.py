"""The settings of a merchant's messages: off, quiet hours, digest."""

from datetime import datetime

from app.messages.message_rules import MESSAGE_RULES, Audience
from app.records.message_settings import MessageSettings
from app.service.callers import Caller
from app.service.errors import InvalidError
from app.store import message_settings, shops
from app.store.database import Tx


async def read(tx: Tx, caller: Caller) -> MessageSettings:
    return (await shops.load(tx, caller.merchant_id)).message_settings


async def put(tx: Tx, caller: Caller, settings: MessageSettings, now: datetime) -> MessageSettings:
    """Replace the settings. Messages that were made before keep their hour. Raises InvalidError for a message that
    there is not."""
    digest = settings.digest.events if settings.digest else ()
    named = [("off", *each) for each in settings.off]
    named += [("digest.events", event, Audience.SELLER.value) for event in digest]
    for field, event, audience in named:
        if event not in MESSAGE_RULES or audience not in MESSAGE_RULES[event].to:
            raise InvalidError("no_such_message", event=event, audience=Audience(audience), field=field)
    await message_settings.put(tx, caller.merchant_id, settings, now)
    return settings
