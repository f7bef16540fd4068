"""The buyer's shapes of public resources: models with the shown fields alone, and bodies that are cut to them."""

from collections.abc import Iterator
from copy import copy
from functools import cache
from types import GenericAlias, UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, Field, create_model

from app import json_text
from app.buyer.declared import DECLARED


@cache
def for_buyer(model: type[BaseModel]) -> type[BaseModel]:
    """The model with the shown fields alone, at every depth. The model itself if all its fields are shown."""
    fields = {name: field for name, field in model.model_fields.items() if name in DECLARED[model].names_shown}
    annotations = {name: _annotation(field.annotation) for name, field in fields.items()}
    if len(fields) == len(model.model_fields) and all(
        annotations[name] == field.annotation for name, field in fields.items()
    ):
        return model
    shown: dict[str, Any] = {name: (annotations[name], copy(field)) for name, field in fields.items()}
    return create_model(f"{model.__name__.removesuffix('Body')}ForBuyer", __doc__=model.__doc__, **shown)


def list_for_buyer(name: str, model: type[BaseModel], description: str) -> type[BaseModel]:
    """A model of a list, whose `data` has the buyer's shape of the model."""
    rows: Any = GenericAlias(list, (for_buyer(model),))
    return create_model(name, __doc__=description, data=(rows, Field(description=description)))


def body_for_buyer(model: type[BaseModel], body: dict[str, Any]) -> Any:
    """A body of the model as JSON values, cut to the shown fields."""
    return _cut(for_buyer(model), json_text.load(json_text.dump(body)))


def models_inside(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models in the type of a field."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models_inside(inner)


def _annotation(annotation: Any) -> Any:
    """The type of a field, with the buyer's shapes of the models in it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return for_buyer(annotation)
    if not any(models_inside(annotation)):
        return annotation
    inner = tuple(_annotation(each) for each in get_args(annotation))
    origin = get_origin(annotation)
    return Union[inner] if origin in (Union, UnionType) else GenericAlias(origin, inner)  # noqa: UP007 # made of values


def _cut(model: type[BaseModel], value: Any) -> Any:
    if isinstance(value, list):
        return [_cut(model, each) for each in value]
    if value is None:
        return None
    return {name: _cut_field(field.annotation, value[name]) for name, field in model.model_fields.items()}


def _cut_field(annotation: Any, value: Any) -> Any:
    model = next(models_inside(annotation), None)
    return value if model is None else _cut(model, value)
