"""Messages, their templates and the log of contacts over HTTP."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.api.schemas.commands import CommandRequest
from app.api.schemas.common import Input, Instant, Message, Name, TemplateText, Word
from app.api.schemas.policies import Language
from app.engine.model.claim import Actor
from app.engine.model.vocabulary import Role
from app.messages.message_rules import Audience
from app.records.contact import ContactKind
from app.service.contacts import NewContact
from app.service.message_templates import TemplateKey
from app.service.resources.contact import ContactBody
from app.service.resources.message import MessageBody


class MessagePage(BaseModel):
    """A page of messages."""

    data: list[MessageBody] = Field(description="Oldest first.")
    next_cursor: str | None = Field(description="For the next page. Null on the last page.")


class MessageTemplateName(Input):
    """Which message: one for each event, audience and language."""

    event: Annotated[str, StringConstraints(pattern=r"^[a-z_.]{1,40}$")] = Field(
        description="The event type, such as `claim.rejected`."
    )
    audience: Audience = Field(description="Who reads the message.")
    language: Language = Field(description="The language.")

    def template_key(self) -> TemplateKey:
        return TemplateKey(event=self.event, audience=self.audience, language=self.language)


_TEMPLATE = "{{ shop }}: {{ kind|kind }}\n\n{{ order_id }}{% if respond_by %} ({{ respond_by|day }}){% endif %}"


class PutMessageTemplateRequest(MessageTemplateName):
    """The next version. Its first line is the subject, what follows is the text."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"event": "claim.requested", "audience": "buyer", "language": "ko", "text": _TEMPLATE},
            ]
        }
    )

    text: TemplateText = Field(description="The first line is the subject, the rest is the text.")


class PreviewMessageRequest(MessageTemplateName):
    """With a `claim_id` it is rendered for that claim, and without for a sample; `text` tries out a template."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"event": "claim.requested", "audience": "buyer", "language": "ko", "text": _TEMPLATE},
                {"event": "claim.rejected", "audience": "buyer", "language": "ja"},
            ]
        }
    )

    text: TemplateText | None = Field(
        default=None, description="A template to try out. Left out: the template in force."
    )
    claim_id: Name | None = Field(default=None, description="The claim to make the message for. Left out: a sample.")


class MessagePreview(BaseModel):
    """A message that was made and not stored."""

    subject: str = Field(description="The subject line.")
    text: str = Field(description="The text.")
    html: str = Field(description="The same as a plain document, escaped, with nothing to load.")


class TemplateVariable(BaseModel):
    """A value that a template may name."""

    name: str = Field(description="How a template names it.")
    means: str = Field(description="What it holds.")
    always: bool = Field(description="If not, ask for it first: `{% if name %}`.")


class MessageTemplate(BaseModel):
    """What is in force. `version` is null where that is the built-in one."""

    event: str = Field(description="The event type.")
    audience: Audience = Field(description="Who reads the message.")
    language: Language = Field(description="The language.")
    version: int | None = Field(description="Counts your versions from 1. Null for the built-in template.")
    created_at: datetime | None = Field(description="When the version was stored. Null for the built-in template.")
    text: str = Field(description="The template. Its first line is the subject.")


class MessageTemplateList(BaseModel):
    """Every template in force."""

    data: list[MessageTemplate] = Field(description="One for each event, audience and language.")


class MessageTemplateDetail(MessageTemplate):
    """A template with the variables that it may name."""

    variables: list[TemplateVariable] = Field(description="What the template may name.")


class AddClaimContactRequest(CommandRequest):
    """A `question` to the buyer puts the claim on hold, its `answer` releases it, a `note` stays with you."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "question", "text": "상품의 사진을 보내주실 수 있을까요?", "actor": "minji"}]
        }
    )

    kind: ContactKind = Field(description="A question, an answer or a note.")
    text: Annotated[Message, StringConstraints(pattern=r"\S", max_length=2000)] = Field(description="The words.")
    ends_at: Instant | None = Field(default=None, description="A question only: until when the claim waits.")

    @model_validator(mode="after")
    def _only_questions_wait(self) -> Self:
        if self.ends_at is not None and self.kind is not ContactKind.QUESTION:
            raise ValueError("only a question waits until a day")
        return self

    @property
    def role(self) -> Literal[Role.BUYER, Role.SELLER]:
        """Whose words these are."""
        return Role.BUYER if self.kind is ContactKind.ANSWER else Role.SELLER

    def new(self, by: Actor) -> NewContact:
        return NewContact(kind=self.kind, by=by, text=self.text, ends_at=self.ends_at)


class ContactPage(BaseModel):
    """A page of a claim's contacts."""

    data: list[ContactBody] = Field(description="Oldest first.")
    next_cursor: str | None = Field(description="For the next page. Null on the last page.")


EventName = Annotated[Word, Field(description="An event that makes messages, such as `claim.rejected`.")]
