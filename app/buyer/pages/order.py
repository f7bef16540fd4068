"""The page of an order: its goods, what the buyer may request for each line, and the claims."""

from collections.abc import Iterator
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from app.api.language import language as language_of_sentences
from app.api.options import options_body
from app.api.schemas.options import OrderOptionsBody
from app.api.serializers import order_body
from app.buyer.answers import claim_for_buyer
from app.buyer.claims import MOST_CLAIMS
from app.buyer.pages.html import page
from app.buyer.pages.route import PageRoute
from app.buyer.pages.visit import OnPage, Visit
from app.buyer.schemas.shop import shop_for_buyer
from app.buyer.shapes import body_for_buyer
from app.engine.model.vocabulary import Reason
from app.pages.texts import Writer
from app.records.claim import ClaimFilter
from app.records.faq_entry import FaqEntry
from app.records.sorting import PageQuery, Sort
from app.service import claims, faq_entries, orders
from app.service.options import OrderOptions, read_options
from app.service.public_pages import link_to_withdrawal
from app.service.resources.order import OrderBody
from app.service.transactions import Tx
from app.service.visits import Surroundings, surroundings

router = APIRouter(prefix="/order", route_class=PageRoute, include_in_schema=False)

SHOWN_REASONS = (Reason.CHANGE_OF_MIND, Reason.DEFECTIVE, Reason.LOST_IN_DELIVERY)
"""One reason of each side, and the one that goods cannot show: they stand for all reasons in the overview."""


@router.get("")
async def show_order(seen: OnPage, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """With a question, the shop's answers to it stand above what the buyer may request now."""
    question, written_in = " ".join(q.split()), language_of_sentences.get()

    async def read(tx: Tx) -> tuple[Surroundings, Any, OrderOptions, Any, list[FaqEntry]]:
        around = await surroundings(tx, seen.caller, seen.order_id, seen.now)
        view = await orders.read(tx, seen.caller, seen.order_id)
        found = await read_options(tx, seen.caller, seen.order_id, seen.buyer, seen.now, reasons=SHOWN_REASONS)
        query = PageQuery(sort=Sort.LAST_CREATED, limit=MOST_CLAIMS)
        all_claims = await claims.page(tx, seen.caller, query, ClaimFilter(order_id=seen.order_id), seen.now)
        entries = await faq_entries.list_entries(tx, seen.caller, written_in) if question else []
        return around, view, found, all_claims.rows, entries

    around, view, found, views, entries = await seen.read(read)
    matches = await faq_entries.find(entries, written_in, question) if question else []
    options = body_for_buyer(OrderOptionsBody, options_body(found))
    order = body_for_buyer(OrderBody, order_body(view))
    writer = writer_for(seen, around.zone, order["currency"])
    lines = {line["line_id"]: line for line in order["lines"]}
    return page(
        "order.html",
        seen.language,
        **beside(seen, around),
        w=writer,
        order=order,
        claims=[claim_for_buyer(each) for each in views],
        titles={line_id: line["title"] or line["sku"] or line_id for line_id, line in lines.items()},
        q=question,
        answers=[match.entry for match in matches],
        withdrawal=link_to_withdrawal(seen.caller.merchant_id, around.law_of),
        lines=[_told_apart(line, lines[line["line_id"]], writer) for line in options["lines"]],
    )


def writer_for(seen: Visit, zone: ZoneInfo, currency: str) -> Writer:
    return Writer(language=seen.language, zone=zone, currency=currency, now=seen.now)


def beside(seen: Visit, around: Surroundings) -> dict[str, Any]:
    """What every page of a session shows."""
    return {
        "theme": around.shop.profile.theme,
        "mode": around.shop.mode,
        "shop": shop_for_buyer(around.shop, around.order, language_of_sentences.get()),
        "order_id": seen.order_id,
        "form_word": seen.form_word,
    }


def _told_apart(
    options: dict[str, Any], line: dict[str, Any], writer: Writer
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """The line, the kinds that the buyer may request now, each with its outcomes, and the others with their reasons."""
    possible, others = [], []
    for option in options["options"]:
        outcomes = list(_outcomes(option, line, writer))
        if outcomes:
            possible.append({"kind": option["kind"], "outcomes": outcomes})
        else:
            others.append({"kind": option["kind"], "why": list(_against(option, writer))})
    return line, possible, others


def _outcomes(option: dict[str, Any], line: dict[str, Any], writer: Writer) -> Iterator[dict[str, Any]]:
    """What the buyer would get. Goods that have arrived are not lost."""
    is_here = line["delivered"] == line["quantity"]
    for outcome in option["outcomes"]:
        assessment = outcome["assessment"]
        reasons = [reason for reason in outcome["reasons"] if not (is_here and reason == Reason.LOST_IN_DELIVERY)]
        if assessment["verdict"] == "ineligible" or not reasons:
            continue
        closes_at = assessment["window"] and assessment["window"]["closes_at"]
        yield {
            "reasons": [writer.label("reason", reason) for reason in reasons],
            "is_review": assessment["verdict"] == "review",
            "until": closes_at and writer.last_day_of(closes_at),
            "back": outcome["amounts"]["total"],
            "owed": outcome["still_owed"],
        }


def _against(option: dict[str, Any], writer: Writer) -> Iterator[tuple[str, str]]:
    """Each sentence against the kind once, with its articles of law."""
    written: dict[str, str] = {}
    for refusal in option["refusals"]:
        written.setdefault(refusal["detail"], writer.article(refusal["citation"]))
    for outcome in option["outcomes"]:
        for ground in outcome["grounds"]:
            written.setdefault(writer.word("ground", ground["ground"]), writer.article(ground["citation"]))
    yield from written.items()
