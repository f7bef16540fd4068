"""The replies on the page of a claim: each fills the field of a question or a note, by its number as a key."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.desk.visit import Arrived
from app.messages.reply_texts import FilledReply, ReplyUse, fact_name, reply_title
from app.service import replies
from app.service.transactions import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReply:
    """A reply with its title and the names of its missing facts in the language of the page. `text` is in that of the
    buyer, and None if facts are missing."""

    number: int
    use: ReplyUse
    title: str
    text: str | None
    missing: str


async def shown_replies(tx: Tx, seen: Arrived, claim_id: str) -> list[ShownReply]:
    """By number."""
    _, filled = await replies.of_claim(tx, seen.caller, claim_id, None, seen.now)
    return [_shown(each, seen.language) for each in filled]


def chosen_text(shown: Sequence[ShownReply], number: int) -> str:
    """The text of the reply with this number. Empty without one."""
    return next((each.text or "" for each in shown if each.number == number), "")


def _shown(reply: FilledReply, language: str) -> ShownReply:
    return ShownReply(
        number=reply.number,
        use=reply.use,
        title=reply_title(reply.name, language),
        text=reply.text,
        missing=", ".join(fact_name(fact, language) for fact, _ in reply.missing),
    )
