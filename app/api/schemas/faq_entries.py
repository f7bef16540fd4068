"""The bodies of a shop's FAQ."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.api.schemas.common import Input, MessageToBuyer, Name, Word, with_words
from app.api.schemas.policies import Language
from app.service.faq_entries import NewFaqEntry

EntryId = Annotated[Word, Field(description="Your id of the entry. It is the same in every language.")]
Question = Annotated[Name, AfterValidator(with_words), Field(description="One line, as buyers ask.")]

_ENTRY: JsonDict = {
    "entry_id": "return-cost",
    "language": "ko",
    "question": "반품 배송비는 누가 부담하나요?",
    "phrasings": ["반품할 때 택배비가 드나요?"],
    "answer": "단순 변심이면 왕복 배송비를 구매자님이 부담하시고, 상품에 문제가 있으면 저희가 부담합니다.",
}


class PutFaqEntryRequest(Input):
    """The next version of an FAQ entry."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ENTRY]})

    entry_id: EntryId
    language: Language = Field(description="The language of the entry.")
    question: Question
    phrasings: list[Question] = Field(
        default=[], max_length=20, description="Other ways to ask the same. A search finds the entry by each of them."
    )
    answer: Annotated[MessageToBuyer, Field(min_length=1, description="What buyers read.")]
    actor: Name | None = Field(default=None, description="Who wrote the version. The default is the key's name.")

    def entry(self) -> NewFaqEntry:
        return NewFaqEntry(
            entry_id=self.entry_id,
            language=self.language,
            question=self.question,
            phrasings=tuple(self.phrasings),
            answer=self.answer,
            author=self.actor,
        )


class FaqEntry(BaseModel):
    """A version of an FAQ entry."""

    entry_id: str = Field(description="Your id of the entry.")
    language: Language = Field(description="The language of the entry.")
    version: int = Field(description="Counts from 1.")
    question: str = Field(description="The question.")
    phrasings: list[str] = Field(description="Other ways to ask the same.")
    answer: str | None = Field(description="The answer. Null in a version that removed the entry.")
    written_by: str = Field(description="Who wrote the version.")
    created_at: datetime = Field(description="When the version was stored.")


class FaqEntryList(BaseModel):
    """FAQ entries."""

    data: list[FaqEntry] = Field(description="The entries in force, by language and id.")


class FaqEntryHistory(BaseModel):
    """The versions of an FAQ entry."""

    data: list[FaqEntry] = Field(description="The newest version first.")


class FaqMatch(BaseModel):
    """An FAQ entry that answers the question."""

    entry: FaqEntry = Field(description="The entry, in its newest version.")
    closeness: float = Field(ge=0, le=1, description="1 for the same meanings as the question.")


class FaqMatchList(BaseModel):
    """The answers of the shop's FAQ to a question."""

    data: list[FaqMatch] = Field(
        description="At most three entries, the best first. Empty if no entry answers the question."
    )
