"""The answer to a buyer's question: texts of the shop's FAQ, and facts of the order."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from app.buyer.schemas.shop import BuyerShopBody
from app.engine import LineOptions
from app.engine.model.assessment import Verdict
from app.engine.model.vocabulary import Kind, Reason
from app.service.faq_entries import FaqMatch


class BuyerAnswer(BaseModel):
    """An answer that the shop wrote."""

    entry_id: str = Field(description="The shop's id of the entry.")
    question: str = Field(description="The question of the entry.")
    answer: str = Field(description="The shop's answer. Escape the text when you show it as HTML.")


class BuyerFact(BaseModel):
    """What a request for a line would get now."""

    line_id: str = Field(description="The line.")
    kind: Kind = Field(description="The kind of the request.")
    reasons: list[Reason] = Field(description="The reasons with this outcome.")
    possible: bool = Field(description="Whether the buyer may request it now.")
    ends_on: date | None = Field(description="The last local day for the request. Null: no day is set.")
    comes_back: int = Field(description="The money that comes back, in minor units.")
    still_owed: int = Field(description="The money that the buyer will have to pay, in minor units.")


class BuyerAnswers(BaseModel):
    """Answers in the shop's own words, and facts of the order. No text is made up."""

    answers: list[BuyerAnswer] = Field(description="At most three, the best first. Empty if the FAQ has no answer.")
    currency: str = Field(description="ISO 4217, for the facts.")
    facts: list[BuyerFact] = Field(description="The options of the order, for a change of mind and for a defect.")
    shop: BuyerShopBody = Field(description="How to ask the shop, if no answer fits.")


FACTS_OF = (Reason.CHANGE_OF_MIND, Reason.DEFECTIVE)


def answers_body(
    matches: Sequence[FaqMatch], lines: Sequence[LineOptions], currency: str, shop: dict[str, Any]
) -> dict[str, Any]:
    return {
        "answers": [
            {"entry_id": match.entry.entry_id, "question": match.entry.question, "answer": match.entry.answer}
            for match in matches
        ],
        "currency": currency,
        "facts": [fact for line in lines for fact in _facts(line)],
        "shop": shop,
    }


def _facts(line: LineOptions) -> Iterator[dict[str, Any]]:
    for option in line.options:
        for outcome in option.outcomes:
            assessment, amounts = outcome.quote.standing.assessment, outcome.quote.standing.amounts
            yield {
                "line_id": line.line.line_id,
                "kind": option.kind,
                "reasons": list(outcome.reasons),
                "possible": assessment.verdict is not Verdict.INELIGIBLE,
                "ends_on": assessment.window and assessment.window.ends_on,
                "comes_back": amounts.total,
                "still_owed": amounts.buyer_owes,
            }
