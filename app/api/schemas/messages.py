"""The bodies of messages, of their templates and of the log of contacts."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator, model_validator

from app.api.schemas.commands import CommandRequest
from app.api.schemas.common import Input, Instant, Message, Name, TemplateText, Word, with_words
from app.api.schemas.policies import Language
from app.engine.model.claim import Actor
from app.engine.model.vocabulary import Role
from app.messages.message_rules import Audience
from app.messages.sample_situations import Situation
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
    """The name of a template: there is one for each event, audience and language."""

    event: Annotated[str, StringConstraints(pattern=r"^[a-z_.]{1,40}$")] = Field(
        description="The event type, such as `claim.rejected`."
    )
    audience: Audience = Field(description="Who reads the message.")
    language: Language = Field(description="The language.")

    def template_key(self) -> TemplateKey:
        return TemplateKey(event=self.event, audience=self.audience, language=self.language)


_TEMPLATE = "{{ shop }}: {{ kind|kind }}\n\n{{ order_id }}{% if respond_by %} ({{ respond_by|day }}){% endif %}"


class PutMessageTemplateRequest(MessageTemplateName):
    """The next version of your template."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"event": "claim.requested", "audience": "buyer", "language": "ko", "text": _TEMPLATE},
            ]
        }
    )

    text: TemplateText = Field(description="The first line is the subject. The other lines are the text.")


class PreviewMessageRequest(MessageTemplateName):
    """Renders a message. `claim_id` chooses the claim, and `text` is a template to try out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"event": "claim.requested", "audience": "buyer", "language": "ko", "text": _TEMPLATE},
                {"event": "claim.rejected", "audience": "buyer", "language": "ja"},
            ]
        }
    )

    text: TemplateText | None = Field(
        default=None, description="A template to try out. The default is the template in force."
    )
    claim_id: Name | None = Field(default=None, description="The claim of the message. The default is a sample.")
    situation: Situation | None = Field(
        default=None, description="The situation of the sample. Without it the sample has every variable."
    )

    @model_validator(mode="after")
    def _is_a_claim_or_a_sample(self) -> Self:
        if self.claim_id is not None and self.situation is not None:
            raise ValueError("has a claim_id or a situation")
        return self


class MessagePreview(BaseModel):
    """A message that was rendered and not stored."""

    subject: str = Field(description="The subject line.")
    text: str = Field(description="The text.")
    html: str = Field(description="The same as an HTML document, escaped, with nothing to load.")


class TemplateVariable(BaseModel):
    """A variable that a template may use."""

    name: str = Field(description="The name of the variable.")
    means: str = Field(description="What the variable means.")
    always: bool = Field(description="If false, test the variable first: `{% if name %}`.")


class MessageTemplate(BaseModel):
    """The template in force."""

    event: str = Field(description="The event type.")
    audience: Audience = Field(description="Who reads the message.")
    language: Language = Field(description="The language.")
    text_language: Language = Field(
        description="The language of the text: `en` where there is no template in `language`."
    )
    version: int | None = Field(description="The number of your version, from 1. Null for the built-in template.")
    created_at: datetime | None = Field(description="When the version was stored. Null for the built-in template.")
    text: str = Field(description="The template. Its first line is the subject.")


class MessageTemplateList(BaseModel):
    """Every template in force."""

    data: list[MessageTemplate] = Field(description="One for each event, audience and language.")


class MessageTemplateDetail(MessageTemplate):
    """A template with the variables that it may use."""

    variables: list[TemplateVariable] = Field(description="The variables that the template may use.")


class AddClaimContactRequest(CommandRequest):
    """A `question` puts the claim on hold. An `answer` releases the claim. The buyer never sees a `note` or a
    `call`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "question", "text": "상품의 사진을 보내주실 수 있을까요?", "actor": "minji"}]
        }
    )

    kind: ContactKind = Field(description="A question, an answer, a note, or a phone call that you note.")
    text: Annotated[Message, StringConstraints(pattern=r"\S", max_length=2000)] = Field(
        description="The text of the contact."
    )
    ends_at: Instant | None = Field(default=None, description="Questions only: when the hold ends.")

    @field_validator("text")
    @classmethod
    def _questions_have_words(cls, text: str, info: ValidationInfo) -> str:
        """The buyer reads a question. What the buyer answers is the buyer's own."""
        return with_words(text) if info.data.get("kind") is ContactKind.QUESTION else text

    @model_validator(mode="after")
    def _only_questions_wait(self) -> Self:
        if self.ends_at is not None and self.kind is not ContactKind.QUESTION:
            raise ValueError("only a question waits until a day")
        return self

    @property
    def role(self) -> Literal[Role.BUYER, Role.SELLER]:
        """The side that wrote the text."""
        return Role.BUYER if self.kind is ContactKind.ANSWER else Role.SELLER

    def new(self, by: Actor) -> NewContact:
        return NewContact(kind=self.kind, by=by, text=self.text, ends_at=self.ends_at)


class ContactPage(BaseModel):
    """A page of a claim's contacts."""

    data: list[ContactBody] = Field(description="Oldest first.")
    next_cursor: str | None = Field(description="For the next page. Null on the last page.")


EventName = Annotated[Word, Field(description="An event type with messages, such as `claim.rejected`.")]
