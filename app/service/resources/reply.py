"""The public shape of a reply that is filled from the facts of a claim."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.messages.reply_texts import FilledReply, ReplyUse


class MissingFactBody(BaseModel):
    """A fact without which a reply would not be true."""

    fact: str = Field(description="The code of the fact.")
    name: str = Field(description="The fact in the language of the replies.")


class ReplyBody(BaseModel):
    """A text for the buyer of a claim, filled from the facts of the claim now."""

    reply: str = Field(description="The name of the reply.")
    number: int = Field(description="From 1 to 9: the key of the reply at the desk.")
    use: ReplyUse = Field(
        description="`question`: to ask the buyer. `call`: to say on the phone, or to copy into another channel."
    )
    title: str = Field(description="What the reply is about.")
    text: str | None = Field(description="The text. Null while a fact is missing.")
    missing: list[MissingFactBody] = Field(description="The facts that are missing. Empty if there is a text.")


class ReplyList(BaseModel):
    """The replies of a claim."""

    language: Literal["ko", "ja", "en"] = Field(description="The language of the texts.")
    data: list[ReplyBody] = Field(description="By number.")


def replies_body(language: str, replies: Sequence[FilledReply]) -> dict[str, Any]:
    return {"language": language, "data": [_body(each) for each in replies]}


def _body(reply: FilledReply) -> dict[str, Any]:
    same = {name: getattr(reply, name) for name in ("number", "use", "title", "text")}
    missing = [{"fact": fact, "name": name} for fact, name in reply.missing]
    return {"reply": reply.name, **same, "missing": missing}
