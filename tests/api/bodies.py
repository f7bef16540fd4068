"""Request bodies drawn from the OpenAPI document: sound bodies, and sound bodies with damage."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

Schema = Mapping[str, Any]

INTEGERS = st.integers(-(2**70), 2**70) | st.sampled_from([0, 1, 2, 3, 12000, 2**31, 2**53, 2**63, 10**13])
JUNK: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | INTEGERS
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["\0", "\ud800", "", " ", "2026-02-30", "0001-01-01T00:00:00Z", "x" * 5000, "ㅋ" * 201])
    | st.just([])
    | st.just({})
    | st.just([[{"a": [None]}]])
)


class Bodies:
    """`names` maps a field to values that the service knows; the strategies draw them often for that field."""

    def __init__(self, document: Schema, names: Mapping[str, list[Any]]) -> None:
        self._paths: Schema = document["paths"]
        self._schemas: Schema = document["components"]["schemas"]
        self._names = names

    def body_of(self, method: str, path: str) -> Schema:
        """The schema of an operation's request body."""
        body: Schema = self._paths[path][method.lower()]["requestBody"]
        content_schema: Schema = body["content"]["application/json"]["schema"]
        return content_schema

    def sound(self, schema: Schema, name: str = "") -> st.SearchStrategy[Any]:
        """Values that a schema allows."""
        if "$ref" in schema:
            return self.sound(self._schemas[schema["$ref"].rpartition("/")[2]], name)
        for choice in ("anyOf", "oneOf"):
            if choice in schema:
                return st.one_of([self.sound(option, name) for option in schema[choice]])
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        strategy: st.SearchStrategy[Any] = getattr(self, f"_{schema['type']}")(schema)
        return st.sampled_from(self._names[name]) | strategy if name in self._names else strategy

    def mutations(self, schema: Schema) -> st.SearchStrategy[Any]:
        """A sound value with up to three fields dropped, retyped or added."""
        return st.builds(_damage, self.sound(schema), st.lists(st.tuples(ACTS, st.integers(0), JUNK), max_size=3))

    def _null(self, _: Schema) -> st.SearchStrategy[None]:
        return st.none()

    def _boolean(self, _: Schema) -> st.SearchStrategy[bool]:
        return st.booleans()

    def _integer(self, schema: Schema) -> st.SearchStrategy[int]:
        least, most = schema.get("minimum", 0), schema.get("maximum", 2**40)
        return st.integers(least, min(most, least + 5)) | st.integers(least, most) | st.just(most)

    def _string(self, schema: Schema) -> st.SearchStrategy[str]:
        if schema.get("format") == "date-time":
            return st.sampled_from(INSTANTS)
        if schema.get("format") == "date":
            return st.dates().map(str)
        if "pattern" in schema:
            return st.from_regex(re.compile(str(schema["pattern"])), fullmatch=True)
        return st.text(min_size=schema.get("minLength", 0), max_size=min(schema.get("maxLength", 12), 12))

    def _array(self, schema: Schema) -> st.SearchStrategy[list[Any]]:
        least = schema.get("minItems", 0)
        return st.lists(self.sound(schema["items"]), min_size=least, max_size=least + 2)

    def _object(self, schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
        fields = {name: self.sound(field, name) for name, field in schema.get("properties", {}).items()}
        required = {name: fields.pop(name) for name in schema.get("required", ())}
        return st.fixed_dictionaries(required, optional=fields)


INSTANTS = [
    "2026-06-08T12:00:00+09:00",
    "2026-06-08T11:59:59.999999+09:00",
    "2026-06-01T00:00:00Z",
    "2000-01-01T00:00:00Z",
    "2099-12-31T23:59:59Z",
    "1999-12-31T23:59:59Z",
]
ACTS = st.sampled_from(["drop", "retype", "retype", "add"])


def _damage(value: Any, acts: list[tuple[str, int, Any]]) -> Any:
    value = deepcopy(value)
    for act, where, junk_value in acts:
        junk = deepcopy(junk_value)
        places = list(_places(value))
        if not places:
            return junk
        inner, key = places[where % len(places)]
        if act == "drop":
            del inner[key]
        elif act == "retype":
            inner[key] = junk
        elif isinstance(inner, dict):
            inner[f"{key}_"] = junk
        else:
            inner.append(junk)
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) inside a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from _places(inner)
