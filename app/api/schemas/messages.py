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
    data: list[MessageBody]
    next_cursor: str | None


class MessageTemplateName(Input):
    """Which message: one for each event, audience and language."""

    event: Annotated[str, StringConstraints(pattern=r"^[a-z_.]{1,40}$")]
    audience: Audience
    language: Language

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

    text: TemplateText


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

    text: TemplateText | None = None
    claim_id: Name | None = None


class MessagePreview(BaseModel):
    subject: str
    text: str
    html: str = Field(description="The same as a plain document, escaped, with nothing to load.")


class TemplateVariable(BaseModel):
    name: str
    means: str
    always: bool = Field(description="If not, ask for it first: `{% if name %}`.")


class MessageTemplate(BaseModel):
    """What is in force. `version` is null where that is the built-in one."""

    event: str
    audience: Audience
    language: Language
    version: int | None
    created_at: datetime | None
    text: str


class MessageTemplateList(BaseModel):
    data: list[MessageTemplate]


class MessageTemplateDetail(MessageTemplate):
    variables: list[TemplateVariable]


class AddClaimContactRequest(CommandRequest):
    """A `question` to the buyer puts the claim on hold, its `answer` releases it, a `note` stays with you."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "question", "text": "상품의 사진을 보내주실 수 있을까요?", "actor": "minji"}]
        }
    )

    kind: ContactKind
    text: Annotated[Message, StringConstraints(pattern=r"\S", max_length=2000)]
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
    data: list[ContactBody]
    next_cursor: str | None


EventName = Annotated[Word, Field(description="An event that makes messages, such as `claim.rejected`.")]
