"""The routes of a shop's FAQ: its entries, their versions, and the search for an answer."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from app.api.context import IdempotencyKey, ReadsMessages, WritesMessages
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.common import Name, Word
from app.api.schemas.faq_entries import FaqEntry as FaqEntryBody
from app.api.schemas.faq_entries import FaqEntryHistory, FaqEntryList, FaqMatchList, PutFaqEntryRequest
from app.api.schemas.policies import Language
from app.json_text import dump
from app.records.faq_entry import FaqEntry
from app.service import faq_entries
from app.service.faq_entries import FaqMatch
from app.service.idempotency import Answer

router = APIRouter(prefix="/v1/faq-entries", tags=["messages"], responses=responses(401, 403, 413, 422, 429, 503))

EntryInPath = Annotated[Word, Path(description="The id of the entry.")]
LanguageInPath = Annotated[Language, Path(description="The language of the entry.")]
LanguageInQuery = Annotated[Language | None, Query(description="Only entries in this language.")]


def entry_body(entry: FaqEntry) -> dict[str, Any]:
    return {
        "entry_id": entry.entry_id,
        "language": entry.language,
        "version": entry.version,
        "question": entry.question,
        "phrasings": entry.phrasings,
        "answer": entry.answer,
        "written_by": entry.written_by,
        "created_at": entry.created_at,
    }


def match_body(match: FaqMatch) -> dict[str, Any]:
    return {"entry": entry_body(match.entry), "closeness": round(match.closeness, 3)}


@router.get("", summary="List FAQ entries", response_model=FaqEntryList, responses=ok("faq_entries"))
async def list_faq_entries(ctx: ReadsMessages, language: LanguageInQuery = None) -> Response:
    """Return the entries in force."""
    entries = await ctx.read(lambda tx: faq_entries.list_entries(tx, ctx.caller, language))
    return _json({"data": [entry_body(entry) for entry in entries]})


@router.get("/search", summary="Find answers", response_model=FaqMatchList, responses=ok("faq_matches"))
async def search_faq_entries(
    ctx: ReadsMessages,
    q: Annotated[Name, Query(description="The buyer's question, in the buyer's words.")],
    language: Annotated[Language, Query(description="The language of the question.")],
) -> Response:
    """Return the entries that answer a question. The search compares meanings: different words and endings of Korean,
    Japanese and English count as the same. It returns texts of the shop only, and nothing if no entry fits."""
    entries = await ctx.read(lambda tx: faq_entries.list_entries(tx, ctx.caller, language))
    matches = await faq_entries.find(entries, language, q)
    return _json({"data": [match_body(match) for match in matches]})


@router.get(
    "/{language}/{entry_id}",
    summary="List the versions of an FAQ entry",
    response_model=FaqEntryHistory,
    responses={**ok("faq_entry_versions"), **responses(404)},
)
async def list_faq_entry_versions(language: LanguageInPath, entry_id: EntryInPath, ctx: ReadsMessages) -> Response:
    """Return every version, with who wrote it. The first one is in force if it has an answer."""
    versions = await ctx.read(lambda tx: faq_entries.versions(tx, ctx.caller, language, entry_id))
    return _json({"data": [entry_body(version) for version in versions]})


@router.post(
    "",
    status_code=201,
    summary="Write an FAQ entry",
    response_model=FaqEntryBody,
    responses={**ok("faq_entry", 201), **responses(400, 409, 415)},
)
async def put_faq_entry(body: PutFaqEntryRequest, ctx: WritesMessages, key: IdempotencyKey) -> Response:
    """Store the first or the next version of an entry. The version is in force at once. A shop has at most 500 entries
    in one language."""
    location = f"/v1/faq-entries/{body.language}/{body.entry_id}"
    return await ctx.once(
        key,
        lambda tx: faq_entries.put(tx, ctx.caller, body.entry(), ctx.now),
        lambda entry: Answer(status=201, body=dump(entry_body(entry)), headers={"Location": location}),
    )


@router.delete(
    "/{language}/{entry_id}",
    summary="Remove an FAQ entry",
    response_model=FaqEntryBody,
    responses={**ok("faq_entry"), **responses(404, 409)},
)
async def delete_faq_entry(language: LanguageInPath, entry_id: EntryInPath, ctx: WritesMessages) -> Response:
    """Take an entry out of force. Its versions stay on record. The answer is the version that was in force."""
    return await ctx.write(
        lambda tx: faq_entries.remove(tx, ctx.caller, language, entry_id, ctx.now),
        lambda entry: Answer(status=200, body=dump(entry_body(entry))),
    )


def _json(body: dict[str, Any]) -> Response:
    return Response(dump(body), media_type="application/json")
