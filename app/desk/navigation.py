"""The navigation of the desk: the pages that a person's role allows, in the order of a day's work."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.records.api_key import Scope
from app.service.callers import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`name` is a word of the table `nav`. Who has the scope sees the section. The letter g and then the letter `key`
    open the section."""

    name: str
    address: str
    scope: Scope
    key: str = ""


SECTIONS = (
    Section(name="queue", address="/desk", scope=Scope.CLAIMS_READ, key="c"),
    Section(name="orders", address="/desk/orders", scope=Scope.ORDERS_READ, key="o"),
    Section(name="receive", address="/desk/receive", scope=Scope.CLAIMS_DECIDE, key="r"),
    Section(name="refunds", address="/desk/refunds", scope=Scope.REFUNDS_READ, key="m"),
    Section(name="approvals", address="/desk/approvals", scope=Scope.CLAIMS_DECIDE, key="a"),
    Section(name="reports", address="/desk/reports", scope=Scope.REPORTS_READ, key="p"),
    Section(name="people", address="/desk/people", scope=Scope.STAFF_READ),
)


def sections_of(caller: Caller) -> Iterator[Section]:
    return (section for section in SECTIONS if caller.may(section.scope))
