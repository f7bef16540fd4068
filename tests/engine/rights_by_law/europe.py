"""The European Union and its countries. A last day of rest moves to the next working day: Regulation 1182/71, 3(4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.model.vocabulary import Nature, Record
from tests.engine.rights import (
    CANCEL,
    EXCHANGE,
    FAULTY,
    GOODS,
    LOST,
    MIND,
    MISSING,
    REFUND,
    REPAIR,
    RETURN,
    SELLERS_FAULT,
    SERVICES,
    SOLD_OUT,
    WRONG,
    Right,
    Situation,
)
from tests.engine.under_law import at

DIGITAL, REGULAR = frozenset({Nature.DIGITAL}), frozenset({Nature.SUBSCRIPTION})
EXCLUDED = frozenset(
    {
        *(Nature.MARKET_PRICED, Nature.CUSTOM_MADE, Nature.PERISHABLE, Nature.INSEPARABLE, Nature.URGENT_REPAIR),
        *(Nature.PUBLICATION, Nature.AUCTION, Nature.DATED_SERVICE),
    }
)
BEFORE_DELIVERY = EXCLUDED - {Nature.INSEPARABLE}
"""What is excluded before the delivery too: goods are mixed after it."""
WITHOUT_REASON = frozenset({Nature.STANDARD, Nature.SECOND_HAND, Nature.VEHICLE})
OF_GOODS = GOODS - EXCLUDED - REGULAR
SERVED = (SERVICES | DIGITAL) - EXCLUDED
NOT_CONFORMING = FAULTY | WRONG
DEFECTS = NOT_CONFORMING | MISSING
UNINFORMED = (Record.INFORMATION_MISSING,)


@dataclass(frozen=True, slots=True, kw_only=True)
class National:
    """The last days of one law. Goods arrive on `arrived`, and their defects are known on `known`.

    `conformity` is the end of the liability for goods, `digital` for digital content, `repaired` after a repair in
    2026, `action` the end of the time to act on a defect that was known in time, and `lost` of goods that never came.
    """

    law: str
    arrived: str = "2026-06-10"
    conformity: str = "2028-06-12"
    digital: str = "2028-06-12"
    repaired: str = "2029-06-11"
    lost: str = "2028-06-05"
    known: str = "2028-05-23"
    action: str | None = None
    digital_action: str | None = None
    services_not_supplied: bool = False

    def situations(self) -> Mapping[str, Situation]:
        return {
            **self._withdrawals(),
            "a second year": self._second_step(),
            "a replacement": self._second_step(opened=True, of_line={"replaces": "0"}),
            "repaired": self._repaired(),
            **{
                record.value: self._second_step(opened=True, records=(record,))
                for record in (Record.CURE_REFUSED, Record.CURE_LATE, Record.SERIOUS_DEFECT)
            },
            **self._after_the_liability(),
        }

    def _conformity(self) -> tuple[Right, ...]:
        return (
            Right("SGD 10(1), 13(2): repair or replacement", (EXCHANGE, REPAIR), DEFECTS, GOODS, self.conformity),
            Right("CRD 18(3): what is missing", (REFUND,), MISSING, GOODS, self.conformity),
            Right("CRD 18, 20: lost goods, from the sending", (EXCHANGE, REFUND), LOST, GOODS, self.lost),
            Right("DCD 11(2), 14(2)", (EXCHANGE, REPAIR), DEFECTS, DIGITAL, self.digital),
        )

    def _withdrawals(self) -> Mapping[str, Situation]:
        return {
            "delivered on a Saturday": Situation(
                "2026-06-12",
                (
                    Right("CRD 9(2)(b)(i): to Monday", (RETURN,), MIND, OF_GOODS, "2026-06-22"),
                    Right("CRD 9(1): no reason is needed", (RETURN,), SELLERS_FAULT, WITHOUT_REASON, "2026-06-22"),
                    Right("CRD 9(2)(b)(iii)", (RETURN,), MIND | SELLERS_FAULT, REGULAR, "2026-06-22"),
                    Right("CRD 9(2)(a), (c): from the contract", (RETURN,), MIND, SERVED, "2026-06-15"),
                    *self._fresh_conformity(),
                ),
                {"arrived": "2026-06-06"},
            ),
            "a regular delivery that went on": Situation(
                "2026-06-18",
                (
                    Right("CRD 9(2)(b)(i): to Monday", (RETURN,), MIND, OF_GOODS, "2026-06-22"),
                    Right("CRD 9(1)", (RETURN,), SELLERS_FAULT, WITHOUT_REASON, "2026-06-22"),
                    Right("CRD 9(2)(b)(iii): the first", (RETURN,), MIND | SELLERS_FAULT, REGULAR, "2026-06-18"),
                    *self._fresh_conformity(),
                ),
                {"arrived": "2026-06-06", "of_line": {"first_delivered_at": at(self.law, "2026-06-04")}},
            ),
            "not sent": self._not_sent("CRD 9(2)(a), (c)", "2026-06-15", ()),
            "not sent, and not informed": self._not_sent("CRD 10(1)", "2027-06-15", UNINFORMED),
            "not informed": self._uninformed("2027-06-22", "2027-06-22", "2027-06-15"),
            "not informed, and a regular delivery": self._uninformed(
                "2027-06-22", "2027-06-18", None, of_line={"first_delivered_at": at(self.law, "2026-06-04")}
            ),
            "informed on a Saturday": self._uninformed(
                *("2026-07-20", "2026-07-20", "2026-07-20"), informed_at=at(self.law, "2026-07-04")
            ),
        }

    def _fresh_conformity(self) -> tuple[Right, ...]:
        """Delivered on 6 June. Only its scope is of interest here."""
        return tuple(Right(row.article, row.kinds, row.reasons, row.natures, None) for row in self._conformity())

    def _not_sent(self, article: str, services: str, records: tuple[Record, ...]) -> Situation:
        rest = (Right("FR L216-6", (CANCEL,), SOLD_OUT, SERVICES, None),) if self.services_not_supplied else ()
        return Situation(
            "2026-06-10",
            (
                Right("CRD 9(1)", (CANCEL,), MIND, GOODS - BEFORE_DELIVERY, None),
                Right("CRD 18(2)", (CANCEL,), SELLERS_FAULT, GOODS, None),
                Right(article, (CANCEL,), MIND, SERVED, services),
                Right("DCD 13(2)(a)", (CANCEL,), SOLD_OUT, DIGITAL, None),
                *rest,
            ),
            {"arrived": None, "records": records},
        )

    def _uninformed(self, goods: str, regular: str, services: str | None, **facts: Any) -> Situation:
        """After the fourteen days, and before the end of what they became."""
        of_services = (Right("CRD 10: of the contract", (RETURN,), MIND, SERVED, services),) if services else ()
        return Situation(
            "2026-07-15" if "informed_at" in facts else "2027-06-11" if services else "2027-06-17",
            (
                Right("CRD 10(1): from the Monday on which the fourteen days end", (RETURN,), MIND, OF_GOODS, goods),
                Right("CRD 10: regular deliveries", (RETURN,), MIND, REGULAR, regular),
                *of_services,
                *self._fresh_conformity(),
            ),
            {"arrived": "2026-06-06", "records": UNINFORMED, **facts},
        )

    def _second_step(self, *, opened: bool = False, **facts: Any) -> Situation:
        return Situation(
            "2027-07-01",
            (*(self._opened(self.conformity, self.digital) if opened else ()), *self._conformity()),
            {"arrived": self.arrived, **facts},
        )

    def _opened(self, goods: str, digital: str) -> tuple[Right, ...]:
        return (
            Right("SGD 13(4), (5), 16", (RETURN,), DEFECTS, GOODS, goods),
            Right("SGD 13(4), 15", (REFUND,), NOT_CONFORMING, GOODS, goods),
            Right("DCD 14(4)-(6), 16", (RETURN, REFUND), DEFECTS, DIGITAL, digital),
        )

    def _repaired(self) -> Situation:
        wrong_or_missing = WRONG | MISSING
        return Situation(
            "2027-07-01",
            (
                Right("SGD 10(2a)", (EXCHANGE, REPAIR, RETURN, REFUND), FAULTY, GOODS, self.repaired),
                Right("SGD 13(2)", (EXCHANGE, REPAIR), wrong_or_missing, GOODS, self.conformity),
                Right("SGD 13(4)", (RETURN,), wrong_or_missing, GOODS, self.conformity),
                Right("SGD 13(4), CRD 18(3)", (REFUND,), wrong_or_missing, GOODS, self.conformity),
                Right("CRD 18, 20", (EXCHANGE, REFUND), LOST, GOODS, self.lost),
                Right("DCD 14", (EXCHANGE, REPAIR, RETURN, REFUND), DEFECTS, DIGITAL, self.digital),
            ),
            {"arrived": self.arrived, "of_line": {"repairs": 1, "repaired_at": at(self.law, "2026-12-01")}},
        )

    def _after_the_liability(self) -> Mapping[str, Situation]:
        if self.action is None:
            return {}
        rows = [Right("national: the time to act", (EXCHANGE, REPAIR), DEFECTS, GOODS, self.action)]
        opened = [
            Right("national: the time to act", (RETURN,), DEFECTS, GOODS, self.action),
            Right("national: the time to act", (REFUND,), NOT_CONFORMING, GOODS, self.action),
        ]
        if self.digital_action:
            rows.append(Right("national: the time to act", (EXCHANGE, REPAIR), DEFECTS, DIGITAL, self.digital_action))
            opened.append(Right("national: the time to act", (RETURN, REFUND), DEFECTS, DIGITAL, self.digital_action))
        day = at(self.law, self.conformity).date()
        after = f"{day.year}-07-03"
        if self.lost > after:
            rows.append(Right("national: lost goods", (EXCHANGE, REFUND), LOST, GOODS, self.lost))
        facts = {"arrived": self.arrived}
        refused = {**facts, "records": (Record.CURE_REFUSED,)}
        return {
            "known in time": Situation(after, tuple(rows), facts, self.known),
            "known in time, after a refusal": Situation(after, (*rows, *opened), refused, self.known),
        }


COUNTRIES = (
    National(law="eu", lost="2028-06-06"),
    National(law="de", action="2028-09-25", digital_action="2028-09-25", lost="2029-06-04"),
    National(
        law="fr",
        known="2028-05-21",
        action="2033-05-23",
        digital_action="2033-05-23",
        lost="2031-06-03",
        services_not_supplied=True,
    ),
    National(
        law="es",
        conformity="2029-06-11",
        repaired="2029-06-11",
        lost="2029-06-04",
        known="2028-05-20",
        action="2033-05-20",
        digital_action="2033-05-20",
    ),
    National(
        law="it",
        arrived="2026-06-12",
        conformity="2028-06-12",
        digital="2028-06-12",
        repaired="2029-06-12",
        action="2028-08-14",
    ),
)
SITUATIONS = {country.law: country.situations() for country in COUNTRIES}
