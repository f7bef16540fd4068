"""Each field of a public shape is declared: shown to buyers or kept back."""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from app.buyer.declared import DECLARED
from app.buyer.shapes import for_buyer, models_inside
from tests.api.answers import BUYER_ROUTES


@pytest.mark.parametrize("model", DECLARED, ids=[model.__name__ for model in DECLARED])
def test_each_field_is_shown_or_kept_back(model: type[BaseModel]) -> None:
    declared = DECLARED[model]
    assert declared.names_shown | declared.names_kept_back == model.model_fields.keys()
    assert not declared.names_shown & declared.names_kept_back


@pytest.mark.parametrize("model", DECLARED, ids=[model.__name__ for model in DECLARED])
def test_a_buyer_gets_the_shown_fields_alone_at_every_depth(model: type[BaseModel]) -> None:
    for_buyers = {for_buyer(each) for each in DECLARED}
    shown = for_buyer(model)
    assert shown.model_fields.keys() == DECLARED[model].names_shown
    assert set(_models_of(shown)) <= for_buyers


def test_no_answer_to_a_buyer_has_the_shape_for_sellers() -> None:
    """A route whose answer has a shape with fields that are kept back would show them."""
    with_secrets = {model for model in DECLARED if for_buyer(model) is not model}
    answers = [(route.path, route.response_model) for route in BUYER_ROUTES if route.response_model is not None]
    leaks = [(path, model) for path, answer in answers for model in _reachable(answer) if model in with_secrets]
    assert leaks == []


def _models_of(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for field in model.model_fields.values():
        yield from models_inside(field.annotation)


def _reachable(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for inner in _models_of(model):
        yield from _reachable(inner)
