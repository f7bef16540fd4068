"""The bodies of withdrawals from contracts."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.api.schemas.buyers import Email
from app.api.schemas.common import MOST_LINES, Input, Instant, Message, Name, Quantity, named_once, with_words
from app.api.schemas.policies import Language
from app.records.withdrawal import Channel, WithdrawalLine
from app.service.resources.withdrawal import WithdrawalDetail
from app.service.withdrawals import NewDeclaration

Words = Annotated[Name, AfterValidator(with_words)]
Goods = Annotated[Message, AfterValidator(with_words), Field(min_length=1, max_length=1000)]
Text = Annotated[Message, Field(min_length=1, max_length=2000)]

_DECLARATION: JsonDict = {
    "order_number": "2026060512345",
    "name": "김민지",
    "email": "minji@example.com",
    "language": "ko",
    "declared_at": "2026-06-10T23:58:00+09:00",
}


class WithdrawalLineInput(Input):
    """Units of a line that the buyer withdraws from."""

    line_id: Name = Field(description="Your id of the line.")
    quantity: Quantity = Field(description="How many units.")

    def line(self) -> WithdrawalLine:
        return WithdrawalLine(line_id=self.line_id, quantity=self.quantity)


Lines = Annotated[list[WithdrawalLineInput], Field(max_length=MOST_LINES), named_once("line_id")]


class ReceiveWithdrawalRequest(Input):
    """A withdrawal that a buyer declared on a page of your own."""

    model_config = ConfigDict(json_schema_extra={"examples": [_DECLARATION]})

    order_number: Words = Field(description="The order, as the buyer wrote it. It need not be right.")
    name: Words = Field(description="The buyer's name.")
    email: Email = Field(description="Where the acknowledgement goes.")
    language: Language | None = Field(
        default=None, description="The language of your page and of the acknowledgement. The default is your shop's."
    )
    lines: Lines = Field(default=[], description="What the buyer withdraws from. Empty: the whole order.")
    goods: Goods | None = Field(
        default=None,
        description="The goods in the buyer's words, if the buyer withdraws from a part. If the order has several"
        " units, you then match the withdrawal yourself.",
    )
    text: Text | None = Field(default=None, description="What the buyer added.")
    declared_at: Instant | None = Field(
        default=None, description="When the buyer confirmed it. The default is now. Windows are judged by this instant."
    )

    def declaration(self) -> NewDeclaration:
        return NewDeclaration(
            order_number=self.order_number,
            name=self.name,
            email=self.email,
            language=self.language,
            channel=Channel.API,
            lines=tuple(line.line() for line in self.lines),
            goods=self.goods,
            text=self.text,
            declared_at=self.declared_at,
        )


class MatchWithdrawalRequest(Input):
    """The order of a withdrawal."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"order_id": "2026060512345"}]})

    order_id: Name = Field(description="Your own id of the order.")
    lines: Lines = Field(
        default=[], description="The lines that the buyer's words mean. Empty: those of the buyer, or the whole order."
    )
    actor: Name | None = Field(default=None, description="Who decides. The default is the key's name.")


class CloseWithdrawalRequest(Input):
    """Why a withdrawal is closed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "다른 스토어의 주문입니다."}]})

    reason: Goods = Field(description="Why no order fits, for your own records.")
    actor: Name | None = Field(default=None, description="Who decides. The default is the key's name.")


class WithdrawalPage(BaseModel):
    """A page of a list of withdrawals."""

    data: list[WithdrawalDetail] = Field(description="The newest withdrawal comes first.")
    next_cursor: str | None = Field(description="Null on the last page.")
