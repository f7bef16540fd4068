"""The settings of a merchant's messages: off, quiet hours, digest. What the law wants sent cannot be off."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.messages.message_rules import MESSAGE_RULES, Audience
from app.presets.documents import preset_names
from app.presets.loader import required_messages
from app.records.message_settings import MessageSettings
from app.service.callers import Caller
from app.service.errors import InvalidError
from app.store import message_settings, policies, report_changes, shops
from app.store.database import Tx

Message = tuple[str, str]
"""The event and the audience of a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsView:
    """`required` has the article behind each message that a law wants sent."""

    settings: MessageSettings
    required: Mapping[Message, str]


async def read(tx: Tx, caller: Caller, now: datetime) -> SettingsView:
    settings = (await shops.load(tx, caller.merchant_id)).message_settings
    return SettingsView(settings=settings, required=await _required(tx, caller, now))


async def put(tx: Tx, caller: Caller, settings: MessageSettings, now: datetime) -> SettingsView:
    """Replace the settings. Messages that were made before keep their hour. Raises InvalidError for a message that
    there is not, and for one that the law of a policy of the merchant wants sent."""
    digest = settings.digest.events if settings.digest else ()
    named = [("off", *each) for each in settings.off]
    named += [("digest.events", event, Audience.SELLER.value) for event in digest]
    for field, event, audience in named:
        if event not in MESSAGE_RULES or audience not in MESSAGE_RULES[event].to:
            raise InvalidError("no_such_message", event=event, audience=Audience(audience), field=field)
    required = await _required(tx, caller, now)
    for event, audience in settings.off:
        if article := required.get((event, audience)):
            raise InvalidError(
                "message_required_by_law", event=event, audience=Audience(audience), article=article, field="off"
            )
    await message_settings.put(tx, caller.merchant_id, settings, now)
    await report_changes.use_time_zone(tx, caller.merchant_id, settings.time_zone)
    return SettingsView(settings=settings, required=required)


async def _required(tx: Tx, caller: Caller, now: datetime) -> Mapping[Message, str]:
    """By the laws of the default policy and of every published policy. Several articles are one text."""
    bases = {policy.base.partition("@")[0] for policy in await policies.all_of(tx, caller.merchant_id)}
    default = (await policies.default(tx, caller.merchant_id)).partition("@")[0]
    bases |= {default} & set(preset_names())
    articles: dict[Message, list[str]] = {}
    for message, article in _wanted(bases, now):
        if article not in articles.setdefault(message, []):
            articles[message].append(article)
    return {message: "; ".join(each) for message, each in articles.items()}


def _wanted(bases: set[str], now: datetime) -> Iterator[tuple[Message, str]]:
    for base in sorted(bases):
        for rule in required_messages(base, now.date()):
            for event in rule.events:
                yield (event, rule.audience), rule.citation
