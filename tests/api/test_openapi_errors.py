"""The OpenAPI document names every error of every operation, with an example."""

import re

from app.api.problem_codes import FILE, codes_of, error_statuses
from app.api.schemas.common import Problem
from app.engine.model.commands import HoldClaim, Release, Retract
from app.engine.model.refund import ReportCode
from app.engine.model.refusals import Code
from tests.api.answers import ROUTES, name_of
from tests.api.file_scenes import FORMS
from tests.api.for_tests import MOVE
from tests.api.openapi import Document, operations
from tests.api.scenes import SCENES
from tests.api.staff_scenes import OWN, OWN_BODIES, STAFF_OPEN
from tests.api.test_keys import OPEN
from tests.pages import DOCS, table_of
from tests.problem_codes import refusals_of, text

PROBLEM = "application/problem+json"
PUBLIC_PAGE = "GET /shops/{merchant_id}/policies/{policy_id}"
FILE_LINK = "GET /files/{token}"


_PAGED = (
    "/order-board",
    *("/events", "/messages", "/contacts", "/deliveries", "/files", "/withdrawals", "/surveys", "/audit-entries"),
    *("/queue", "/timeline", "GET /v1/api-keys", "GET /v1/unannounced-parcels", "/root-hashes"),
)
"""Lists with cursors."""


def expected_errors(name: str) -> set[str]:
    """The errors that a route of its kind may answer; `check_answer` finds any other error in the other tests."""
    if name in OPEN:
        return {"GET /readyz": {"503"}, PUBLIC_PAGE: {"404", "422", "503"}, FILE_LINK: {"404", "422", "503"}}.get(
            name, set()
        )
    always = {"401", "403", "503"} | ({"429"} if name.partition(" ")[2].startswith("/v1/") else set())
    if "/v1/test/" in name:
        return always | {"413", "422"} | ({"400", "409", "415"} if name == MOVE else set())
    if name == "GET /metrics":
        return always
    reading = {"413", "422"}
    if name.startswith(("PATCH", "DELETE")) and "/webhook-endpoints" in name:
        return always | reading | {"400", "404", "409", "412"} | ({"415"} if name.startswith("PATCH") else set())
    if name.startswith("PATCH"):
        return always | reading | {"400", "404", "409", "415"}
    writing = _errors_of_writing(name)
    versioned = any(part in name for part in ("/{claim_id}/", "/{refund_id}/"))
    versioned = versioned and not any(part in name for part in _WITHOUT_VERSION)
    command = {"412"} if versioned and name in SCENES else set()
    lists = {"400"} if name in ("GET /v1/orders", "GET /v1/claims", "GET /v1/refunds") else set()
    events = {"400"} if name.endswith(_PAGED) else set()
    asks_by_id = name.startswith("POST") and not any(
        part in name for part in ("/policies", "/rules", "/what-if", "/message-templates", "/faq-entries")
    )
    asks_by_id = asks_by_id and name not in _ASK_FOR_NOTHING
    knows_all = "/message-templates" in name or (
        name.startswith("PUT") and "/refund-account" not in name and "/legal-hold" not in name
    )
    by_id = {"404"} if asks_by_id or ("{" in name and not knows_all) else set()
    return always | reading | writing | command | lists | events | by_id | _MORE.get(name, set())


def expected_errors_of_staff(name: str) -> set[str]:
    """The errors of the routes about the people of a shop, and of a person's own session."""
    errors = {"401", "413", "422", "429", "503"} | _OF_STAFF.get(name, set())
    if name in OWN | STAFF_OPEN:
        return errors | ({"400", "415"} if name in OWN_BODIES else set())
    by_id = {"404"} if "{" in name and not name.startswith("PUT") else set()
    writing = {"GET": set[str](), "DELETE": {"409"}}.get(name.partition(" ")[0], {"400", "409", "415"})
    return errors | {"403"} | by_id | writing


_ABOUT_STAFF = ("/v1/staff", "/v1/authority-limits", "/v1/approvals", "/v1/refund-breakers")
_OF_STAFF = {
    "POST /v1/staff-session": {"404", "429"},
    "DELETE /v1/staff-session": {"404", "409"},
    "POST /v1/staff-session/totp": {"409"},
    "POST /v1/staff-session/totp/confirm": {"409"},
}


STORING_NOTHING = {
    *("POST /v1/policies/check", "POST /v1/rules/check", "POST /v1/what-if", "POST /v1/messages/preview"),
}


def _errors_of_writing(name: str) -> set[str]:
    if name in STORING_NOTHING:
        return {"400", "415"}
    if name.startswith("DELETE"):
        return {"409"}
    lets_in = name.startswith("POST") and name.endswith(("/buyer-links", "/buyer-tokens"))
    return {"400", "409", "415"} if name in SCENES.keys() | FORMS or lets_in else set()


_WITHOUT_VERSION = ("/contacts", "/refund-account", "/files", "/quote", "/parcels", "/dispositions")
_ASK_FOR_NOTHING = (
    *("POST /v1/webhook-endpoints", "POST /v1/withdrawals", "POST /v1/api-keys", "POST /v1/order-imports"),
    *("POST /v1/claims/bulk", "POST /v1/orders/bulk"),
    "POST /v1/unannounced-parcels",
)


def expected_errors_for_buyers(name: str) -> set[str]:
    """The errors of a route that takes the token of a buyer."""
    reading = {"401", "403", "413", "422", "429", "503"}
    if name.startswith(("POST", "PUT")):
        reading |= {"400", "409", "415"}
    commands = ("/edit", "/retract", "/dispatch", "/accept", "/decline")
    versioned = {"412"} if "/{claim_id}/" in name and name.endswith(commands) else set()
    by_id = {"404"} if "{" in name else set()
    return (reading | versioned | by_id | _MORE_FOR_BUYERS.get(name, set())) - _LESS_FOR_BUYERS.get(name, set())


_MORE_FOR_BUYERS = {
    "DELETE /buyer/v1/sessions/current": {"404", "409"},
    "GET /buyer/v1/options": {"404"},
    "POST /buyer/v1/delivery-dates": {"404"},
    "POST /buyer/v1/claims/{claim_id}/files": {"507"},
}
_LESS_FOR_BUYERS = {
    "POST /buyer/v1/sessions": {"409"},
    "POST /buyer/v1/shops/{merchant_id}/lookups": {"401", "409"},
}
_MORE = {
    "GET /v1/buyers/{buyer_id}/export": {"409"},
    "PUT /v1/orders/{order_id}": {"412"},
    "GET /v1/refunds/{refund_id}/account": {"409"},
    "GET /v1/events": {"410"},
    "POST /v1/claims/{claim_id}/files": {"507"},
    "POST /v1/order-imports": {"507"},
    "GET /v1/order-imports": {"400"},
    "GET /v1/order-imports/{import_id}/rows": {"400"},
    "GET /v1/order-imports/{import_id}/preview": {"409"},
    "PUT /v1/order-imports/{import_id}/matching": {"404"},
}
"""Errors of one route alone."""


def codes_in(document: Document, response: Document) -> list[str]:
    """The codes of an error answer: its schema is that of every problem, with these codes."""
    schema = document["components"]["schemas"][response["content"][PROBLEM]["schema"]["$ref"].rpartition("/")[2]]
    every, own = schema["allOf"]
    assert every == {"$ref": "#/components/schemas/Problem"}
    assert own.keys() == {"type", "properties"}
    assert own["properties"].keys() == {"code"}
    codes: list[str] = own["properties"]["code"]["enum"]
    return codes


def test_every_operation_says_how_it_may_fail(document: Document) -> None:
    for name, operation in operations(document):
        errors = {status for status in operation["responses"] if status >= "400"}
        path = name.partition(" ")[2]
        for_buyers, of_staff = path.startswith("/buyer/"), path.startswith(_ABOUT_STAFF)
        expected = expected_errors_of_staff if of_staff else expected_errors
        assert errors == (expected_errors_for_buyers if for_buyers else expected)(name), name
        for status in errors:
            response = operation["responses"][status]
            assert response["description"], name
            assert response["content"].keys() == {PROBLEM}, name
            codes = codes_in(document, response)
            example = response["content"][PROBLEM]["example"]
            assert example["code"] in codes, name
            problem = Problem.model_validate(example, strict=True)
            assert problem.model_dump(mode="json", exclude_unset=True) == example
            assert (str(problem.status), problem.type) == (status, f"urn:recourse:problem:{problem.code}")


def test_every_answer_of_an_operation_has_the_codes_that_other_tests_hold_it_to(document: Document) -> None:
    described = dict(operations(document))
    for route in ROUTES:
        for status in error_statuses(route):
            response = described[name_of(route)]["responses"][str(status)]
            assert codes_in(document, response) == sorted(codes_of(route, status)), (route.name, status)


def test_the_codes_of_use_cases_are_those_that_their_code_leads_to() -> None:
    assert FILE.read_text("utf-8") == text(), "run `make docs`"


def test_every_code_is_one_of_the_docs_with_its_status(document: Document) -> None:
    in_docs = {(status, code) for status, code, _ in table_of(DOCS / "api.md", "status")}
    in_docs |= {("409", code) for code in (*Code, *ReportCode)}
    of_templates = " ".join(codes for codes, _ in table_of(DOCS / "messages.md", "code of a template"))
    in_docs |= {("422", code) for code in re.findall(r"\w+", of_templates)}
    declared = {
        (status, code)
        for _, operation in operations(document)
        for status, response in operation["responses"].items()
        if status >= "400"
        for code in codes_in(document, response)
    }
    assert declared <= in_docs
    assert in_docs - declared == OF_NO_OPERATION


OF_NO_OPERATION = {
    ("405", "method_not_allowed"),
    ("500", "internal_error"),
    ("404", "invalid_receipt_link"),
    ("429", "too_many_withdrawals"),
    *(("409", code) for code in ("not_overtaken", "not_yet", "overdue_already", "refunds_outstanding")),
}
"""The codes of every path, of pages for people, and of the commands that only the system gives."""


def test_the_codes_of_a_command_are_those_of_its_guards(document: Document) -> None:
    """The search through the guards is only as good as its steps: these are read in the table by hand."""
    assert refusals_of(Release) == {"illegal_transition", "not_on_hold", "nothing_owed"}
    assert refusals_of(Retract) == {"already_reshipped", "goods_already_back", "illegal_transition"}
    assert refusals_of(HoldClaim) == {"already_past", "hold_too_long", "illegal_transition", "on_hold"}
    retract = dict(operations(document))["POST /v1/claims/{claim_id}/retract"]
    assert refusals_of(Retract) <= {*codes_in(document, retract["responses"]["409"])}
