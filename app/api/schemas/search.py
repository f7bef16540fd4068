"""The parameter of lists that a person searches by what is at hand."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.api.schemas.common import Name
from app.api.schemas.sorting import SortedList
from app.records.order_words import sought_words


def _has_a_word(text: str) -> str:
    if not sought_words(text):
        raise PydanticCustomError("no_letter_or_digit", "must hold a letter or a digit")
    return text


Search = Annotated[
    Name,
    AfterValidator(_has_a_word),
    Field(
        description="What somebody looks for. Each word must begin a word of the order: of its id, of the SKU or the"
        " title of a line, or of the buyer's name or mail address. A word can also be a whole parcel number, the id of"
        " a claim of the order, the last four digits of the buyer's phone, or the whole phone number. Capital letters,"
        " accents and widths make no difference. The first six words count."
    ),
]


class SearchedList(SortedList):
    """The parameters of a list of orders, or of claims by their orders."""

    q: Search | None = None
