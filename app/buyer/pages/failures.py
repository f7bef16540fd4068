"""What a form shows when its request fails: a sentence for the field, or for the whole request."""

from collections.abc import Mapping

from pydantic import ValidationError

from app.api.problems import ProblemError, answer_to_error
from app.buyer.pages.texts import text
from app.buyer.pages.visit import Visit
from app.json_text import load
from app.service.errors import ServiceError, StaleVersionError

Errors = Mapping[str, str]
"""Sentences by the id of their field. The field of a sentence about the whole request is empty."""


async def sentence_of(seen: Visit, error: ServiceError | ProblemError) -> str:
    """The sentence that the API would answer. A claim that has changed has a sentence for people."""
    if isinstance(error, StaleVersionError):
        return text("stale", seen.language)
    answer = await answer_to_error(seen.request, error)
    return str(load(bytes(answer.body).decode())["detail"])


def errors_of_form(error: ValidationError, fields: Mapping[str, str], language: str) -> Errors:
    """The errors of a body by the fields of its form. `fields` has the form's name for each name of the body."""
    names = (str(each["loc"][-1]) if each["loc"] else "" for each in error.errors())
    return {fields.get(name, ""): text("wrong_value", language) for name in names}
