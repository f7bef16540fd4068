"""The bodies of imports of orders from files."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.schemas.common import Currency, Input, Name
from app.api.schemas.orders import Zone
from app.imports.fields import ImportKind
from app.records.order_import import Matching, OrderImport
from app.service.order_imports.imports import ImportOptions
from app.service.resources.order_import import ImportEntryBody, OrderImportBody

Password = Annotated[str, StringConstraints(max_length=255)]


def _example(**values: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [values]})


class ImportOptionsInput(Input):
    """What is said about a file. What is left out, the file and your policy tell."""

    kind: ImportKind | None = Field(default=None, description="What a row tells of. The default is by the headings.")
    format: Name | None = Field(default=None, description="The format. The default is by the headings.")
    password: Password | None = Field(default=None, description="Of an Excel file that has one. It is not kept.")
    currency: Currency | None = Field(default=None, description="Of amounts, unless a column has the currency.")
    time_zone: Zone | None = Field(default=None, description="Of instants without an offset.")
    policy: Name | None = Field(
        default=None, description="The policy that judges new orders. The default is the policy of your other orders."
    )
    notify_buyers: bool = Field(
        default=False, description="Whether buyers get messages about what the file tells. The default is no."
    )

    def options(self) -> ImportOptions:
        return ImportOptions(**{name: getattr(self, name) for name in ImportOptions.__slots__})


class CreateOrderImportRequest(ImportOptionsInput):
    """A form with a file. Fields of the form that are empty are as if they were not sent."""

    model_config = _example(file="(the bytes)", kind="orders")

    file: bytes = Field(
        description="Excel (.xlsx, .xls), or text with commas, tabs or semicolons in UTF-8, UTF-16, CP949 or CP932."
    )


class MatchOrderImportRequest(Input):
    """Which column has which field."""

    model_config = _example(
        columns={"order_id": "주문번호", "paid_at": "결제일", "quantity": "수량", "unit_price": "단가"}
    )

    columns: Annotated[dict[Name, Name], Field(max_length=60)] = Field(
        description="The name of the column by field. A field that is left out has no column."
    )
    currency: Currency | None = Field(default=None, description="Of amounts. Null: no change.")
    time_zone: Zone | None = Field(default=None, description="Of instants without an offset. Null: no change.")
    policy: Name | None = Field(default=None, description="The policy that judges new orders. Null: no change.")

    def matching(self, made: OrderImport) -> Matching:
        return Matching(
            columns=self.columns,
            currency=self.currency or made.currency,
            time_zone=self.time_zone or made.time_zone,
            policy=self.policy or made.policy,
        )


class StartOrderImportRequest(Input):
    """The rows are imported from now on."""

    model_config = _example(notify_buyers=False)

    notify_buyers: bool | None = Field(
        default=None,
        description="Whether buyers get messages about what the file tells. Null: as it was said with the file.",
    )


class OrderImportPage(BaseModel):
    """A page of imports."""

    data: list[OrderImportBody] = Field(description="The newest comes first.")
    next_cursor: str | None = Field(description="For the next page. Null on the last page.")


class ImportEntryPage(BaseModel):
    """A page of the rows of an import."""

    data: list[ImportEntryBody] = Field(description="In the order of the file.")
    next_cursor: str | None = Field(description="For the next page. Null on the last page.")
