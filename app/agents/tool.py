"""A tool: its arguments, its result, who may call it and what the call does."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.agents.context import Agent
from app.records.api_key import Scope

Json = dict[str, Any]
Run = Callable[[Agent, Any], Awaitable[Json]]


class Own(BaseModel):
    """The arguments beside those of the API: every tool has the language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Literal["en", "ko", "ja"] | None = Field(
        default=None, description="The language of the sentences in the answer."
    )


class Nothing(BaseModel):
    """A tool without arguments of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Checked arguments: `own` are those beside the body of the API's request. `sent` are the arguments as they were
    sent, without the language and the confirm token."""

    tool: str
    own: Any
    body: Any
    sent: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """`body` is the body of the same request of the API, whose fields are arguments. `result` is the schema of the
    answer. `scope` is of API keys. A buyer's tool has none."""

    name: str
    title: str
    description: str
    run: Run
    result: Json
    own: type[Own] = Own
    body: type[BaseModel] = Nothing
    scope: Scope | None = None
    is_read_only: bool = True
    is_destructive: bool = False
    hidden: frozenset[str] = field(default=frozenset({"actor"}))
    """Fields of the body that an agent does not state: the history names the agent itself."""

    def arguments(self) -> Json:
        """The JSON Schema of the arguments."""
        own, body = self.own.model_json_schema(), self.body.model_json_schema()
        shown = {name: value for name, value in body.get("properties", {}).items() if name not in self.hidden}
        definitions = {**own.get("$defs", {}), **body.get("$defs", {})}
        required = [*own.get("required", ()), *body.get("required", ())]
        return {
            "type": "object",
            "properties": {**own.get("properties", {}), **shown},
            "required": required,
            "additionalProperties": False,
            **({"$defs": definitions} if definitions else {}),
        }

    def call(self, arguments: Mapping[str, Any]) -> Call:
        """Raises ValidationError. What no part of the arguments knows is refused as a field of the body."""
        own = {name: value for name, value in arguments.items() if name in self.own.model_fields}
        rest = {name: value for name, value in arguments.items() if name not in own}
        if self.hidden.intersection(rest):
            Nothing.model_validate({name: rest[name] for name in self.hidden.intersection(rest)})
        return Call(
            tool=self.name,
            own=self.own.model_validate(own),
            body=self.body.model_validate(rest),
            sent={name: value for name, value in arguments.items() if name not in ("language", "confirm_token")},
        )


def model_of(model: type[BaseModel]) -> Json:
    """The schema of a resource, as in the answers of the API."""
    return model.model_json_schema(mode="serialization")


def list_of(description: str) -> Json:
    """The schema of a list. Its rows have the shape of the tool that reads one."""
    rows = {"type": "array", "items": {"type": "object"}, "description": description}
    return {"type": "object", "properties": {"data": rows}, "required": ["data"]}


def violations_of(error: ValidationError) -> list[Any]:
    return list(error.errors(include_url=False, include_input=False))
