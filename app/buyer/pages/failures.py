"""What a form shows when its request fails: a sentence for the field, or for the whole request."""

from collections.abc import Mapping

from pydantic import ValidationError

from app.api.problems import ProblemError
from app.buyer.pages.texts import text
from app.buyer.pages.visit import Visit
from app.pages import failures
from app.pages.failures import Errors
from app.service.errors import ServiceError, StaleVersionError


async def sentence_of(seen: Visit, error: ServiceError | ProblemError) -> str:
    """The sentence that the API would answer. A claim that has changed has a sentence for people."""
    if isinstance(error, StaleVersionError):
        return text("stale", seen.language)
    return await failures.sentence_of(seen.request, error)


def errors_of_form(error: ValidationError, fields: Mapping[str, str], language: str) -> Errors:
    """The errors of a body by the fields of its form. `fields` has the form's name for each name of the body."""
    return failures.errors_of_form(error, fields, text("wrong_value", language))
