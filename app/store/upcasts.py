"""One small function for each version of a stored document: it returns the document in the shape of the next version.

A function leaves a document of a later version as it is. Events hold claims without a version, and so all functions
run on them.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from app.engine.model.vocabulary import refund_to_of

Document = dict[str, Any]
Upcast = Callable[[Document], Document]


def claim_v1_to_v2(claim: Document) -> Document:
    """`withdrawn` became `retracted`, and fields that hold a time say which kind of time."""
    _rename(claim.get("submission"), requested_by="requester")
    for offer in claim.get("offers", ()):
        _rename(offer, until="expires_at")
    for reclassification in claim.get("reclassifications", ()):
        _rename(reclassification, at="reclassified_at")
    _rename(claim.get("hold"), since="held_at", until="ends_at")
    _rename(claim.get("override"), at="overridden_at")
    _rename(claim.get("buyer_payment"), at="paid_at")
    if assessment := claim.get("assessment"):
        _rename(assessment, return_shipping_paid_by="return_shipping_payer")
        _rename(assessment["window"], opens="opens_at", closes="closes_at", last_day="ends_on")
    return _in_words_of_v2(claim, "state")


def policy_v1_to_v2(policy: Document) -> Document:
    """The payer and the fee of return shipping have new names. A policy that names no currency has its country's."""
    _rename(policy["shipping"], return_paid_by="return_shipping_payer")
    _rename(policy["fees"], return_="return_shipping")
    policy.setdefault("currency", _CURRENCIES.get(policy["country"], "EUR"))
    return policy


_CURRENCIES = {"KR": "KRW", "JP": "JPY", "GB": "GBP", "US": "USD"}


def terms_v1_to_v2(terms: Document) -> Document:
    _rename(terms, return_paid_by="return_shipping_payer")
    _rename(terms.get("fees"), return_="return_shipping")
    return terms


def claim_v2_to_v3(claim: Document) -> Document:
    """Lines are judged one by one, and can be rejected one by one. Deductions name their evidence. An actor has the
    name of an API key, and a share of a refund its tax-free part."""
    reclassified = (each["by"] for each in claim.get("reclassifications", ()))
    for actor in (claim["submission"].get("requester"), (claim.get("override") or {}).get("by"), *reclassified):
        _set_defaults(actor, key=None)
    _set_defaults(claim, rejected_lines=[], knowable_at=None, fee_carried_by=None, inspected_at=None, turn=None)
    _set_defaults(claim, repair_completed_at=None)
    _set_defaults(claim.get("deadlines"), respond_latest_by=None)
    _set_defaults(claim["submission"], shipping=0, fees=0, goodwill=False, asked=[])
    if assessment := claim.get("assessment"):
        _set_defaults(assessment, lines=[], doubts=[], return_shipping_citation=None)
    for share in (claim.get("amounts") or {}).get("shares", ()):
        _set_defaults(share, tax_free=0)
    for line in claim["lines"]:
        for deduction in line["deductions"]:
            _set_defaults(deduction, evidence=[])
    return claim


def policy_v2_to_v3(policy: Document) -> Document:
    """A rule has a basis instead of a flag, and a scope."""
    for period in (policy["respond_within"], policy["collect_within"]):
        _set_defaults(period, then_months=0)
    for rule in policy["windows"]:
        _window_v2_to_v3(rule)
    for rule in (*policy["refund_deadlines"], *policy["promises"]):
        _deadline_v2_to_v3(rule)
    for rule in policy["exceptions"]:
        _set_defaults(rule, **_EXCEPTION_V3)
    for rule in policy["deductions"]:
        _set_defaults(rule, **_DEDUCTION_V3)
    for rule in policy["automation"]:
        _set_defaults(rule, natures=[], records=[], without_records=[])
    _flag_becomes_basis(policy["offers"])
    _set_defaults(policy["shipping"], **_SHIPPING_V3)
    _set_defaults(policy["restocking"], basis="statute")
    _set_defaults(policy, ask_carrier_after=_limit(7), tell_buyer_after=_limit(10))
    _set_defaults(policy, collect_lapses=True, late_refunds=[], deposit="stands", result_within=None)
    policy["late_interest"] = _late_interest_v2_to_v3(policy.get("late_interest"))
    return policy


def terms_v2_to_v3(terms: Document) -> Document:
    _set_defaults(terms, deposit=None, ask_carrier_after=None, tell_buyer_after=None)
    for name in ("respond_within", "collect_within"):
        if terms.get(name):
            _set_defaults(terms[name], then_months=0)
    for rule in terms["windows"]:
        _window_v2_to_v3(rule)
    for rule in terms["promises"]:
        _deadline_v2_to_v3(rule)
    for rule in terms["exceptions"]:
        _set_defaults(rule, **_EXCEPTION_V3)
    for rule in terms["automation"] or ():
        _set_defaults(rule, natures=[], records=[], without_records=[])
    return terms


def _limit(days: int) -> Document:
    return {"length": days, "unit": "days", "citation": "practice of carriers; no law sets a number"}


_EXCEPTION_V3 = {"without_records": [], "needs_proof": False, "basis": "statute"}
_DEDUCTION_V3 = {
    "without_records": [],
    "conditions": [],
    "needs_evidence": False,
    "limit_percent": None,
    "limit": None,
    "after": None,
    "basis": "statute",
}
_SHIPPING_V3 = {
    "buyer_pays_records": [],
    "standard_delivery_only": False,
    "instalments_from_months": None,
    "instalments_from_amount": 0,
}


def _late_interest_v2_to_v3(rule: Document | None) -> Document | None:
    """One percent for a year became rates with dates. None: a policy without interest."""
    return _constant_interest(rule["percent"], rule["citation"]) if rule and "percent" in rule else rule


def _window_v2_to_v3(rule: Document) -> None:
    after_exchange = rule.pop("after_exchange", False)
    _flag_becomes_basis(rule)
    _set_defaults(rule, natures=[], records=[], without_records=[], stops_during_cure=False, discovered_within=None)
    _set_defaults(rule, withdrawal=False)
    _set_defaults(rule, opens_after=["exchanged"] if after_exchange else [])
    for period in rule["periods"]:
        _set_defaults(period, then_months=0)


def _deadline_v2_to_v3(rule: Document) -> None:
    _flag_becomes_basis(rule)
    _set_defaults(rule, records=[], without_records=[])
    for period in rule["periods"]:
        _set_defaults(period, then_months=0)


def _flag_becomes_basis(rule: Document) -> None:
    if "statutory" in rule:
        rule["basis"] = "statute" if rule.pop("statutory") else "practice"


def _set_defaults(document: Document | None, **defaults: Any) -> None:
    """None is no document."""
    for name, value in defaults.items():
        if document is not None:
            document.setdefault(name, value)


def event_type_v1_to_v2(event_type: str) -> str:
    return _WORDS_OF_V2.get(event_type, event_type)


def with_older_event_types(event_types: Iterable[str]) -> set[str]:
    """The types and their earlier names. The feed stores earlier events with the earlier names."""
    types = set(event_types)
    return types | {old for old, new in _WORDS_OF_V2.items() if new in types}


def event_data_as_today(event_type: str, data: Document) -> Document:
    """The data of an event that an earlier release recorded and did not publish, in the shape that the same event has
    today."""
    if "claim" in data:
        claim_v2_to_v3(claim_v1_to_v2(data["claim"]))
    for name in ("from", "to"):
        _in_words_of_v2(data, name)
    if command := data.get("command"):
        _in_words_of_v2(command, "command")
        _rename(command, until="expires_at" if command["command"] == "make_offer" else "ends_at")
    if event_type.startswith("order."):
        for part in _dated_parts(data):
            _rename(part, before="previous_on")
        if "lines_left_out" in data.get("order", ()):  # the order in short, which is no shape of today
            del data["order"]
            data["truncated"] = ["order"]
    _set_defaults(data.get("by"), key=None)
    _with_fields_of_v3(data.get("refund"))
    _rename(data, failing_since="failing_started_at")
    return data


def _with_fields_of_v3(refund: Document | None) -> None:
    """A refund of version 2 has one percent for a year, and its article is in the claim's policy. The decision that
    created the refund is unknown, and nobody had a lease. What has succeeded was paid in one part, by the payment's
    method."""
    if refund:
        _set_defaults(refund, claim_version=0, payer=None, lease_ends_at=None, tax_free=0)
        _set_defaults(refund, refund_to=refund_to_of(refund["method"]).value, failed_at=None)
        parts = [_only_part(refund)] if refund["status"] == "succeeded" else []
        _set_defaults(refund, parts=parts, paid=sum(part["amount"] for part in parts))
    if refund and "late_interest_rule" not in refund:
        percent = refund["late_interest_percent"]
        refund["late_interest_rule"] = _constant_interest(percent, "") if percent else None


def _only_part(refund: Document) -> Document:
    names = ("method", "amount", "provider_reference")
    return {**{name: refund[name] for name in names}, "paid_at": refund["updated_at"] or refund["created_at"]}


def _constant_interest(percent: int, citation: str) -> Document:
    rates = [{"from_on": None, "rate": percent * 100}]
    return {"citation": citation, "rates": rates, "penalties": [], "monthly": None}


def _dated_parts(data: Document) -> Iterator[Document]:
    yield data
    yield from data.get("lines", ())


_WORDS_OF_V2 = {"withdrawn": "retracted", "withdraw": "retract", "claim.withdrawn": "claim.retracted"}


def _in_words_of_v2(document: Document, name: str) -> Document:
    if name in document:
        document[name] = _WORDS_OF_V2.get(document[name], document[name])
    return document


def _rename(document: Document | None, **names: str) -> None:
    """Rename the fields that a document has. None is no document."""
    for old, new in names.items():
        if document and old in document:
            document[new] = document.pop(old)


CLAIM: tuple[Upcast, ...] = (claim_v1_to_v2, claim_v2_to_v3)
POLICY: tuple[Upcast, ...] = (policy_v1_to_v2, policy_v2_to_v3)
TERMS: tuple[Upcast, ...] = (terms_v1_to_v2, terms_v2_to_v3)
