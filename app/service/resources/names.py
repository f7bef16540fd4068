"""The public names of schemas, in the OpenAPI document. A class may have another name in the code.

A class `<Noun>Body` is shown as `<Noun>`. This table has the public names of engine types whose own
name is too short or has no noun.
"""

from collections.abc import Mapping
from typing import Any

_NAMES: Mapping[str, str] = {
    "Anchor": "PeriodAnchor",
    "AutomaticWhen": "AutomationCondition",
    "ChangeStatus": "AddressChangeStatus",
    "Condition": "GoodsCondition",
    "Declared": "DeclaredCondition",
    "Deduction": "DeductionReason",
    "Deposit": "DepositRule",
    "Kind": "ClaimKind",
    "Limit": "TimeLimit",
    "LostDiscount": "LostDiscountRule",
    "Mode": "KeyMode",
    "Nature": "ProductNature",
    "Overtaken": "OvertakenRule",
    "Reason": "ClaimReason",
    "Record": "EvidenceRecord",
    "Role": "ActorRole",
    "Row": "PolicyPageRow",
    "State": "ClaimState",
    "StepCode": "BreakdownStepCode",
    "TermViolation": "TermViolationCode",
    "Unanswered": "UnansweredRule",
    "Unit": "PeriodUnit",
    "Violation": "TermViolation",
}


def public_name(name: str) -> str:
    return _NAMES.get(name) or name.removesuffix("Body")


def publicly_named(schema: Any) -> Any:
    """A JSON Schema, or a part of one, that refers to other schemas by their public names."""
    if isinstance(schema, list):
        return [publicly_named(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _reference(value) if key == "$ref" else publicly_named(value) for key, value in schema.items()}


def definitions(schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Schemas by their class names as schemas by their public names. Raises ValueError where two share a name."""
    schemas_by_name = {public_name(name): publicly_named(schema) for name, schema in schemas.items()}
    if len(schemas_by_name) < len(schemas):
        raise ValueError("two schemas share a public name")
    return {name: {**schema, "title": name} for name, schema in sorted(schemas_by_name.items())}


def _reference(path: str) -> str:
    head, _, name = path.rpartition("/")
    return f"{head}/{public_name(name)}"
