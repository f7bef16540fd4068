"""Refuses query parameters that are repeated or unknown, so that none is ignored without a word."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

from app.api.problems import ProblemError


def refuse_unclear_parameters(request: Request) -> None:
    """Raises ProblemError for a parameter that is repeated or unknown. Monitoring adds parameters outside of the
    API."""
    if request.scope["query_string"] and request.scope["path"].startswith(("/v1/", "/buyer/v1/")):
        _refuse_repeated_parameters(request)
        _refuse_unknown_parameters(request)


def _refuse_repeated_parameters(request: Request) -> None:
    """Unless the parameter is a list. Otherwise all values but the last would be ignored."""
    names = Counter(name for name, _ in request.query_params.multi_items())
    if repeated := [name for name, count in names.items() if count > 1 and not _is_list(request, name)]:
        errors = [
            {"field": f"query.{name}", "rule": "named_once", "message": "Send this parameter once", "params": {}}
            for name in repeated[:50]
        ]
        raise ProblemError(422, "repeated_parameter", parameter=repeated[0], errors=errors)


def _is_list(request: Request, name: str) -> bool:
    for field in request.scope["route"].dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            annotation = inner.annotation if (inner := annotation.model_fields.get(name)) else None
        elif field.alias != name:
            continue
        if any(get_origin(each) is list for each in (annotation, *get_args(annotation))):
            return True
    return False


def _refuse_unknown_parameters(request: Request) -> None:
    """Otherwise a misspelt parameter would be ignored. Pydantic checks the parameters of a model."""
    annotations = dict(_parameters(request.scope["route"].dependant))
    if any(isinstance(each, type) and issubclass(each, BaseModel) for each in annotations.values()):
        return
    unknown = [name for name in request.query_params if name not in annotations]
    if unknown:
        errors = [
            {"field": f"query.{name}", "rule": "extra_forbidden", "message": "There is no such parameter", "params": {}}
            for name in unknown[:50]
        ]
        raise ProblemError(422, "invalid_request", parameter=unknown[0], errors=errors)


def _parameters(dependant: Dependant) -> Iterator[tuple[str, Any]]:
    """The query parameters of a route and of its dependencies, each with its type."""
    for field in dependant.query_params:
        yield field.alias, field.field_info.annotation
    for dependency in dependant.dependencies:
        yield from _parameters(dependency)
